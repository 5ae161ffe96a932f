package dev.nnlang.compiler;

import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;

/** Where the compiler is entered. It reads no files and prints nothing. */
public final class Compiler {
  private Compiler() {}

  /**
   * A program, parsed, with what it uses.
   *
   * @param sources how {@code use} finds other files
   */
  public static Compilation open(SourceFile file, Sources sources) {
    return new Compilation(file, sources);
  }
}
