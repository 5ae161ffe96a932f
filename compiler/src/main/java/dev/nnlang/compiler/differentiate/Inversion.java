package dev.nnlang.compiler.differentiate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which values of the indices of an equation make it read one given element: {@code phi(i, k) = u}
 * solved for as many of {@code i, k} as possible, the longest first; the rest stay loops.
 *
 * <pre>
 * x[h + r - 1]      h = u - r + 1       loop r      guard 0 &lt;= u - r + 1 &lt; H
 * x[2*h + r]        h = u / 2 - s       loop s      r = u % 2 + 2*s: no divisibility is left
 * x[i / 28, i % 28] i = 28*u + v
 * x[28*h + w]       h = u / 28          w = u % 28
 * x[ids[t], d]      d = v               loop t      guard ids[t] == u
 * </pre>
 */
final class Inversion {
  /**
   * The answer.
   *
   * @param values of the solved indices, in terms of the target and the loops
   * @param loops what is left to run over
   * @param guards under which a value belongs to the equation, by order of evaluation
   */
  record Solution(Map<Atom.Index, Poly> values, List<Axis> loops, List<Node> guards) {}

  private record Range(Poly value, Poly extent) {}

  private record Component(Poly subscript, Poly wanted) {}

  /** What splitting starts from. */
  private record Unsplit(
      Map<Atom.Index, Poly> values,
      List<Axis> open,
      List<Range> ranges,
      List<Node> guards,
      List<Component> components) {}

  /** A subscript that is written by hand needs one or two. */
  private static final int MOST_SPLITS = 6;

  private final Nodes nodes;
  private final List<Axis> target;
  private final Function<String, Axis> fresh;
  private final Map<Atom.Index, Poly> values = new LinkedHashMap<>();
  private final List<Axis> open;
  private final List<Range> ranges = new ArrayList<>();
  private final List<Node> guards = new ArrayList<>();
  private List<Component> components = new ArrayList<>();

  private Inversion(Nodes nodes, List<Axis> free, List<Axis> target, Function<String, Axis> fresh) {
    this.nodes = nodes;
    this.open = new ArrayList<>(free);
    this.target = target;
    this.fresh = fresh;
  }

  /**
   * Solves {@code subscripts(free) = target}.
   *
   * @param fresh makes an axis whose name is in use nowhere here; its extent does not count
   */
  static Solution of(
      Nodes nodes,
      List<Axis> free,
      List<Node> subscripts,
      List<Axis> target,
      Function<String, Axis> fresh) {
    var inversion = new Inversion(nodes, free, target, fresh);
    return inversion.solve(subscripts);
  }

  private Solution solve(List<Node> subscripts) {
    for (var axis : List.copyOf(open)) {
      if (axis.extent().is(1)) {
        assign(axis, Poly.ZERO);
      }
    }
    var gathers = new LinkedHashMap<Axis, Node>();
    for (int j = 0; j < target.size(); j++) {
      if (subscripts.get(j).expr() instanceof Expr.Index(var p)) {
        components.add(new Component(p.substitute(values), Poly.of(target.get(j).index())));
      } else {
        gathers.put(target.get(j), subscripts.get(j));
      }
    }
    splitQuotients();
    for (int j = 0; j < components.size(); j++) {
      eliminate(components.get(j));
    }
    var prover = Digits.prover(target, open);
    values.replaceAll((_, value) -> prover.simplify(value));
    var put = Rebuild.substitution(nodes, values);
    var all = new ArrayList<Node>();
    for (var range : ranges) {
      var value = prover.simplify(range.value());
      if (!prover.atLeastZero(value)) {
        all.add(nodes.atLeastZero(value));
      }
      if (!prover.less(value, range.extent())) {
        all.add(nodes.compare(Comparison.LT, nodes.index(value), nodes.index(range.extent())));
      }
    }
    all.addAll(guards.stream().map(put).toList());
    gathers.forEach(
        (axis, node) -> all.add(nodes.compare(Comparison.EQ, put.apply(node), nodes.index(axis))));
    return new Solution(values, open, all.stream().distinct().toList());
  }

  /** From now on the index has this value, which is checked against its range in the end. */
  private void assign(Axis axis, Poly value) {
    put(Map.of(axis.index(), value));
    values.put(axis.index(), value);
    ranges.add(new Range(value, axis.extent()));
    open.remove(axis);
  }

  private void put(Map<Atom.Index, Poly> replaced) {
    replaceAll(p -> p.substitute(replaced));
  }

  private void replaceAll(Function<Poly, Poly> f) {
    values.replaceAll((_, p) -> f.apply(p));
    ranges.replaceAll(r -> new Range(f.apply(r.value()), r.extent()));
    components.replaceAll(c -> new Component(f.apply(c.subscript()), f.apply(c.wanted())));
    var substituted =
        Rebuild.upwards(
            nodes, n -> n.expr() instanceof Expr.Index(var p) ? nodes.index(f.apply(p)) : n);
    guards.replaceAll(substituted);
  }

  // Quotients and remainders.

  /**
   * Splits until every component is affine. Where two quotients mix the same indices, one split may
   * undo the other without end: then none is made, and the loops are guarded by the components as
   * they are.
   */
  private void splitQuotients() {
    var untouched =
        new Unsplit(
            new LinkedHashMap<>(values),
            List.copyOf(open),
            List.copyOf(ranges),
            List.copyOf(guards),
            List.copyOf(components));
    int left = MOST_SPLITS * components.size();
    var hopeless = new HashSet<Poly>();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (var component : List.copyOf(components)) {
        if (Digits.innermost(component.subscript(), open).isEmpty()
            || hopeless.contains(component.subscript())) {
          continue;
        }
        var prover = Digits.prover(target, open);
        var simple = prover.simplify(component.subscript());
        components.replaceAll(c -> c == component ? new Component(simple, component.wanted()) : c);
        var atom = Digits.innermost(simple, open);
        if (atom.isPresent()) {
          var split = split(atom.get());
          if (split && left-- == 0) {
            restore(untouched);
            return;
          }
          if (split) {
            changed = true;
            break;
          }
          hopeless.add(simple);
        }
      }
    }
  }

  private void restore(Unsplit before) {
    values.clear();
    values.putAll(before.values());
    open.clear();
    open.addAll(before.open());
    ranges.clear();
    ranges.addAll(before.ranges());
    guards.clear();
    guards.addAll(before.guards());
    components = new ArrayList<>(before.components());
  }

  private boolean split(Atom atom) {
    var prover = Digits.prover(target, open);
    var split = Digits.split(atom, open, fresh, prover);
    if (split.isEmpty()) {
      return false;
    }
    var s = split.get();
    var replaced = open.stream().filter(a -> s.values().containsKey(a.index())).toList();
    open.addAll(s.made());
    var known = Digits.prover(target, open);
    replaceAll(p -> known.simplify(s.apply(p)));
    for (var axis : replaced) {
      var value = known.simplify(s.values().get(axis.index()));
      values.put(axis.index(), value);
      ranges.add(new Range(value, axis.extent()));
      open.remove(axis);
    }
    return true;
  }

  // Affine components.

  private void eliminate(Component component) {
    var affine = Digits.affine(component.subscript(), open);
    if (affine.isEmpty()) {
      mustBeZero(component.subscript().minus(component.wanted()));
      return;
    }
    var terms = new LinkedHashMap<>(affine.get().terms());
    var wanted = component.wanted().minus(affine.get().rest());
    if (!terms.isEmpty() && terms.values().stream().allMatch(Inversion::negative)) {
      terms.replaceAll((_, c) -> c.negate());
      wanted = wanted.negate();
    }
    while (!terms.isEmpty()) {
      var top = topDigit(terms);
      if (top == null) {
        solveLongest(terms, wanted);
        return;
      }
      var c = terms.remove(top);
      assign(top, wanted.floorDiv(c));
      wanted = wanted.floorMod(c);
    }
    mustBeZero(wanted);
  }

  private static boolean negative(Poly c) {
    return c.terms().values().stream().allMatch(x -> x < 0);
  }

  private void mustBeZero(Poly p) {
    if (!p.is(0) && !Digits.prover(target, open).zero(p)) {
      guards.add(equal(p));
    }
  }

  /** {@code p == 0}, as an equation of the positive and the negative terms. */
  private Node equal(Poly p) {
    var left = Poly.ZERO;
    for (var term : p.terms().entrySet()) {
      if (term.getValue() > 0) {
        left =
            left.plus(
                Poly.product(term.getKey().stream().map(Poly::of).toList()).times(term.getValue()));
      }
    }
    return nodes.compare(Comparison.EQ, nodes.index(left), nodes.index(left.minus(p)));
  }

  /** A term of which all others together are less than one step, as of the tens among digits. */
  private Axis topDigit(Map<Axis, Poly> terms) {
    if (terms.size() == 1) {
      var only = terms.entrySet().iterator().next();
      if (only.getValue().is(1)) {
        return only.getKey();
      }
    }
    var prover = Digits.prover(target, open);
    for (var term : terms.entrySet()) {
      if (!prover.positive(term.getValue())) {
        continue;
      }
      var others = Poly.ZERO;
      boolean positive = true;
      for (var other : terms.entrySet()) {
        if (other.getKey() != term.getKey()) {
          positive &= prover.atLeastZero(other.getValue());
          others = others.plus(other.getKey().extent().minus(1).times(other.getValue()));
        }
      }
      if (positive && prover.less(others, term.getValue())) {
        return term.getKey();
      }
    }
    return null;
  }

  private void solveLongest(Map<Axis, Poly> terms, Poly wanted) {
    Axis longest = null;
    for (var axis : terms.keySet()) {
      if (longest == null || Digits.weight(axis.extent()) > Digits.weight(longest.extent())) {
        longest = axis;
      }
    }
    boolean numbers = terms.values().stream().allMatch(Poly::isConstant);
    if (!numbers) {
      divide(longest, terms, wanted);
      return;
    }
    long sign = terms.get(longest).constantTerm() < 0 ? -1 : 1;
    var steps = new LinkedHashMap<Axis, Long>();
    terms.forEach((axis, c) -> steps.put(axis, c.constantTerm() * sign));
    var left = wanted.times(sign);
    long common = steps.values().stream().reduce(0L, Inversion::gcd);
    if (common > 1) {
      mustBeZero(left.floorMod(Poly.of(common)));
      left = left.floorDiv(Poly.of(common));
      steps.replaceAll((_, c) -> c / common);
    }
    long step = steps.remove(longest);
    if (step == 1) {
      assign(longest, left.minus(sum(steps)));
      return;
    }
    var partner = partner(steps, step);
    if (partner == null) {
      steps.put(longest, step);
      var scaled = new LinkedHashMap<Axis, Poly>();
      steps.forEach((axis, c) -> scaled.put(axis, Poly.of(c)));
      divide(longest, scaled, left);
      return;
    }
    lattice(longest, step, partner, steps, left);
  }

  /** {@code c*v + others = wanted} with a guard that the division leaves nothing. */
  private void divide(Axis v, Map<Axis, Poly> terms, Poly wanted) {
    var c = terms.get(v);
    var left = wanted;
    for (var term : terms.entrySet()) {
      if (term.getKey() != v) {
        left = left.minus(term.getValue().times(Poly.of(term.getKey().index())));
      }
    }
    assign(v, left.floorDiv(c));
    mustBeZero(left.floorMod(c));
  }

  /**
   * {@code step*v + c*w + others = wanted} holds only for every step-th w, as c and step have no
   * common divisor: {@code w = w0 + step*s} with {@code w0 = wanted / c} in the integers modulo
   * step. So the loop over w becomes one over s, and no point of it is rejected for divisibility.
   */
  private void lattice(Axis v, long step, Axis w, Map<Axis, Long> steps, Poly wanted) {
    long c = steps.remove(w);
    var left = wanted.minus(sum(steps));
    long inverse = BigInteger.valueOf(c).modInverse(BigInteger.valueOf(step)).longValueExact();
    var first = left.times(inverse == step - 1 && c != 1 ? -1 : inverse).floorMod(Poly.of(step));
    var base =
        c == 1
            ? left.floorDiv(Poly.of(step))
            : c == -1
                ? left.negate().floorDiv(Poly.of(step)).negate()
                : left.minus(first.times(c)).floorDiv(Poly.of(step));
    var count = w.extent().plus(step - 1).floorDiv(Poly.of(step));
    var s = Poly.ZERO;
    if (!count.is(1)) {
      var axis = new Axis(fresh.apply(w.name()).index(), count);
      open.add(open.indexOf(w), axis);
      s = Poly.of(axis.index());
    }
    assign(w, first.plus(s.times(step)));
    assign(v, base.minus(s.times(c)));
  }

  /** The longest index whose factor has no divisor in common with the step. */
  private static Axis partner(Map<Axis, Long> steps, long step) {
    Axis best = null;
    for (var e : steps.entrySet()) {
      if (gcd(e.getValue(), step) == 1
          && (best == null || Digits.weight(e.getKey().extent()) > Digits.weight(best.extent()))) {
        best = e.getKey();
      }
    }
    return best;
  }

  private static Poly sum(Map<Axis, Long> steps) {
    var sum = Poly.ZERO;
    for (var e : steps.entrySet()) {
      sum = sum.plus(Poly.of(e.getKey().index()).times(e.getValue()));
    }
    return sum;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? Math.abs(a) : gcd(b, a % b);
  }

  /** Index names that stand anywhere in the axes. */
  static Set<String> names(List<Axis> axes) {
    var names = new HashSet<String>();
    axes.forEach(a -> names.add(a.name()));
    return names;
  }
}
