package dev.nnlang.compiler;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.stdlib.StandardLibrary;
import java.util.List;

/** The standard library, parsed once a process: trees are immutable and may be shared. */
final class Library {
  private static final class Parsed {
    static final List<Ast.File> FILES =
        StandardLibrary.files().stream()
            .map(file -> Parser.parse(new SourceFile(file.name(), file.text())).value())
            .toList();
  }

  private Library() {}

  static List<Ast.File> files() {
    return Parsed.FILES;
  }
}
