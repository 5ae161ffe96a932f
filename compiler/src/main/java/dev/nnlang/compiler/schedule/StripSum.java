package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A sum along one side of large matrices, in terms of their scores: what {@link Kernel.Strip} adds
 * up. Large values between are written out.
 *
 * @param equation over its own axes; the body has large values written out
 * @param factors where it is a product
 * @param places the axes at which each score is read
 */
record StripSum(
    Equation equation,
    List<Axis> batch,
    List<Axis> rows,
    List<Axis> columns,
    Optional<Factors> factors,
    Map<Tensor, List<Axis>> places) {
  /** Values of a row of a product's result: they are added up in registers. */
  private static final long MOST_OWN = 128;

  /** Nodes of what is written out: all of it is computed again by each kernel. */
  private static final int MOST_NODES = 200;

  /**
   * The sides of a product.
   *
   * @param own the axes that only the right one has
   */
  record Factors(List<Axis> own, Node left, Node right) {}

  /** The values of a row that it adds up. */
  long width() {
    return factors.map(f -> Sizes.typical(f.own)).orElse(0L);
  }

  boolean isMost() {
    return factors.isEmpty() && kind(equation) == Reduction.Kind.MAX;
  }

  private static Reduction.Kind kind(Equation equation) {
    return equation.reduction().orElseThrow().kind();
  }

  /**
   * An equation as such a sum, if it is one.
   *
   * @param scores the products over rows and columns that are large
   * @param written what other large values are, in terms of scores
   */
  static Optional<StripSum> of(
      Equation equation,
      Map<Tensor, Kernel.Contraction> scores,
      LargeValues written,
      Products products,
      Nodes nodes) {
    boolean folds =
        equation.reduction().isPresent()
            && equation.tensor().type() == Type.REAL
            && equation.body().type() == Type.REAL
            && switch (kind(equation)) {
              case SUM, MAX, MIN -> true;
              case PROD, ANY, ALL, ARGMAX, ARGMIN, LOGSUMEXP -> false;
            };
    if (!folds || written.isRead(equation.reduction().get().guard())) {
      return Optional.empty();
    }
    var factors = factors(equation, written, products);
    var body =
        factors
            .map(f -> nodes.mul(f.left(), f.right()))
            .orElseGet(() -> written.out(equation.body()));
    var places = places(body, scores, equation);
    if (places.isEmpty() || Walk.nodes(List.of(body)).size() > MOST_NODES) {
      return Optional.empty();
    }
    var reduction = equation.reduction().get();
    var guard = factors.isPresent() ? nodes.bool(true) : reduction.guard();
    var out =
        new Equation(
            equation.tensor(),
            equation.axes(),
            Optional.of(new Reduction(reduction.kind(), reduction.axes(), guard)),
            body,
            equation.origin());
    return sides(out, factors, places.get(), scores);
  }

  /** The sides of a product of which one is large and the other knows no row. */
  private static Optional<Factors> factors(
      Equation equation, LargeValues written, Products products) {
    var product = products.of(equation);
    if (product.isEmpty()) {
      return Optional.empty();
    }
    var c = product.get();
    boolean isLeft = written.isRead(c.left());
    if (isLeft == written.isRead(c.right())) {
      return Optional.empty();
    }
    return Optional.of(
        new Factors(
            isLeft ? c.columns() : c.rows(),
            written.out(isLeft ? c.left() : c.right()),
            isLeft ? c.right() : c.left()));
  }

  /** Where each score is read; empty if one is read at several places, or at computed ones. */
  private static Optional<Map<Tensor, List<Axis>>> places(
      Node body, Map<Tensor, Kernel.Contraction> scores, Equation equation) {
    var all = new HashMap<Atom, Axis>();
    equation.axes().forEach(a -> all.put(a.index(), a));
    equation.reduced().forEach(a -> all.put(a.index(), a));
    var places = new LinkedHashMap<Tensor, List<Axis>>();
    for (var read : body.reads()) {
      if (!scores.containsKey(read.tensor())) {
        continue;
      }
      var axes = LargeValues.plain(read, all);
      if (axes.isEmpty() || places.put(read.tensor(), axes.get()) != null) {
        return Optional.empty();
      }
    }
    return places.isEmpty() ? Optional.empty() : Optional.of(places);
  }

  private static Optional<StripSum> sides(
      Equation equation,
      Optional<Factors> factors,
      Map<Tensor, List<Axis>> places,
      Map<Tensor, Kernel.Contraction> scores) {
    StripSum first = null;
    for (var place : places.entrySet()) {
      var score = scores.get(place.getKey());
      var rows = at(score.rows(), score.equation(), place.getValue());
      var columns = at(score.columns(), score.equation(), place.getValue());
      boolean turned = isSame(rows, equation.reduced());
      if (!turned && !isSame(columns, equation.reduced())) {
        return Optional.empty();
      }
      var found =
          new StripSum(
              equation,
              at(score.batch(), score.equation(), place.getValue()),
              turned ? columns : rows,
              turned ? rows : columns,
              factors,
              places);
      if (first != null && !(isSame(first.batch, found.batch) && isSame(first.rows, found.rows))) {
        return Optional.empty();
      }
      first = first == null ? found : first;
    }
    return Optional.of(first).filter(StripSum::fits);
  }

  private static List<Axis> at(List<Axis> side, Equation score, List<Axis> place) {
    return side.stream().map(a -> place.get(score.axes().indexOf(a))).toList();
  }

  private static boolean isSame(List<Axis> some, List<Axis> others) {
    return some.size() == others.size() && new HashSet<>(some).equals(new HashSet<>(others));
  }

  /** Whether its own axes are those of rows, and of a product's other side. */
  private boolean fits() {
    var all = new ArrayList<>(batch);
    all.addAll(rows);
    if (factors.isEmpty()) {
      return isSame(all, equation.axes());
    }
    var f = factors.get();
    var own = new ArrayList<>(equation.axes());
    own.removeAll(all);
    boolean constant = f.own.stream().allMatch(a -> a.extent().isConstant());
    return isSame(own, f.own)
        && equation.axes().containsAll(all)
        && constant
        && Sizes.typical(f.own) <= MOST_OWN
        && isFree(f.left, f.own)
        && isFree(f.right, rows);
  }

  private static boolean isFree(Node node, List<Axis> axes) {
    var indices = Rebuild.indices(node);
    return axes.stream().noneMatch(a -> indices.contains(a.index()));
  }

  /** What it reads beside scores, and what these are made of. */
  Set<Tensor> leaves(Map<Tensor, Kernel.Contraction> scores) {
    var leaves = new LinkedHashSet<>(Walk.tensors(equation));
    for (var score : places.keySet()) {
      leaves.remove(score);
      leaves.addAll(Walk.tensors(scores.get(score).equation()));
    }
    return leaves;
  }

  /** The same with these in place of what they define. */
  StripSum written(Map<Tensor, Equation> out, Nodes nodes) {
    if (out.isEmpty()) {
      return this;
    }
    var rewrite =
        Rebuild.upwards(
            nodes,
            node ->
                node.expr() instanceof Expr.Read(var tensor, var at) && out.containsKey(tensor)
                    ? Inline.at(nodes, out.get(tensor), at)
                    : node);
    return new StripSum(
        Signs.with(equation, rewrite),
        batch,
        rows,
        columns,
        factors.map(f -> new Factors(f.own, rewrite.apply(f.left), rewrite.apply(f.right))),
        places);
  }

  /** For each axis of its rows and columns, the one that stands there in another sum. */
  Optional<Map<Atom.Index, Axis>> beside(StripSum other) {
    var names = new HashMap<Atom.Index, Axis>();
    for (var place : places.entrySet()) {
      var there = other.places.get(place.getKey());
      for (int p = 0; there != null && p < there.size(); p++) {
        var before = names.put(place.getValue().get(p).index(), there.get(p));
        if (before != null && !before.equals(there.get(p))) {
          return Optional.empty();
        }
      }
    }
    boolean same = !names.isEmpty() && isOn(rows, other.rows, names);
    return same && isOn(columns, other.columns, names) ? Optional.of(names) : Optional.empty();
  }

  private static boolean isOn(List<Axis> own, List<Axis> others, Map<Atom.Index, Axis> names) {
    return isSame(own.stream().map(a -> names.get(a.index())).toList(), others)
        && own.stream().allMatch(a -> a.extent().equals(names.get(a.index()).extent()));
  }

  /** The same with other names for its axes; what is not given gets a fresh one. */
  StripSum renamed(Map<Atom.Index, Axis> given, Nodes nodes) {
    var to = new HashMap<Atom.Index, Axis>(given);
    var all = new ArrayList<>(equation.axes());
    all.addAll(equation.reduced());
    for (var axis : all) {
      to.computeIfAbsent(axis.index(), _ -> Axis.of(nodes.fresh(axis.name()), axis.extent()));
    }
    var values = new HashMap<Atom, Poly>();
    to.forEach((index, axis) -> values.put(index, Poly.of(axis.index())));
    var places = new LinkedHashMap<Tensor, List<Axis>>();
    this.places.forEach((score, at) -> places.put(score, named(at, to)));
    return new StripSum(
        Rename.equation(equation, to, nodes),
        named(batch, to),
        named(rows, to),
        named(columns, to),
        factors.map(
            f -> {
              var made = Rename.nodes(List.of(f.left, f.right), values, nodes);
              return new Factors(named(f.own, to), made.get(f.left), made.get(f.right));
            }),
        places);
  }

  private static List<Axis> named(Collection<Axis> axes, Map<Atom.Index, Axis> to) {
    return axes.stream().map(a -> to.get(a.index())).toList();
  }
}
