package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Exchanges two sums where the inner one is there already.
 *
 * <pre>
 * d[i, j] = sum[c](g[i, c] * v[j, c]);  o[i, c] = sum[j](p[i, j] * v[j, c])
 * y[i] = sum[j](d[i, j] * p[i, j])     becomes     y[i] = sum[c](g[i, c] * o[i, c])
 * </pre>
 *
 * The adjoint of a softmax between two products has such a sum: it then needs no large matrix.
 */
final class Exchange {
  /** Those that are large. */
  private final Map<Tensor, Kernel.Contraction> products = new LinkedHashMap<>();

  /** Those of the products that have a tensor as a factor. */
  private final Map<Tensor, List<Kernel.Contraction>> users = new HashMap<>();

  private final Choices choices;
  private final Nodes nodes;

  private Exchange(Choices choices, Nodes nodes) {
    this.choices = choices;
    this.nodes = nodes;
  }

  /** The groups with such sums exchanged, in an order in which they can run. */
  static List<List<Equation>> sums(
      List<List<Equation>> groups, Collection<Tensor> roots, Products products, Nodes nodes) {
    var exchange = new Exchange(products.choices(), nodes);
    var all = new LinkedHashMap<Tensor, Equation>();
    var changed = new LinkedHashMap<Tensor, Equation>();
    for (var group : groups) {
      group.forEach(e -> all.put(e.tensor(), e));
      if (Copies.isRecurrence(group)) {
        continue;
      }
      var equation = group.getFirst();
      // What comes before this one does not wait for it.
      exchange.of(equation).ifPresent(e -> changed.put(e.tensor(), e));
      products.of(equation).ifPresent(exchange::add);
    }
    all.putAll(changed);
    return changed.isEmpty() ? groups : Dependences.equations(roots, all);
  }

  private void add(Kernel.Contraction product) {
    if (LargeValues.isScore(product, choices)) {
      products.put(product.equation().tensor(), product);
    }
    for (var factor : List.of(product.left(), product.right())) {
      if (factor.expr() instanceof Expr.Read(var tensor, _)) {
        users.computeIfAbsent(tensor, _ -> new ArrayList<>()).add(product);
      }
    }
  }

  private Optional<Equation> of(Equation equation) {
    boolean plain =
        equation.reduction().isPresent()
            && equation.reduction().get().kind() == Reduction.Kind.SUM
            && equation.reduction().get().guard() == nodes.bool(true);
    if (!plain
        || !(equation.body().expr() instanceof Expr.Binary(var op, var x, var y))
        || op != BinaryOp.MUL) {
      return Optional.empty();
    }
    return of(equation, x, y).or(() -> of(equation, y, x));
  }

  private Optional<Equation> of(Equation equation, Node inner, Node other) {
    if (!(inner.expr() instanceof Expr.Read(var tensor, var at))
        || !(other.expr() instanceof Expr.Read(var weight, var place))
        || !products.containsKey(tensor)) {
      return Optional.empty();
    }
    var product = products.get(tensor);
    var axes = product.equation().axes();
    var left = Inline.instantiate(nodes, product.left(), axes, at);
    var right = Inline.instantiate(nodes, product.right(), axes, at);
    for (var sum : users.getOrDefault(weight, List.of())) {
      for (var turned : List.of(false, true)) {
        var kept = turned ? right : left;
        var common = turned ? left : right;
        var there = there(sum, weight, place, common, product.reduced(), equation);
        if (there.isPresent() && !Access.mentions(kept, equation.reduced())) {
          return Optional.of(
              new Equation(
                  equation.tensor(),
                  equation.axes(),
                  Optional.of(
                      new Reduction(Reduction.Kind.SUM, product.reduced(), nodes.bool(true))),
                  nodes.mul(kept, there.get()),
                  equation.origin()));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The element of {@code sum} that adds up the weight times the common factor along what the
   * equation reduces, if it does.
   */
  private Optional<Node> there(
      Kernel.Contraction sum,
      Tensor weight,
      List<Node> place,
      Node common,
      List<Axis> terms,
      Equation equation) {
    boolean isLeft = sum.left().expr() instanceof Expr.Read read && read.tensor().equals(weight);
    var factor = (Expr.Read) (isLeft ? sum.left() : sum.right()).expr();
    var own = isLeft ? sum.columns() : sum.rows();
    if (own.size() != terms.size()) {
      return Optional.empty();
    }
    var values = new HashMap<Atom.Index, Node>();
    for (int p = 0; p < place.size(); p++) {
      var axis = axis(factor.subscripts().get(p), sum);
      if (axis.isEmpty() || values.put(axis.get().index(), place.get(p)) != null) {
        return Optional.empty();
      }
    }
    for (int a = 0; a < own.size(); a++) {
      if (!own.get(a).extent().equals(terms.get(a).extent())) {
        return Optional.empty();
      }
      values.put(own.get(a).index(), nodes.index(terms.get(a)));
    }
    var all = new ArrayList<>(sum.equation().axes());
    all.addAll(sum.reduced());
    boolean whole =
        all.stream().allMatch(a -> values.containsKey(a.index()))
            && isSame(sum.reduced(), equation.reduced(), values);
    if (!whole) {
      return Optional.empty();
    }
    var given = all.stream().map(a -> values.get(a.index())).toList();
    var other = Inline.instantiate(nodes, isLeft ? sum.right() : sum.left(), all, given);
    return other == common
        ? Optional.of(
            nodes.read(sum.equation().tensor(), given.subList(0, sum.equation().axes().size())))
        : Optional.empty();
  }

  private static Optional<Axis> axis(Node subscript, Kernel.Contraction sum) {
    var all = new ArrayList<>(sum.equation().axes());
    all.addAll(sum.reduced());
    return all.stream()
        .filter(a -> subscript.expr() instanceof Expr.Index(var value) && value.equals(of(a)))
        .findFirst();
  }

  private static Poly of(Axis axis) {
    return Poly.of(axis.index());
  }

  private boolean isSame(List<Axis> own, List<Axis> others, Map<Atom.Index, Node> values) {
    return own.size() == others.size()
        && own.stream()
            .allMatch(
                a ->
                    others.stream()
                        .anyMatch(
                            o ->
                                values.get(a.index()) == nodes.index(o)
                                    && o.extent().equals(a.extent())));
  }
}
