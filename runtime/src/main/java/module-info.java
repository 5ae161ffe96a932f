/** All that a compiled network needs: no dependency beyond the JDK. */
@SuppressWarnings("incubating")
module dev.nnlang.runtime {
  requires jdk.incubator.vector;
}
