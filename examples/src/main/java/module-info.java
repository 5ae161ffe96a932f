/** Programs to read and run; the Java here is only their tests. */
module dev.nnlang.examples {
  requires dev.nnlang.compiler;
  requires dev.nnlang.runtime;
}
