package dev.nnlang.compiler.library;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.DocText;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.stdlib.StandardLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What stands above one declaration of the library: its text, and its example, which is the lines
 * indented by four blanks.
 */
record Page(String file, Ast.Declaration declaration, String name, Optional<Ast.Doc> doc) {
  /** Every declaration, in the order of the files. */
  static List<Page> all() {
    return StandardLibrary.files().stream()
        .flatMap(file -> of(new SourceFile(file.name(), file.text())).stream())
        .toList();
  }

  /** Every declaration of a file. */
  static List<Page> of(SourceFile file) {
    var pages = new ArrayList<Page>();
    for (var declaration : Parser.parse(file).value().declarations()) {
      switch (declaration) {
        case Ast.Function f -> pages.add(page(file, f, f.name(), f.doc()));
        case Ast.DimDef d -> pages.add(page(file, d, d.name(), d.doc()));
        case Ast.EnumDim d -> pages.add(page(file, d, d.name(), d.doc()));
        case Ast.ConstDef c -> pages.add(page(file, c, c.name(), c.doc()));
        case Ast.Data d -> pages.add(page(file, d, d.name(), d.doc()));
        case Ast.Train t -> pages.add(page(file, t, t.name(), t.doc()));
        case Ast.Use _, Ast.Missing _ -> {}
      }
    }
    return pages;
  }

  private static Page page(
      SourceFile file, Ast.Declaration declaration, Ast.Name name, Optional<Ast.Doc> doc) {
    return new Page(file.name(), declaration, name.text(), doc);
  }

  /** The declaration where it may be called. */
  Optional<Ast.Function> function() {
    return declaration instanceof Ast.Function f ? Optional.of(f) : Optional.empty();
  }

  DocText text() {
    return DocText.of(doc.map(Ast.Doc::text).orElse(""));
  }

  /** The program that the page shows; blank where it shows none. */
  String example() {
    return text().parts().stream()
        .filter(DocText.Program.class::isInstance)
        .map(part -> ((DocText.Program) part).text())
        .collect(Collectors.joining("\n\n"));
  }
}
