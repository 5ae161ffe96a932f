/** From text to bytecode, and the command line. */
@SuppressWarnings("incubating")
module dev.nnlang.compiler {
  requires dev.nnlang.grammar;
  requires dev.nnlang.runtime;
  requires dev.nnlang.stdlib;
  requires com.google.gson;
  requires info.picocli;
  requires java.logging;
  requires java.net.http;
  requires org.eclipse.lsp4j;
  requires org.eclipse.lsp4j.jsonrpc;
  requires org.objectweb.asm;

  opens dev.nnlang.compiler.cli to
      info.picocli;
  // Its services are found by their annotations, its messages written field by field.
  opens dev.nnlang.compiler.lsp to
      com.google.gson,
      org.eclipse.lsp4j.jsonrpc;
}
