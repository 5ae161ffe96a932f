package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One declaration as people read it.
 *
 * @param signature all up to the body, on one line
 * @param source the whole of it, as written
 */
record DocEntry(
    SourceFile file,
    Ast.Declaration declaration,
    String name,
    String signature,
    Optional<String> doc,
    String source) {

  /** Everything that a file declares, in its order. */
  static List<DocEntry> of(SourceFile file) {
    var entries = new ArrayList<DocEntry>();
    for (var d : Parser.parse(file).value().declarations()) {
      switch (d) {
        case Ast.Function f -> entries.add(entry(file, f, f.name(), f.doc(), bodyOf(f)));
        case Ast.Data data ->
            entries.add(entry(file, d, data.name(), data.doc(), data.body().span().start()));
        case Ast.Train t -> entries.add(entry(file, t, t.name(), t.doc(), t.data().span().end()));
        case Ast.DimDef dim -> entries.add(entry(file, d, dim.name(), dim.doc(), d.span().end()));
        case Ast.EnumDim dim -> entries.add(entry(file, d, dim.name(), dim.doc(), d.span().end()));
        case Ast.ConstDef c -> entries.add(entry(file, c, c.name(), c.doc(), c.span().end()));
        case Ast.Use _, Ast.Missing _ -> {}
      }
    }
    return entries;
  }

  private static int bodyOf(Ast.Function f) {
    return switch (f.body()) {
      case Ast.Block block -> block.span().start();
      case Ast.Single single -> single.value().span().end();
    };
  }

  private static DocEntry entry(
      SourceFile file,
      Ast.Declaration declaration,
      Ast.Name name,
      Optional<Ast.Doc> doc,
      int headEnd) {
    Span span = declaration.span();
    int start = doc.map(d -> Math.max(d.span().end(), span.start())).orElse(span.start());
    var head = file.text().substring(start, Math.max(headEnd, start));
    var whole = file.text().substring(start, Math.max(span.end(), start)).strip();
    var signature = head.replaceAll("\\s+", " ").strip();
    return new DocEntry(file, declaration, name.text(), signature, doc.map(Ast.Doc::text), whole);
  }
}
