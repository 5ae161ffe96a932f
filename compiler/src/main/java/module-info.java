/** From text to bytecode, and the command line. */
@SuppressWarnings("incubating")
module dev.nnlang.compiler {
  requires dev.nnlang.grammar;
  requires dev.nnlang.runtime;
  requires dev.nnlang.stdlib;
  requires info.picocli;
  requires java.net.http;
  requires jdk.incubator.vector;
  requires org.objectweb.asm;

  opens dev.nnlang.compiler.cli to
      info.picocli;
}
