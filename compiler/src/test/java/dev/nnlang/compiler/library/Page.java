package dev.nnlang.compiler.library;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.stdlib.StandardLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What stands above one declaration of the library: its text, and its example, which is the lines
 * indented by four blanks.
 */
record Page(String file, Ast.Function declaration) {
  /** Every declaration that may be called, in the order of the files. */
  static List<Page> all() {
    var pages = new ArrayList<Page>();
    for (var file : StandardLibrary.files()) {
      var parsed = Parser.parse(new SourceFile(file.name(), file.text())).value();
      for (var declaration : parsed.declarations()) {
        if (declaration instanceof Ast.Function f) {
          pages.add(new Page(file.name(), f));
        }
      }
    }
    return pages;
  }

  String name() {
    return declaration.name().text();
  }

  private String text() {
    return declaration.doc().map(Ast.Doc::text).orElse("");
  }

  /** The program that the page shows; blank where it shows none. */
  String example() {
    return text()
        .lines()
        .filter(line -> line.startsWith("    ") || line.isBlank())
        .map(line -> line.isBlank() ? "" : line.substring(4))
        .collect(Collectors.joining("\n", "", "\n"))
        .strip();
  }
}
