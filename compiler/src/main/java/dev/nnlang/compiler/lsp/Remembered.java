package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.picture.Costs;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers about the declarations of a document that outlive edits elsewhere. A declaration that an
 * edit has left alone was not looked at again (see {@code Findings.isThere}): to ask findings about
 * it would check it and its neighbours, at every key stroke all that outlines and lenses show.
 *
 * <p>Places are counted from the beginning of the declaration, which may have moved.
 */
final class Remembered {
  static final Remembered NOTHING = new Remembered();

  /** Of one declaration, as it is written now. */
  private static final class Part {
    private final Map<Integer, Typed.Type> types = new HashMap<>();
    private final Map<InlayHints.Wanted, List<InlayHints.Found>> hints = new HashMap<>();
    private Optional<Costs> costs;
  }

  private final Map<Ast.Declaration, Part> parts = new IdentityHashMap<>();
  private final Map<String, Part> named = new HashMap<>();

  private Remembered() {}

  /** For the next version: what was not looked at is as it was. */
  static Remembered after(Remembered before, Analysis now) {
    var all = new Remembered();
    for (var declaration : now.tree().declarations()) {
      var name = LastGood.name(declaration);
      if (name.isEmpty()) {
        continue;
      }
      var known = before.named.get(name.get());
      boolean isUntouched = known != null && !now.findings().isThere(declaration.span());
      var part = isUntouched ? known : new Part();
      all.parts.put(declaration, part);
      all.named.putIfAbsent(name.get(), part);
    }
    for (var occurrence : now.names().occurrences()) {
      var meaning = occurrence.meaning();
      if (occurrence.declares()
          && meaning.sort().isTensor()
          && now.isHere(meaning.at())
          && now.findings().isThere(meaning.at())) {
        all.at(now, meaning.at())
            .ifPresent(
                place ->
                    now.findings()
                        .variable(meaning.at())
                        .ifPresent(v -> place.part().types.put(place.offset(), v.type())));
      }
    }
    return all;
  }

  private record Place(Part part, int offset) {}

  private Optional<Place> at(Analysis analysis, Span span) {
    return analysis
        .declarationAt(span.start())
        .filter(parts::containsKey)
        .map(d -> new Place(parts.get(d), span.start() - d.span().start()));
  }

  /** The type of the tensor that is declared at a place of this document. */
  Optional<Typed.Type> type(Analysis analysis, Span at) {
    var place = at(analysis, at);
    return place.isPresent()
        ? Optional.ofNullable(place.get().part().types.get(place.get().offset()))
        : analysis.findings().variable(at).map(Typed.Variable::type);
  }

  /** What a declaration costs; worked out once. */
  Optional<Costs> costs(Ast.Declaration declaration, Supplier<Optional<Costs>> work) {
    var part = parts.get(declaration);
    if (part == null) {
      return work.get();
    }
    if (part.costs == null) {
      part.costs = work.get();
    }
    return part.costs;
  }

  /** Its hints; worked out once. */
  List<InlayHints.Found> hints(
      Ast.Declaration declaration,
      InlayHints.Wanted wanted,
      Supplier<List<InlayHints.Found>> work) {
    var part = parts.get(declaration);
    if (part == null) {
      return work.get();
    }
    var known = part.hints.get(wanted);
    if (known == null) {
      known = List.copyOf(work.get());
      part.hints.put(wanted, known);
    }
    return known;
  }
}
