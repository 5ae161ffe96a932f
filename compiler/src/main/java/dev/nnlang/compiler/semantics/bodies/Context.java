package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Axis;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Prover;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where an expression stands: the body it belongs to, the indices in scope and what is known of
 * them, and whether integers divide as integers here (LR-1). Immutable.
 */
public final class Context {
  /** What {@code /} and {@code floor} mean. */
  enum Place {
    /** A subscript, a size, a range, a count: {@code /} rounds down. */
    INTEGER,
    /** Everywhere else: {@code /} is real division. */
    VALUE
  }

  private final Frame frame;
  private final Map<String, List<Axis>> indices;
  private final Facts facts;
  private final Place place;
  private final Set<String> notEmpty;
  private Prover prover;

  private Context(
      Frame frame,
      Map<String, List<Axis>> indices,
      Facts facts,
      Place place,
      Set<String> notEmpty) {
    this.frame = frame;
    this.indices = indices;
    this.facts = facts;
    this.place = place;
    this.notEmpty = notEmpty;
  }

  /** No index in scope but that of a sample, whose range its reads will say. */
  public static Context of(Frame frame) {
    Map<String, List<Axis>> ambient =
        frame
            .sampleBounds()
            .map(b -> Map.of(b.axis().index().name(), List.of(b.axis())))
            .orElse(Map.of());
    return new Context(frame, ambient, frame.facts(), Place.VALUE, Set.of());
  }

  public Frame frame() {
    return frame;
  }

  Facts facts() {
    return facts;
  }

  boolean isInteger() {
    return place == Place.INTEGER;
  }

  /** The axis of an index, the axes of a run {@code ...s}, or null where there is none. */
  List<Axis> index(String name) {
    return indices.get(name);
  }

  Map<String, List<Axis>> indices() {
    return indices;
  }

  Context integer() {
    return isInteger() ? this : withPlace(Place.INTEGER);
  }

  Context value() {
    return isInteger() ? withPlace(Place.VALUE) : this;
  }

  private Context withPlace(Place other) {
    var context = new Context(frame, indices, facts, other, notEmpty);
    context.prover = prover;
    return context;
  }

  /** With one more index, or run of indices. */
  Context with(String name, List<Axis> axes) {
    var more = new LinkedHashMap<>(indices);
    more.put(name, axes);
    var known = facts;
    for (var axis : axes) {
      known = known.index(axis.index(), axis.range().size());
    }
    return new Context(frame, more, known, place, notEmpty);
  }

  /** Where a condition holds: its facts, and that what it found by `any` is not empty. */
  Context where(Typed.Expr condition) {
    return assuming(Conditions.holding(condition), Witnesses.holding(condition));
  }

  /** Where a condition does not hold. */
  Context unless(Typed.Expr condition) {
    return assuming(Conditions.failing(condition), Witnesses.failing(condition));
  }

  private Context assuming(Facts more, Set<String> found) {
    if (more == Facts.NONE && found.isEmpty()) {
      return this;
    }
    var all = new HashSet<>(notEmpty);
    all.addAll(found);
    return new Context(frame, indices, facts.and(more), place, Set.copyOf(all));
  }

  /** Whether a condition around this place says that some index satisfies a guard (LR-35). */
  boolean isNotEmpty(String guard) {
    return notEmpty.contains(guard);
  }

  Prover prover() {
    if (prover == null) {
      prover = new Prover(facts);
    }
    return prover;
  }
}
