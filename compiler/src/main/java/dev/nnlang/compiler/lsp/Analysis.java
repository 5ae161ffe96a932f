package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Inspection;
import dev.nnlang.compiler.diagnostic.Problem;
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
 */
record Analysis(
    Document document,
    Compilation compilation,
    Inspection inspection,
    Names names,
    LastGood earlier) {

  /** The first of a document. */
  static Analysis of(Document document, Compilation compilation) {
    return of(document, compilation, Known.NOTHING, LastGood.NONE);
  }

  /** The next of a document that is being edited. */
  Analysis next(Document edited, Compilation ofEdited) {
    return of(edited, ofEdited, inspection.known(), earlier);
  }

  private static Analysis of(
      Document document, Compilation compilation, Known known, LastGood before) {
    var inspection = compilation.inspect(known);
    var tree = inspection.workspace().files().getFirst();
    var names = Names.of(tree, inspection.workspace());
    var analysis = new Analysis(document, compilation, inspection, names, before);
    return new Analysis(document, compilation, inspection, names, before.with(analysis));
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

  /** The tensor that a name stands for, where this version gives it a type. */
  Optional<Typed.Variable> variable(Meaning meaning) {
    return findings().variable(meaning.at());
  }

  /** The type of a name, of this version or else of the last that knew it. */
  Optional<Typed.Type> type(Meaning meaning) {
    return variable(meaning)
        .map(Typed.Variable::type)
        .or(() -> LastGood.key(this, meaning).flatMap(earlier::type));
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

  /** The declaration around an offset. */
  Optional<Ast.Declaration> declarationAt(int offset) {
    return tree().declarations().stream()
        .filter(d -> d.span().start() <= offset && offset <= d.span().end())
        .findFirst();
  }
}
