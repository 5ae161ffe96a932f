package dev.nnlang.compiler.size;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A polynomial with integer coefficients over {@link Atom}s, in canonical form: a sorted map from
 * monomial (a sorted list of atoms, repeated for powers) to its non-zero coefficient. One class
 * serves as a tensor's extent, where no index occurs, and as a subscript, where indices do.
 */
public final class Poly implements Comparable<Poly> {
  public static final Poly ZERO = new Poly(new TreeMap<>(Poly::compareMonomials));
  public static final Poly ONE = of(1);

  private final SortedMap<List<Atom>, Long> terms;
  private final int hash;

  private Poly(SortedMap<List<Atom>, Long> terms) {
    this.terms = Collections.unmodifiableSortedMap(terms);
    this.hash = terms.hashCode();
  }

  public static Poly of(long value) {
    var terms = new TreeMap<List<Atom>, Long>(Poly::compareMonomials);
    if (value != 0) {
      terms.put(List.of(), value);
    }
    return new Poly(terms);
  }

  public static Poly of(Atom atom) {
    var terms = new TreeMap<List<Atom>, Long>(Poly::compareMonomials);
    terms.put(List.of(atom), 1L);
    return new Poly(terms);
  }

  public static Poly dim(String name) {
    return of(new Atom.Dim(name));
  }

  public static Poly index(String name) {
    return of(new Atom.Index(name));
  }

  public static Poly product(Collection<Poly> factors) {
    var result = ONE;
    for (var factor : factors) {
      result = result.times(factor);
    }
    return result;
  }

  /** Monomials with their coefficients; the constant's monomial is empty and comes first. */
  public SortedMap<List<Atom>, Long> terms() {
    return terms;
  }

  public boolean isConstant() {
    return terms.isEmpty() || terms.size() == 1 && terms.firstKey().isEmpty();
  }

  /** The value where this is a number. */
  public OptionalLong constant() {
    return isConstant() ? OptionalLong.of(constantTerm()) : OptionalLong.empty();
  }

  public boolean is(long value) {
    return isConstant() && constantTerm() == value;
  }

  public long constantTerm() {
    return terms.getOrDefault(List.of(), 0L);
  }

  public Poly plus(Poly other) {
    if (other.terms.isEmpty()) {
      return this;
    }
    var sum = new TreeMap<List<Atom>, Long>(terms);
    other.terms.forEach((monomial, c) -> add(sum, monomial, c));
    return new Poly(sum);
  }

  public Poly plus(long value) {
    return plus(of(value));
  }

  public Poly minus(Poly other) {
    return plus(other.times(-1));
  }

  public Poly minus(long value) {
    return plus(of(-value));
  }

  public Poly negate() {
    return times(-1);
  }

  public Poly times(long factor) {
    if (factor == 1) {
      return this;
    }
    var scaled = new TreeMap<List<Atom>, Long>(Poly::compareMonomials);
    if (factor != 0) {
      terms.forEach((monomial, c) -> scaled.put(monomial, Math.multiplyExact(c, factor)));
    }
    return new Poly(scaled);
  }

  public Poly times(Poly other) {
    if (other.isConstant()) {
      return times(other.constantTerm());
    }
    var result = new TreeMap<List<Atom>, Long>(Poly::compareMonomials);
    terms.forEach(
        (m, c) -> other.terms.forEach((n, d) -> add(result, join(m, n), Math.multiplyExact(c, d))));
    return new Poly(result);
  }

  /**
   * {@code floor(this / divisor)}: exact terms are divided out, numbers are divided, what remains
   * becomes an {@link Atom.Quotient}. The divisor must not be the number 0.
   */
  public Poly floorDiv(Poly divisor) {
    if (divisor.is(1)) {
      return this;
    }
    if (divisor.is(0)) {
      throw new ArithmeticException("division by zero");
    }
    if (isConstant() && divisor.isConstant()) {
      return of(Math.floorDiv(constantTerm(), divisor.constantTerm()));
    }
    // floor((d*q + r) / d) = q + floor(r / d) holds for any integer polynomials.
    var split = split(divisor);
    if (split.rest.terms.isEmpty()) {
      return split.exact;
    }
    return split.exact.plus(quotient(split.rest, divisor));
  }

  /** Of a dividend from which nothing can be taken out; a common factor is cancelled. */
  private static Poly quotient(Poly rest, Poly divisor) {
    if (rest.isConstant() && divisor.isConstant()) {
      return of(Math.floorDiv(rest.constantTerm(), divisor.constantTerm()));
    }
    // floor((g*a + c) / (g*b)) = floor((a + floor(c / g)) / b) for integers a and b.
    long common = gcd(rest.minus(rest.constantTerm()).content(), divisor.content());
    if (common <= 1) {
      return of(new Atom.Quotient(rest, divisor));
    }
    long constant = Math.floorDiv(rest.constantTerm(), common);
    var dividend = rest.minus(rest.constantTerm()).dividedExactly(common).plus(constant);
    return dividend.floorDiv(divisor.dividedExactly(common));
  }

  /** The greatest common divisor of all coefficients. */
  long content() {
    long common = 0;
    for (long c : terms.values()) {
      common = gcd(common, c);
    }
    return common;
  }

  /** The polynomial with every coefficient divided by a number that divides them all. */
  Poly dividedExactly(long divisor) {
    var divided = new TreeMap<List<Atom>, Long>(Poly::compareMonomials);
    terms.forEach((monomial, c) -> divided.put(monomial, c / divisor));
    return new Poly(divided);
  }

  /** The greatest common divisor, at least 0. */
  static long gcd(long a, long b) {
    return b == 0 ? Math.absExact(a) : gcd(b, a % b);
  }

  /** {@code this - divisor * floor(this / divisor)}, by the same rules. */
  public Poly floorMod(Poly divisor) {
    if (divisor.is(1)) {
      return ZERO;
    }
    var rest = split(divisor).rest;
    if (rest.isConstant() && divisor.isConstant()) {
      return of(Math.floorMod(rest.constantTerm(), divisor.constantTerm()));
    }
    return rest.terms.isEmpty() ? ZERO : of(new Atom.Remainder(rest, divisor));
  }

  private record Split(Poly exact, Poly rest) {}

  /**
   * {@code this = divisor * exact + rest}, taking out every term that divides without remainder.
   */
  private Split split(Poly divisor) {
    if (divisor.terms.size() != 1) {
      return this.equals(divisor) ? new Split(ONE, ZERO) : new Split(ZERO, this);
    }
    var by = divisor.terms.firstKey();
    long factor = divisor.terms.get(by);
    var exact = new TreeMap<List<Atom>, Long>(Poly::compareMonomials);
    var rest = new TreeMap<List<Atom>, Long>(Poly::compareMonomials);
    terms.forEach(
        (monomial, c) -> {
          var quotient = cancel(monomial, by);
          if (quotient == null) {
            add(rest, monomial, c);
            return;
          }
          long whole = Math.floorDiv(c, factor);
          long left = c - whole * factor;
          // A numeric constant keeps its remainder; a symbolic term is only taken out whole.
          if (left == 0 || monomial.isEmpty()) {
            add(exact, quotient, whole);
            add(rest, monomial, left);
          } else {
            add(rest, monomial, c);
          }
        });
    return new Split(new Poly(exact), new Poly(rest));
  }

  /** The monomial without the atoms of {@code by}, or null where they are not all in it. */
  static List<Atom> cancel(List<Atom> monomial, List<Atom> by) {
    var left = new ArrayList<>(monomial);
    for (var atom : by) {
      if (!left.remove(atom)) {
        return null;
      }
    }
    return List.copyOf(left);
  }

  /** Replaces atoms, also those inside quotients and remainders; identity where it returns null. */
  public Poly substitute(Function<Atom, Poly> replacement) {
    var result = ZERO;
    for (var term : terms.entrySet()) {
      var product = of(term.getValue());
      for (var atom : term.getKey()) {
        product = product.times(substitute(atom, replacement));
      }
      result = result.plus(product);
    }
    return result;
  }

  private static Poly substitute(Atom atom, Function<Atom, Poly> replacement) {
    var direct = replacement.apply(atom);
    if (direct != null) {
      return direct;
    }
    return switch (atom) {
      case Atom.Dim _, Atom.Index _ -> of(atom);
      case Atom.Quotient(var a, var b) ->
          a.substitute(replacement).floorDiv(b.substitute(replacement));
      case Atom.Remainder(var a, var b) ->
          a.substitute(replacement).floorMod(b.substitute(replacement));
    };
  }

  public Poly substitute(Map<? extends Atom, Poly> replacement) {
    return replacement.isEmpty() ? this : substitute(replacement::get);
  }

  /** The value under an assignment of every dimension and index. */
  public long evaluate(Function<Atom, Long> values) {
    long sum = 0;
    for (var term : terms.entrySet()) {
      long product = term.getValue();
      for (var atom : term.getKey()) {
        product = Math.multiplyExact(product, evaluate(atom, values));
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  private static long evaluate(Atom atom, Function<Atom, Long> values) {
    return switch (atom) {
      case Atom.Dim _, Atom.Index _ -> {
        var value = values.apply(atom);
        if (value == null) {
          throw new IllegalArgumentException("no value for " + atom);
        }
        yield value;
      }
      case Atom.Quotient(var a, var b) -> Math.floorDiv(a.evaluate(values), b.evaluate(values));
      case Atom.Remainder(var a, var b) -> Math.floorMod(a.evaluate(values), b.evaluate(values));
    };
  }

  /**
   * The coefficient of {@code atom} where this is linear in it: the sum of all terms that hold it
   * exactly once, divided by it. Atoms inside quotients and remainders do not count.
   */
  public Poly coefficient(Atom atom) {
    var result = new TreeMap<List<Atom>, Long>(Poly::compareMonomials);
    terms.forEach(
        (monomial, c) -> {
          var left = cancel(monomial, List.of(atom));
          if (left != null) {
            add(result, left, c);
          }
        });
    return new Poly(result);
  }

  /** The variables (dimensions and indices), also those inside quotients and remainders. */
  public Set<Atom> variables() {
    var found = new LinkedHashSet<Atom>();
    collect(found);
    return found;
  }

  private void collect(Set<Atom> into) {
    for (var monomial : terms.keySet()) {
      for (var atom : monomial) {
        switch (atom) {
          case Atom.Dim _, Atom.Index _ -> into.add(atom);
          case Atom.Quotient(var a, var b) -> {
            a.collect(into);
            b.collect(into);
          }
          case Atom.Remainder(var a, var b) -> {
            a.collect(into);
            b.collect(into);
          }
        }
      }
    }
  }

  public boolean mentions(Atom variable) {
    return variables().contains(variable);
  }

  /** Whether any index occurs, so that this is a subscript rather than an extent. */
  public boolean hasIndex() {
    return variables().stream().anyMatch(Atom.Index.class::isInstance);
  }

  private static List<Atom> join(List<Atom> a, List<Atom> b) {
    if (a.isEmpty()) {
      return b;
    }
    if (b.isEmpty()) {
      return a;
    }
    var joined = new ArrayList<Atom>(a);
    joined.addAll(b);
    Collections.sort(joined);
    return List.copyOf(joined);
  }

  private static void add(SortedMap<List<Atom>, Long> terms, List<Atom> monomial, long c) {
    long sum = Math.addExact(terms.getOrDefault(monomial, 0L), c);
    if (sum == 0) {
      terms.remove(monomial);
    } else {
      terms.put(monomial, sum);
    }
  }

  private static int compareMonomials(List<Atom> a, List<Atom> b) {
    if (a.size() != b.size()) {
      return Integer.compare(a.size(), b.size());
    }
    for (int i = 0; i < a.size(); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** Fewer terms first, then term by term: an arbitrary but fixed order. */
  @Override
  public int compareTo(Poly other) {
    int order = Integer.compare(terms.size(), other.terms.size());
    var mine = terms.entrySet().iterator();
    var others = other.terms.entrySet().iterator();
    while (order == 0 && mine.hasNext()) {
      var a = mine.next();
      var b = others.next();
      order = compareMonomials(a.getKey(), b.getKey());
      order = order != 0 ? order : Long.compare(a.getValue(), b.getValue());
    }
    return order;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Poly that && hash == that.hash && terms.equals(that.terms);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** As it would be written in a program: {@code 2*h + r - 1}; the constant stands last. */
  @Override
  public String toString() {
    if (terms.isEmpty()) {
      return "0";
    }
    var text = new StringBuilder();
    terms.forEach(
        (monomial, c) -> {
          if (!monomial.isEmpty()) {
            append(text, c, monomial);
          }
        });
    long constant = constantTerm();
    if (constant != 0 || text.isEmpty()) {
      append(text, constant, List.of());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, long c, List<Atom> monomial) {
    if (text.isEmpty()) {
      text.append(c < 0 ? "-" : "");
    } else {
      text.append(c < 0 ? " - " : " + ");
    }
    var magnitude = Long.toString(c).replace("-", "");
    var factors = new ArrayList<String>();
    if (monomial.isEmpty() || !magnitude.equals("1")) {
      factors.add(magnitude);
    }
    for (var atom : monomial) {
      boolean compound = atom instanceof Atom.Quotient || atom instanceof Atom.Remainder;
      factors.add(compound ? "(" + atom + ")" : atom.toString());
    }
    text.append(String.join("*", factors));
  }
}
