package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Finds matrices that need not be in memory, since they are products of few terms, or made of such
 * element by element, and all that reads them adds up along one of their sides.
 */
final class LargeValues {
  /** Fewer rows or columns do not make a matrix large. */
  private static final long LEAST_SIDE = 64;

  /** Where all of them are taken. */
  private static final long LEAST_SIDE_AT_ALL = 4;

  /**
   * Elements from which on a processor is no slower if it computes them again: a step of attention
   * over 256 places takes as long as with the matrix in memory, over 512 it is 5 to 10 % faster,
   * over 1024 15 %.
   */
  private static final long LEAST_IN_ROWS = 1 << 18;

  /** A product of more terms is not computed again: that costs more than to write and read it. */
  private static final long MOST_TERMS = 128;

  private final Map<Tensor, Kernel.Contraction> scores = new LinkedHashMap<>();
  private final Map<Tensor, Equation> made = new LinkedHashMap<>();
  private final Set<Tensor> joined = new HashSet<>();
  private final Map<Tensor, StripSum> sums = new LinkedHashMap<>();
  private final Products products;
  private final Nodes nodes;
  private UnaryOperator<Node> out;

  private LargeValues(Products products, Nodes nodes) {
    this.products = products;
    this.nodes = nodes;
  }

  /**
   * Those of equations.
   *
   * @param equations each after what it reads
   * @param others equations that need each other
   * @param wanted what must be in memory at the end
   */
  static LargeValues of(
      Collection<Equation> equations,
      Collection<Equation> others,
      Set<Tensor> wanted,
      Products products,
      Nodes nodes) {
    var values = new LargeValues(products, nodes);
    equations.forEach(e -> values.find(e, wanted));
    if (values.scores.isEmpty()) {
      return values;
    }
    var readers = new LinkedHashMap<Tensor, List<Equation>>();
    for (var each : List.of(equations, others)) {
      for (var reader : each) {
        for (var tensor : Walk.tensors(reader)) {
          readers.computeIfAbsent(tensor, _ -> new ArrayList<>()).add(reader);
        }
      }
    }
    values.prune(readers);
    equations.forEach(e -> values.join(e, readers.getOrDefault(e.tensor(), List.of()), wanted));
    values.prune(readers);
    return values;
  }

  Map<Tensor, Kernel.Contraction> scores() {
    return scores;
  }

  /** What a tensor adds up of such values, if it does. */
  Optional<StripSum> sum(Tensor tensor) {
    return Optional.ofNullable(sums.get(tensor));
  }

  /** Reads these tensors in place of those. */
  static UnaryOperator<Node> reading(Map<Tensor, Tensor> names, Nodes nodes) {
    return Rebuild.upwards(
        nodes,
        node ->
            node.expr() instanceof Expr.Read(var tensor, var at) && names.containsKey(tensor)
                ? nodes.read(names.get(tensor), at)
                : node);
  }

  boolean has(Tensor tensor) {
    return scores.containsKey(tensor) || made.containsKey(tensor);
  }

  boolean isRead(Node node) {
    return node.tensors().stream().anyMatch(this::has);
  }

  private void find(Equation equation, Set<Tensor> wanted) {
    if (wanted.contains(equation.tensor()) || equation.tensor().type() != Type.REAL) {
      return;
    }
    if (equation.reduction().isEmpty()) {
      if (isRead(equation.body()) && isElementwise(equation)) {
        made.put(equation.tensor(), equation);
      }
      return;
    }
    products
        .of(equation)
        .filter(c -> isScore(c, products.choices()))
        .filter(c -> !isRead(c.left()) && !isRead(c.right()))
        .ifPresent(c -> scores.put(equation.tensor(), c));
  }

  /**
   * Where examples do not have matrices of their own, one side is a few weights: such a product has
   * few blocks of rows on that side.
   */
  static boolean isScore(Kernel.Contraction c, Choices choices) {
    long rows = Sizes.typical(c.rows());
    long columns = Sizes.typical(c.columns());
    boolean large =
        switch (choices.matrices()) {
          case WHOLE -> false;
          case IN_ROWS -> Math.min(rows, columns) >= LEAST_SIDE_AT_ALL;
          case IN_PIECES -> Math.min(rows, columns) >= LEAST_SIDE;
          case BY_SIZE -> Math.min(rows, columns) >= LEAST_SIDE && rows * columns >= LEAST_IN_ROWS;
        };
    return large && !c.batch().isEmpty() && Sizes.typical(c.reduced()) <= MOST_TERMS;
  }

  /** Whether it reads large values only at its own place. */
  private boolean isElementwise(Equation equation) {
    return equation.body().reads().stream()
        .filter(r -> has(r.tensor()))
        .allMatch(r -> isAtOwnPlace(r, equation));
  }

  private static boolean isAtOwnPlace(Expr.Read read, Equation reader) {
    var axes = new HashMap<Atom, Axis>();
    reader.axes().forEach(a -> axes.put(a.index(), a));
    return read.tensor().rank() == reader.axes().size() && plain(read, axes).isPresent();
  }

  /**
   * Takes in what is made of few numbers, element by element, for large values alone: a mask that
   * is drawn.
   */
  private void join(Equation equation, List<Equation> readers, Set<Tensor> wanted) {
    var tensor = equation.tensor();
    boolean few =
        equation.reduction().isEmpty()
            && Walk.tensors(equation).stream().allMatch(t -> t.rank() < tensor.rank())
            && Walk.nodes(equation).stream().noneMatch(LargeValues::isWhole);
    boolean forLarge =
        !readers.isEmpty()
            && !wanted.contains(tensor)
            && readers.stream()
                .allMatch(
                    reader ->
                        made.containsKey(reader.tensor())
                            && reader.body().reads().stream()
                                .filter(r -> r.tensor().equals(tensor))
                                .allMatch(r -> isAtOwnPlace(r, reader)));
    if (few && forLarge && !has(tensor)) {
      joined.add(tensor);
      made.put(tensor, equation);
    }
  }

  private static boolean isWhole(Node node) {
    return node.expr() instanceof Expr.Draw draw
        && draw.distribution() == Expr.Distribution.ORTHOGONAL;
  }

  /** The axes that subscripts are, if each is another one of the given, as long as the tensor. */
  static Optional<List<Axis>> plain(Expr.Read read, Map<Atom, Axis> axes) {
    var found = new ArrayList<Axis>();
    for (int p = 0; p < read.subscripts().size(); p++) {
      var axis =
          read.subscripts().get(p).expr() instanceof Expr.Index(var value)
                  && value.variables().size() == 1
                  && value.equals(Poly.of(value.variables().iterator().next()))
              ? axes.get(value.variables().iterator().next())
              : null;
      if (axis == null || !axis.extent().equals(read.tensor().shape().get(p))) {
        return Optional.empty();
      }
      found.add(axis);
    }
    return new HashSet<>(found).size() == found.size() ? Optional.of(found) : Optional.empty();
  }

  /** An expression with what large values are made of in their place, but for scores. */
  Node out(Node node) {
    return out.apply(node);
  }

  /** Takes out what cannot be computed where it is read. */
  private void prune(Map<Tensor, List<Equation>> readers) {
    while (isPruned(readers)) {
      // What is in memory after all may keep others there.
    }
  }

  private boolean isPruned(Map<Tensor, List<Equation>> readers) {
    out =
        Rebuild.upwards(
            nodes,
            node ->
                node.expr() instanceof Expr.Read(var tensor, var at) && made.containsKey(tensor)
                    ? out(Inline.at(nodes, made.get(tensor), at))
                    : node);
    sums.clear();
    var kept = new HashSet<Tensor>();
    made.forEach(
        (tensor, equation) -> {
          if (!joined.contains(tensor) && !isRead(equation.body())) {
            kept.add(tensor);
          }
        });
    readers.forEach(
        (tensor, each) -> {
          if (has(tensor) && !each.stream().allMatch(this::takes)) {
            kept.add(tensor);
          }
        });
    for (var each : List.of(scores.keySet(), made.keySet())) {
      each.forEach(
          t -> {
            if (!readers.containsKey(t)) {
              kept.add(t);
            }
          });
    }
    scores.keySet().removeAll(kept);
    made.keySet().removeAll(kept);
    return !kept.isEmpty();
  }

  private boolean takes(Equation reader) {
    if (made.containsKey(reader.tensor()) || sums.containsKey(reader.tensor())) {
      return true;
    }
    var sum = StripSum.of(reader, scores, this, products, nodes);
    sum.ifPresent(s -> sums.put(reader.tensor(), s));
    return sum.isPresent();
  }
}
