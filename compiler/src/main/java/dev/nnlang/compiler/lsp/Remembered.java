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
 * it would check it, at every key stroke all that outlines and lenses show. What is remembered
 * belongs to what the declaration stands on ({@code Known.standing}), not to its name, so it is
 * there again when an edit is taken back.
 *
 * <p>Places are counted from the beginning of the declaration, which may have moved.
 */
final class Remembered {
  static final Remembered NOTHING = new Remembered();

  /** Of one declaration. */
  private static final class Part {
    /** Absent as long as nobody has looked at the declaration. */
    private Optional<Map<Integer, Typed.Type>> types = Optional.empty();

    private final Map<InlayHints.Wanted, List<InlayHints.Found>> hints = new HashMap<>();
    private Optional<Costs> costs;
  }

  private final Map<Ast.Declaration, Part> parts = new IdentityHashMap<>();
  private final Map<Object, Part> standing = new IdentityHashMap<>();

  private Remembered() {}

  /** For the next version: what was not looked at is as it was. */
  static Remembered after(Remembered before, Analysis now) {
    var known = now.inspection().known();
    var all = new Remembered();
    all.standing.putAll(before.standing);
    all.standing.keySet().retainAll(known.standings());
    for (var declaration : now.tree().declarations()) {
      var part =
          known
              .standing(declaration)
              .map(s -> all.standing.computeIfAbsent(s, _ -> new Part()))
              .orElseGet(Part::new);
      all.parts.put(declaration, part);
      if (part.types.isEmpty() && now.findings().isThere(declaration.span())) {
        part.types = Optional.of(new HashMap<>());
      }
    }
    for (var occurrence : now.names().occurrences()) {
      var meaning = occurrence.meaning();
      if (occurrence.declares()
          && meaning.sort().isTensor()
          && now.isHere(meaning.at())
          && now.findings().isThere(meaning.at())) {
        all.at(now, meaning.at())
            .filter(place -> place.part().types.isPresent())
            .ifPresent(
                place ->
                    now.findings()
                        .variable(meaning.at())
                        .ifPresent(v -> place.part().types.get().put(place.offset(), v.type())));
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
    var place = at(analysis, at).filter(p -> p.part().types.isPresent());
    return place.isPresent()
        ? Optional.ofNullable(place.get().part().types.get().get(place.get().offset()))
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
