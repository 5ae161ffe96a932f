/** All that a compiled network needs: no dependency beyond the JDK. */
@SuppressWarnings("incubating")
module dev.nnlang.runtime {
  requires jdk.incubator.vector;

  exports dev.nnlang.runtime.cpu;
  exports dev.nnlang.runtime.data;
  exports dev.nnlang.runtime.file;
  exports dev.nnlang.runtime.gpu;
  exports dev.nnlang.runtime.math;
  exports dev.nnlang.runtime.model;
  exports dev.nnlang.runtime.problem;
  exports dev.nnlang.runtime.program;
  exports dev.nnlang.runtime.random;
  exports dev.nnlang.runtime.tensor;
  exports dev.nnlang.runtime.train;

  uses dev.nnlang.runtime.data.DataFormat;
}
