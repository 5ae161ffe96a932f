package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.SizeText;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether sizes agree, by proof, by counterexample, or only at the uses (LR-15, LR-21). */
public final class Shapes {
  private Shapes() {}

  /** What is known of an obligation. */
  sealed interface Verdict {
    record Proved() implements Verdict {}

    /**
     * @param sizes those for which it does not hold: {@code N = 1}; empty where it is only not
     *     certain
     */
    record Refuted(Optional<String> sizes) implements Verdict {}

    /** Left to the uses. */
    record Undecided() implements Verdict {}

    default boolean fails() {
      return this instanceof Refuted;
    }

    default Optional<String> counterexample() {
      return this instanceof Refuted(var sizes) ? sizes : Optional.empty();
    }
  }

  private static final Verdict PROVED = new Verdict.Proved();

  /** Whether {@code e >= 0} here. */
  static Verdict atLeastZero(Poly e, Context c) {
    if (c.prover().atLeastZero(e)) {
      return PROVED;
    }
    return e.isConstant() ? new Verdict.Refuted(Optional.empty()) : failing(e, c);
  }

  private static Verdict failing(Poly e, Context c) {
    var witness = c.prover().refute(e);
    if (!c.frame().isGeneric()) {
      return new Verdict.Refuted(witness.map(Shapes::text));
    }
    // What a library body needs of its caller's sizes shows at uses with numbers.
    if (witness.isPresent() && !c.frame().isNested()) {
      return new Verdict.Refuted(witness.map(Shapes::text));
    }
    return new Verdict.Undecided();
  }

  static Verdict equal(Poly a, Poly b, Context c) {
    if (a.equals(b) || c.prover().equal(a, b)) {
      return PROVED;
    }
    var d = a.minus(b);
    if (d.isConstant()) {
      return new Verdict.Refuted(Optional.empty());
    }
    var less = failing(d, c);
    return less.fails() && less.counterexample().isPresent() ? less : failing(d.negate(), c);
  }

  /** Whether two dimensions are one size; enumerated ones agree by identity, too. */
  static Verdict equal(Dimension a, Dimension b, Context c) {
    if (isEnumerated(a) && isEnumerated(b) && differ(a, b)) {
      return new Verdict.Refuted(Optional.empty());
    }
    return equal(a.size(), b.size(), c);
  }

  static boolean isEnumerated(Dimension d) {
    return d.named().filter(n -> !n.members().isEmpty()).isPresent();
  }

  /** Whether both carry names of files and the names are different ones. */
  static boolean differ(Dimension a, Dimension b) {
    return a.named().isPresent()
        && b.named().isPresent()
        && !a.named().get().span().equals(b.named().get().span());
  }

  /** Whether two shapes are equal, position by position. */
  static Verdict equal(List<Dimension> a, List<Dimension> b, Context c) {
    if (a.size() != b.size()) {
      return new Verdict.Refuted(Optional.empty());
    }
    Verdict result = PROVED;
    for (int i = 0; i < a.size(); i++) {
      var verdict = equal(a.get(i), b.get(i), c);
      if (verdict.fails()) {
        return verdict;
      }
      result = verdict instanceof Verdict.Undecided ? verdict : result;
    }
    return result;
  }

  /** Of equal shapes, the names of both. */
  static List<Dimension> join(List<Dimension> a, List<Dimension> b) {
    var joined = new ArrayList<Dimension>();
    for (int i = 0; i < a.size(); i++) {
      joined.add(a.get(i).named().isPresent() ? a.get(i) : b.get(i));
    }
    return joined;
  }

  /** Remembers an obligation that only uses decide. */
  static void leaveToUses(Verdict verdict, Context c, Span at, String what) {
    if (verdict instanceof Verdict.Undecided) {
      var outermost = c.frame();
      while (outermost.caller().isPresent()) {
        outermost = outermost.caller().get();
      }
      var engine = outermost.engine();
      outermost.symbol().ifPresent(symbol -> engine.undecided(symbol, at, what));
    }
  }

  /** {@code H = 1, r = 2}: sizes first, indices by the names that the text has. */
  static String text(Map<Atom, Long> witness) {
    return witness.entrySet().stream()
        .map(e -> SizeText.plain(e.getKey().toString()) + " = " + e.getValue())
        .collect(Collectors.joining(", "));
  }
}
