package dev.nnlang.compiler.size;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Decides whether inequalities between sizes and subscripts follow from {@link Facts}.
 *
 * <p>A yes is a proof; a no only says that none was found. Three steps, cheapest first: intervals;
 * one fact with a remainder that has no negative term; and a contradiction between the facts and
 * {@code -e - 1 >= 0}, the negation over the integers, found by {@link Cone} among the facts and
 * those products of facts with dimensions, indices and each other that share monomials with them.
 *
 * <p>Before that, equalities are solved for a variable and put in, remainders become {@code a - b *
 * (a / b)}, and every quotient {@code q = a / b} with {@code b >= 1} brings {@code b*q <= a <= b*q
 * + b - 1}. A dimension {@code D} is written as {@code 1 + D'} with {@code D' >= 0}.
 */
public final class Prover {
  private static final int MOST_FACTS = 160;
  private static final int ROUNDS = 3;

  private final Facts facts;
  private final Bounds bounds;
  private final List<Map.Entry<Atom, Poly>> solved = new ArrayList<>();
  private final SequencedSet<Poly> known = new LinkedHashSet<>();
  private final Map<Poly, Boolean> answers = new HashMap<>();
  private final Map<Atom, Boolean> signs = new HashMap<>();
  private boolean prepared;

  public Prover(Facts facts) {
    this.facts = facts;
    this.bounds = new Bounds(facts);
  }

  /** Takes the facts in, when intervals do not answer: most provers are never asked more. */
  private void prepare() {
    if (prepared) {
      return;
    }
    prepared = true;
    facts.zero().forEach(this::solve);
    facts
        .ranges()
        .forEach(
            (index, extent) -> {
              learn(extent.minus(1).minus(Poly.of(index)));
              if (isSolved(index)) {
                learn(Poly.of(index));
              }
            });
    solved.forEach(
        s -> {
          if (s.getKey() instanceof Atom.Dim) {
            learn(Poly.of(s.getKey()).minus(1));
          }
        });
    facts.atLeastZero().forEach(this::learn);
    facts.atLeastZero().forEach(this::learnUndivided);
    for (var e : facts.notZero()) {
      if (atLeastZero(e)) {
        learn(e.minus(1));
      } else if (atLeastZero(e.negate())) {
        learn(e.negate().minus(1));
      }
      forget();
    }
    // A quotient that the facts together resolve says more in them once it is resolved.
    for (var e : facts.atLeastZero()) {
      var simple = simplify(e);
      if (!simple.equals(e)) {
        learn(simple);
        forget();
      }
    }
  }

  /**
   * What a quotient is at least, or at most, its dividend is: {@code a / b + r >= 0} is {@code a +
   * b * r >= 0}, and {@code r - a / b >= 0} is {@code b * r + b - 1 - a >= 0}, over the integers.
   */
  private void learnUndivided(Poly e) {
    for (var monomial : e.terms().keySet()) {
      if (monomial.size() == 1
          && monomial.getFirst() instanceof Atom.Quotient(var a, var b)
          && b.isConstant()
          && b.constantTerm() > 0) {
        var quotient = Poly.of(monomial.getFirst());
        long times = e.terms().get(monomial);
        if (times == 1) {
          learn(a.plus(b.times(e.minus(quotient))));
        } else if (times == -1) {
          learn(b.times(e.plus(quotient)).plus(b).minus(1).minus(a));
        }
      }
    }
  }

  /** What was not proved before may be now. */
  private void forget() {
    answers.clear();
    signs.clear();
  }

  public Facts facts() {
    return facts;
  }

  /** Whether {@code e >= 0} follows. */
  public boolean atLeastZero(Poly e) {
    if (e.isConstant()) {
      return e.constantTerm() >= 0;
    }
    var earlier = answers.get(e);
    if (earlier != null) {
      return earlier;
    }
    boolean answer = bounds.of(e).low() >= 0;
    if (!answer) {
      prepare();
      // A proof that comes back to its own question must do without the answer.
      answers.put(e, false);
      answer = decide(e);
    }
    answers.put(e, answer);
    return answer;
  }

  /** Whether {@code e >= 1} follows. */
  public boolean positive(Poly e) {
    return atLeastZero(e.minus(1));
  }

  /** Whether {@code a <= b} follows. */
  public boolean atMost(Poly a, Poly b) {
    return atLeastZero(b.minus(a));
  }

  /** Whether {@code a < b} follows. */
  public boolean less(Poly a, Poly b) {
    return atLeastZero(b.minus(a).minus(1));
  }

  /** Whether {@code 0 <= e < extent} follows. */
  public boolean inRange(Poly e, Poly extent) {
    return atLeastZero(e) && less(e, extent);
  }

  /** Whether {@code e == 0} follows. */
  public boolean zero(Poly e) {
    if (e.is(0)) {
      return true;
    }
    prepare();
    return normal(e).is(0) || atLeastZero(e) && atLeastZero(e.negate());
  }

  /** Whether {@code a == b} follows. */
  public boolean equal(Poly a, Poly b) {
    return zero(a.minus(b));
  }

  /** Whether {@code dividend % divisor == 0} follows. */
  public boolean divides(Poly divisor, Poly dividend) {
    return zero(dividend.floorMod(divisor));
  }

  /** Whether the facts contradict each other, so that nothing happens where they hold. */
  public boolean impossible() {
    prepare();
    return decide(Poly.of(-1));
  }

  /** A number that {@code e} is never below. */
  public OptionalLong min(Poly e) {
    long low = bounds.of(e).low();
    return low == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(low);
  }

  /** A number that {@code e} is never above. */
  public OptionalLong max(Poly e) {
    long high = bounds.of(e).high();
    return high == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(high);
  }

  /**
   * Small values of all variables that satisfy the facts and for which {@code e} is negative, the
   * smallest first found; empty where none was found, which proves nothing.
   */
  public Optional<Map<Atom, Long>> refute(Poly e) {
    return Witness.find(facts, e);
  }

  /**
   * An equal polynomial with quotients and remainders resolved where ranges allow: {@code (8*r + c)
   * / 8} is {@code r} for {@code 0 <= c < 8}, {@code 28*(i / 28) + i % 28} is {@code i}.
   */
  public Poly simplify(Poly e) {
    return new QuotientRules(this).simplify(e);
  }

  // Facts.

  /**
   * Solves {@code e = 0} for a variable and puts that in from now on, or keeps two inequalities.
   */
  private void solve(Poly e) {
    var p = normal(e);
    Atom best = null;
    for (var term : p.terms().entrySet()) {
      if (term.getKey().size() == 1 && Math.abs(term.getValue()) == 1) {
        var atom = term.getKey().getFirst();
        boolean once = p.terms().keySet().stream().filter(m -> m.contains(atom)).count() == 1;
        if (once && (best == null || rank(atom) < rank(best))) {
          best = atom;
        }
      }
    }
    if (best == null || best instanceof Atom.Quotient) {
      learn(p);
      learn(p.negate());
      return;
    }
    var rest = p.minus(p.coefficient(best).times(Poly.of(best)));
    var value = p.coefficient(best).is(1) ? rest.negate() : rest;
    // D = A*(D / A) may be put in for ever and stays; i = (i + 1) / 2 would grow.
    var solution = Map.entry(best, value);
    if (!value.mentions(best) || put(value, solution).equals(value)) {
      solved.add(solution);
    } else {
      learn(p);
      learn(p.negate());
    }
  }

  private static Poly put(Poly e, Map.Entry<Atom, Poly> solution) {
    return e.substitute(atom -> atom.equals(solution.getKey()) ? solution.getValue() : null);
  }

  /** Indices are put in for first, dimensions next; quotients keep their meaning best as facts. */
  private static int rank(Atom atom) {
    return switch (atom) {
      case Atom.Index _ -> 0;
      case Atom.Dim _ -> 1;
      case Atom.Quotient _, Atom.Remainder _ -> 2;
    };
  }

  private boolean isSolved(Atom atom) {
    return solved.stream().anyMatch(s -> s.getKey().equals(atom));
  }

  private void learn(Poly e) {
    var p = normal(e);
    if (!p.isConstant() || p.constantTerm() < 0) {
      known.add(p);
    }
  }

  /** Equalities put in, and no remainder left. */
  private Poly normal(Poly e) {
    var p = QuotientRules.withoutRemainders(e);
    if (solved.isEmpty()) {
      return p;
    }
    for (var s : solved) {
      p = put(p, s);
    }
    return QuotientRules.withoutRemainders(p);
  }

  // The proof.

  private boolean decide(Poly e) {
    try {
      return prove(normal(e));
    } catch (ArithmeticException _) {
      // Beyond 64 bits: too large for a proof that anyone needs.
      return false;
    }
  }

  private boolean prove(Poly e) {
    if (e.isConstant() && e.constantTerm() >= 0 || known.contains(e)) {
      return true;
    }
    var goal = shifted(e);
    if (noNegativeTerm(goal)) {
      return true;
    }
    var relevant = relevant(e);
    var base = new LinkedHashSet<Poly>();
    for (var fact : relevant) {
      var f = shifted(fact);
      if (noNegativeTerm(goal.minus(f))) {
        return true;
      }
      base.add(tight(f));
    }
    var denied = tight(goal.negate().minus(1));
    var all = new LinkedHashSet<Poly>();
    all.add(denied);
    all.addAll(base);
    for (int round = 0; round < ROUNDS; round++) {
      if (Cone.contradictory(all, this::atLeastZeroMonomial)) {
        return true;
      }
      int before = all.size();
      all.addAll(products(all, denied, base));
      if (round == 1) {
        all.addAll(pairs(all, denied, base));
      }
      if (all.size() == before || all.size() > MOST_FACTS) {
        return false;
      }
    }
    return false;
  }

  /** The facts that are connected to {@code e} by common atoms, with those of their quotients. */
  private Set<Poly> relevant(Poly e) {
    var chosen = new LinkedHashSet<Poly>();
    var atoms = new HashSet<Atom>();
    var open = new ArrayList<Atom>();
    note(e, atoms, open);
    if (e.isConstant()) {
      // Nothing but a contradiction among the facts themselves proves this.
      known.forEach(fact -> note(fact, atoms, open));
    }
    while (!open.isEmpty() && chosen.size() < MOST_FACTS) {
      var atom = open.removeLast();
      if (atom instanceof Atom.Quotient(var a, var b) && positive(b)) {
        var left = normal(a).minus(normal(b).times(Poly.of(atom)));
        for (var fact : List.of(left, normal(b).minus(1).minus(left))) {
          chosen.add(fact);
          note(fact, atoms, open);
        }
      }
      for (var fact : known) {
        if (mentions(fact, atom) && chosen.add(fact)) {
          note(fact, atoms, open);
        }
      }
    }
    known.stream().filter(Poly::isConstant).forEach(chosen::add);
    return chosen;
  }

  private static void note(Poly e, Set<Atom> atoms, List<Atom> open) {
    for (var monomial : e.terms().keySet()) {
      for (var atom : monomial) {
        if (atoms.add(atom)) {
          open.add(atom);
        }
      }
    }
  }

  private static boolean mentions(Poly e, Atom atom) {
    for (var monomial : e.terms().keySet()) {
      if (monomial.contains(atom)) {
        return true;
      }
    }
    return false;
  }

  /** Facts times those monomials that take one of their terms to a monomial already there. */
  private Set<Poly> products(Set<Poly> all, Poly denied, Set<Poly> base) {
    var monomials = monomials(all);
    var made = new LinkedHashSet<Poly>();
    var factors = new ArrayList<Poly>();
    factors.add(denied);
    factors.addAll(base);
    for (var fact : factors) {
      // Several terms ask for the same product.
      var tried = new HashSet<List<Atom>>();
      for (var term : fact.terms().keySet()) {
        if (term.isEmpty()) {
          continue;
        }
        for (var monomial : monomials) {
          var by = Poly.cancel(monomial, term);
          if (by != null && !by.isEmpty() && tried.add(by) && atLeastZeroMonomial(by)) {
            made.add(fact.times(product(by)));
          }
        }
        if (made.size() > MOST_FACTS) {
          return made;
        }
      }
    }
    return made;
  }

  /** Products of two facts whose every monomial of the highest degree is already there. */
  private static Set<Poly> pairs(Set<Poly> all, Poly denied, Set<Poly> base) {
    var monomials = monomials(all);
    var made = new LinkedHashSet<Poly>();
    var factors = new ArrayList<Poly>();
    factors.add(denied);
    factors.addAll(base);
    for (int i = 0; i < factors.size(); i++) {
      for (int j = i; j < factors.size() && made.size() < MOST_FACTS; j++) {
        var product = factors.get(i).times(factors.get(j));
        int degree = product.terms().isEmpty() ? 0 : product.terms().lastKey().size();
        boolean there =
            product.terms().keySet().stream()
                .filter(m -> m.size() == degree)
                .allMatch(monomials::contains);
        if (there) {
          made.add(product);
        }
      }
    }
    return made;
  }

  private static Set<List<Atom>> monomials(Set<Poly> polys) {
    var monomials = new LinkedHashSet<List<Atom>>();
    polys.forEach(p -> monomials.addAll(p.terms().keySet()));
    return monomials;
  }

  private static Poly product(List<Atom> monomial) {
    return Poly.product(monomial.stream().map(Poly::of).toList());
  }

  // Signs.

  /** In terms of {@code D - 1} for every dimension {@code D} that stands outside quotients. */
  private static Poly shifted(Poly e) {
    var result = Poly.ZERO;
    for (var term : e.terms().entrySet()) {
      var product = Poly.of(term.getValue());
      for (var atom : term.getKey()) {
        product = product.times(atom instanceof Atom.Dim ? Poly.of(atom).plus(1) : Poly.of(atom));
      }
      result = result.plus(product);
    }
    return result;
  }

  private boolean noNegativeTerm(Poly shifted) {
    for (var term : shifted.terms().entrySet()) {
      if (term.getValue() < 0 || !atLeastZeroMonomial(term.getKey())) {
        return false;
      }
    }
    return true;
  }

  private boolean atLeastZeroMonomial(List<Atom> monomial) {
    for (var atom : monomial) {
      boolean atLeastZero =
          switch (atom) {
            case Atom.Dim _, Atom.Index _ -> true;
            case Atom.Quotient _, Atom.Remainder _ -> atLeastZeroQuotient(atom);
          };
      if (!atLeastZero) {
        return false;
      }
    }
    return true;
  }

  /** While it is being decided, a quotient has no known sign. */
  private boolean atLeastZeroQuotient(Atom quotient) {
    var sign = signs.get(quotient);
    if (sign == null) {
      signs.put(quotient, false);
      sign = bounds.of(Poly.of(quotient)).low() >= 0 || decide(Poly.of(quotient));
      signs.put(quotient, sign);
    }
    return sign;
  }

  /** {@code g*x + c >= 0} over the integers is {@code x + floor(c / g) >= 0}. */
  private static Poly tight(Poly e) {
    var symbolic = e.minus(e.constantTerm());
    long divisor = symbolic.content();
    return divisor <= 1
        ? e
        : symbolic.dividedExactly(divisor).plus(Math.floorDiv(e.constantTerm(), divisor));
  }
}
