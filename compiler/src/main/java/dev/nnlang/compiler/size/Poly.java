package dev.nnlang.compiler.size;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * A polynomial with integer coefficients over {@link Atom}s, in canonical form: {@link Terms} from
 * monomial (a sorted list of atoms, repeated for powers) to its non-zero coefficient. One class
 * serves as a tensor's extent, where no index occurs, and as a subscript, where indices do.
 */
public final class Poly implements Comparable<Poly> {
  public static final Poly ZERO = new Poly(Terms.NONE);
  public static final Poly ONE = new Poly(Terms.of(List.of(), 1));

  private final Terms terms;
  private final int hash;

  /** The variables, once somebody has asked for them. */
  private Set<Atom> variables;

  private Poly(Terms terms) {
    this.terms = terms;
    this.hash = terms.hashCode();
  }

  public static Poly of(long value) {
    return value == 0 ? ZERO : value == 1 ? ONE : new Poly(Terms.of(List.of(), value));
  }

  public static Poly of(Atom atom) {
    return new Poly(Terms.of(List.of(atom), 1));
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
  public Terms terms() {
    return terms;
  }

  public boolean isConstant() {
    return terms.isEmpty() || terms.size() == 1 && terms.monomial(0).isEmpty();
  }

  /** The value where this is a number. */
  public OptionalLong constant() {
    return isConstant() ? OptionalLong.of(constantTerm()) : OptionalLong.empty();
  }

  public boolean is(long value) {
    return isConstant() && constantTerm() == value;
  }

  public long constantTerm() {
    return terms.isEmpty() || !terms.monomial(0).isEmpty() ? 0 : terms.coefficient(0);
  }

  public Poly plus(Poly other) {
    if (other.terms.isEmpty()) {
      return this;
    }
    if (terms.isEmpty()) {
      return other;
    }
    var sum = new Terms.Sum(terms, other.terms.size());
    for (int i = 0; i < other.terms.size(); i++) {
      sum.add(other.terms.monomial(i), other.terms.coefficient(i));
    }
    return new Poly(sum.terms());
  }

  public Poly plus(long value) {
    return plus(of(value));
  }

  public Poly minus(Poly other) {
    return other.terms.isEmpty() ? this : plus(other.times(-1));
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
    if (factor == 0) {
      return ZERO;
    }
    var scaled = new long[terms.size()];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = Math.multiplyExact(terms.coefficient(i), factor);
    }
    return new Poly(terms.with(scaled));
  }

  public Poly times(Poly other) {
    if (other.isConstant()) {
      return times(other.constantTerm());
    }
    if (isConstant()) {
      return other.times(constantTerm());
    }
    var result = new Terms.Sum(terms.size() * other.terms.size());
    for (int i = 0; i < terms.size(); i++) {
      for (int j = 0; j < other.terms.size(); j++) {
        result.add(
            join(terms.monomial(i), other.terms.monomial(j)),
            Math.multiplyExact(terms.coefficient(i), other.terms.coefficient(j)));
      }
    }
    return new Poly(result.terms());
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
    for (int i = 0; i < terms.size(); i++) {
      common = gcd(common, terms.coefficient(i));
    }
    return common;
  }

  /** The polynomial with every coefficient divided by a number that divides them all. */
  Poly dividedExactly(long divisor) {
    var divided = new long[terms.size()];
    for (int i = 0; i < divided.length; i++) {
      divided[i] = terms.coefficient(i) / divisor;
    }
    return new Poly(terms.with(divided));
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
    var by = divisor.terms.monomial(0);
    long factor = divisor.terms.coefficient(0);
    var exact = new Terms.Sum(terms.size());
    var rest = new Terms.Sum(terms.size());
    for (int i = 0; i < terms.size(); i++) {
      var monomial = terms.monomial(i);
      long c = terms.coefficient(i);
      var quotient = cancel(monomial, by);
      if (quotient == null) {
        rest.add(monomial, c);
        continue;
      }
      long whole = Math.floorDiv(c, factor);
      long left = c - whole * factor;
      // A numeric constant keeps its remainder; a symbolic term is only taken out whole.
      if (left == 0 || monomial.isEmpty()) {
        exact.add(quotient, whole);
        rest.add(monomial, left);
      } else {
        rest.add(monomial, c);
      }
    }
    return new Split(new Poly(exact.terms()), new Poly(rest.terms()));
  }

  /** The monomial without the atoms of {@code by}, or null where they are not all in it. */
  static List<Atom> cancel(List<Atom> monomial, List<Atom> by) {
    if (by.isEmpty()) {
      return monomial;
    }
    if (by.size() > monomial.size()) {
      return null;
    }
    if (by.size() == 1 && monomial.size() == 1) {
      return monomial.getFirst().equals(by.getFirst()) ? List.of() : null;
    }
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
    if (isConstant()) {
      return this;
    }
    var result = ZERO;
    for (int i = 0; i < terms.size(); i++) {
      var product = ONE;
      for (var atom : terms.monomial(i)) {
        product = product.times(substitute(atom, replacement));
      }
      result = result.plus(product.times(terms.coefficient(i)));
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
    return replacement.isEmpty() || !hasQuotient() && !mentionsAny(replacement)
        ? this
        : substitute(replacement::get);
  }

  private boolean mentionsAny(Map<? extends Atom, Poly> atoms) {
    for (int i = 0; i < terms.size(); i++) {
      for (var atom : terms.monomial(i)) {
        if (atoms.containsKey(atom)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The value under an assignment of every dimension and index. */
  public long evaluate(Function<Atom, Long> values) {
    long sum = 0;
    for (int i = 0; i < terms.size(); i++) {
      long product = terms.coefficient(i);
      for (var atom : terms.monomial(i)) {
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
    var one = List.of(atom);
    Terms.Sum result = null;
    for (int i = 0; i < terms.size(); i++) {
      var left = cancel(terms.monomial(i), one);
      if (left != null) {
        if (result == null) {
          result = new Terms.Sum(terms.size());
        }
        result.add(left, terms.coefficient(i));
      }
    }
    return result == null ? ZERO : new Poly(result.terms());
  }

  /** The variables (dimensions and indices), also those inside quotients and remainders. */
  public Set<Atom> variables() {
    // Two threads may find the same; either is right.
    var known = variables;
    if (known == null) {
      var found = new LinkedHashSet<Atom>();
      collect(found);
      known = found.isEmpty() ? Set.of() : Collections.unmodifiableSet(found);
      variables = known;
    }
    return known;
  }

  private void collect(Set<Atom> into) {
    for (int i = 0; i < terms.size(); i++) {
      for (var atom : terms.monomial(i)) {
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
    for (int i = 0; i < terms.size(); i++) {
      for (var atom : terms.monomial(i)) {
        boolean mentioned =
            switch (atom) {
              case Atom.Dim _, Atom.Index _ -> atom.equals(variable);
              case Atom.Quotient(var a, var b) -> a.mentions(variable) || b.mentions(variable);
              case Atom.Remainder(var a, var b) -> a.mentions(variable) || b.mentions(variable);
            };
        if (mentioned) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether any index occurs, so that this is a subscript rather than an extent. */
  public boolean hasIndex() {
    for (var variable : variables()) {
      if (variable instanceof Atom.Index) {
        return true;
      }
    }
    return false;
  }

  /** Whether a quotient or a remainder is a factor of a term. */
  public boolean hasQuotient() {
    for (int i = 0; i < terms.size(); i++) {
      for (var atom : terms.monomial(i)) {
        if (atom instanceof Atom.Quotient || atom instanceof Atom.Remainder) {
          return true;
        }
      }
    }
    return false;
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

  /** Fewer terms first, then term by term: an arbitrary but fixed order. */
  @Override
  public int compareTo(Poly other) {
    int order = Integer.compare(terms.size(), other.terms.size());
    for (int i = 0; order == 0 && i < terms.size(); i++) {
      order = Terms.compare(terms.monomial(i), other.terms.monomial(i));
      order = order != 0 ? order : Long.compare(terms.coefficient(i), other.terms.coefficient(i));
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
