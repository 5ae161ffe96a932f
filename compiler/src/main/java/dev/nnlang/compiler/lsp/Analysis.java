package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Inspection;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.picture.Costs;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.bodies.Findings;
import dev.nnlang.compiler.semantics.check.Known;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of one version of a document.
 *
 * @param earlier types from the last version in which they were known, by declaration and name: an
 *     equation that is being typed keeps its shape in hovers and completion
 * @param remembered answers of earlier versions that this one has not changed
 */
record Analysis(
    Document document,
    Compilation compilation,
    Inspection inspection,
    Names names,
    LastGood earlier,
    Remembered remembered) {

  /** The first of a document. */
  static Analysis of(Document document, Compilation compilation) {
    return of(document, compilation, Known.NOTHING, LastGood.NONE, Remembered.NOTHING);
  }

  /** The next of a document that is being edited. */
  Analysis next(Document edited, Compilation ofEdited) {
    return of(edited, ofEdited, inspection.known(), earlier, remembered);
  }

  private static Analysis of(
      Document document,
      Compilation compilation,
      Known known,
      LastGood earlier,
      Remembered remembered) {
    var inspection = compilation.inspect(known);
    var tree = inspection.workspace().files().getFirst();
    var names = Names.of(tree, inspection.workspace());
    var found = new Analysis(document, compilation, inspection, names, earlier, remembered);
    var now =
        new Analysis(
            document, compilation, inspection, names, earlier, Remembered.after(remembered, found));
    return new Analysis(
        document, compilation, inspection, names, earlier.with(now), now.remembered());
  }

  Ast.File tree() {
    return inspection.workspace().files().getFirst();
  }

  Workspace workspace() {
    return inspection.workspace();
  }

  Findings findings() {
    return inspection.findings();
  }

  List<Problem> problems() {
    return inspection.problems();
  }

  Positions positions() {
    return document.positions();
  }

  /** The type of the tensor that a name stands for, where this version gives it one. */
  Optional<Typed.Type> typeNow(Meaning meaning) {
    return isHere(meaning.at())
        ? remembered.type(this, meaning.at())
        : findings().variable(meaning.at()).map(Typed.Variable::type);
  }

  /** The type of a name, of this version or else of the last that knew it. */
  Optional<Typed.Type> type(Meaning meaning) {
    return typeNow(meaning).or(() -> LastGood.key(this, meaning).flatMap(earlier::type));
  }

  /** What a declaration costs; empty where it has errors. */
  Optional<Costs> costs(Ast.Declaration declaration) {
    return remembered.costs(declaration, () -> findings().body(declaration).map(Costs::of));
  }

  /** The name at an offset; where the text around it has no tree, what its letters mean there. */
  Optional<Names.Occurrence> nameAt(int offset) {
    return names
        .at(offset)
        .or(
            () ->
                Words.at(document.file(), offset)
                    .flatMap(
                        word ->
                            Optional.ofNullable(names.visible(offset).get(word.text()))
                                .or(
                                    () ->
                                        workspace().find(tree(), word.text()).map(Lookup::meaning))
                                .map(m -> new Names.Occurrence(word, m, false))));
  }

  /** Whether a span lies in this document and not in a file that it uses. */
  boolean isHere(Span span) {
    return span.file() == document.file();
  }

  /** The declaration around an offset; at a seam of two the first. */
  Optional<Ast.Declaration> declarationAt(int offset) {
    var all = tree().declarations();
    int low = 0;
    int high = all.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (all.get(middle).span().end() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < all.size() && all.get(low).span().start() <= offset
        ? Optional.of(all.get(low))
        : Optional.empty();
  }
}
