package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A recurrence with its time loop outside, each round running kernels over all examples.
 *
 * <pre>
 * z[b, t, u] = a[b, t, u] + sum[k](h[b, t-1, k] * w[k, u]);  h[b, t, u] = tanh(z[b, t, u])
 * for t: before[b, k] = h[b, t-1, k];  z[b, u] = a[b, t, u] + before w;  h[b, t, u] = tanh(z[b, u])
 * </pre>
 *
 * The other form ({@link Recurrence#nest}) gives every example a time loop of its own, and reads
 * {@code w} again for every example and every step. As long as that lies in the nearest cache this
 * is cheap, and the threads never wait for each other; a larger one has to come from further away
 * each time, while a product over all examples reads it once for many.
 */
final class TimeLoop {
  /**
   * Reals that a step's product reads again and again, from which on they outgrow a first cache.
   */
  private static final long LARGE = 1 << 12;

  private final Recurrence.Rounds rounds;
  private final Set<Tensor> outside;
  private final Choices choices;
  private final Outer outer;
  private final Nodes nodes;
  private final Map<Node, Tensor> carried = new HashMap<>();
  private final List<Atom.Index> names = new ArrayList<>();

  private TimeLoop(Recurrence.Rounds rounds, Set<Tensor> outside, Choices choices, Nodes nodes) {
    this.choices = choices;
    this.rounds = rounds;
    this.outside = outside;
    this.outer = new Outer(List.of(rounds.time()));
    this.nodes = nodes;
  }

  /**
   * Equations that need each other as one such loop, if they have this form and it is the better
   * one.
   *
   * @param outside tensors that others read
   */
  static Optional<Kernel> kernel(
      List<Equation> group, Set<Tensor> outside, Choices choices, Nodes nodes) {
    return Recurrence.rounds(group, choices, nodes)
        .map(rounds -> new TimeLoop(rounds, outside, choices, nodes))
        .filter(TimeLoop::isWorth)
        .map(TimeLoop::build);
  }

  /** Whether equations that need each other become one. */
  static boolean takes(List<Equation> group, Choices choices, Nodes nodes) {
    return Recurrence.rounds(group, choices, nodes)
        .map(rounds -> new TimeLoop(rounds, Set.of(), choices, nodes))
        .filter(TimeLoop::isWorth)
        .isPresent();
  }

  private boolean isWorth() {
    long least =
        switch (choices.loops()) {
          case BY_SIZE -> LARGE;
          case OUTSIDE -> 0;
          case INSIDE -> Long.MAX_VALUE;
        };
    return rounds.equations().stream()
        .flatMap(e -> Contractions.recognise(e, outer, nodes).stream())
        .anyMatch(c -> same(c) >= least);
  }

  /** How many reals of a product are the same in all rounds. */
  private long same(Kernel.Contraction c) {
    var side = isOwn(c.right()) ? c.rows() : c.columns();
    return Sizes.typical(side) * Sizes.typical(c.reduced());
  }

  private boolean isOwn(Node factor) {
    return Walk.nodes(List.of(factor)).stream()
        .anyMatch(
            n ->
                n.expr() instanceof Expr.Read(var tensor, _)
                    && rounds.equations().stream().anyMatch(e -> e.tensor().equals(tensor)));
  }

  private Kernel build() {
    var wanted = new HashSet<>(outside);
    var equations = withoutTime(wanted);
    var products = new Products(choices, outer, nodes);
    var padding = new Padding(outer, nodes);
    var groups = new ArrayList<List<Equation>>();
    for (var equation : equations) {
      for (var each : fronted(equation)) {
        var padded = Copies.padded(each, padding, products, nodes);
        padding.copies().forEach(copy -> groups.add(List.of(copy)));
        groups.add(List.of(padded));
      }
    }
    var kernels = Fusion.kernels(groups, wanted, Strips.NONE, products, nodes).list();
    return new Kernel.Recurrence(rounds.time(), rounds.direction(), kernels);
  }

  // What is there for one round.

  /**
   * The equations with tensors that no other round and nobody outside reads without their axis of
   * time; what other rounds read is wanted.
   */
  private List<Equation> withoutTime(Set<Tensor> wanted) {
    var writers = new HashMap<Tensor, Equation>();
    rounds.equations().forEach(e -> writers.put(e.tensor(), e));
    for (var equation : rounds.equations()) {
      for (var read : Walk.reads(equation)) {
        var writer = writers.get(read.tensor());
        if (writer != null && outer.isCarried(read, writer)) {
          wanted.add(read.tensor());
        }
      }
    }
    var shorter = new HashMap<Tensor, Tensor>();
    var places = new HashMap<Tensor, Integer>();
    for (var equation : rounds.equations()) {
      var tensor = equation.tensor();
      if (!wanted.contains(tensor)) {
        int place = equation.axes().indexOf(rounds.time());
        shorter.put(
            tensor, new Tensor(tensor.name(), tensor.type(), without(tensor.shape(), place)));
        places.put(tensor, place);
      }
    }
    var rewrite =
        Rebuild.upwards(
            nodes,
            node ->
                node.expr() instanceof Expr.Read(var tensor, var at) && shorter.containsKey(tensor)
                    ? nodes.read(shorter.get(tensor), without(at, places.get(tensor)))
                    : node);
    var rewritten = new ArrayList<Equation>();
    for (var equation : rounds.equations()) {
      var tensor = equation.tensor();
      var reduction =
          equation
              .reduction()
              .map(r -> new Reduction(r.kind(), r.axes(), rewrite.apply(r.guard())));
      boolean less = shorter.containsKey(tensor);
      rewritten.add(
          new Equation(
              less ? shorter.get(tensor) : tensor,
              less ? without(equation.axes(), places.get(tensor)) : equation.axes(),
              reduction,
              rewrite.apply(equation.body()),
              equation.origin()));
    }
    return rewritten;
  }

  private static <T> List<T> without(List<T> some, int place) {
    var rest = new ArrayList<>(some);
    rest.remove(place);
    return rest;
  }

  // What a product reads.

  /**
   * A product whose left factor is not read where it lies reads a copy of it, which is made in the
   * same round, in lanes and once for all products.
   */
  private List<Equation> fronted(Equation equation) {
    var product = Contractions.recognise(equation, outer, nodes);
    if (product.isEmpty() || product.get().leftInPlace().isPresent()) {
      return List.of(equation);
    }
    var left = product.get().left();
    var axes =
        Stream.of(product.get().batch(), product.get().rows(), product.get().reduced())
            .flatMap(List::stream)
            .filter(a -> Access.mentions(left, List.of(a)))
            .toList();
    if (left.type() != Type.REAL || !isPlain(left, axes)) {
      return List.of(equation);
    }
    var made = new ArrayList<Equation>();
    var to = new HashMap<Atom, Poly>();
    var own = new ArrayList<Axis>();
    for (int p = 0; p < axes.size(); p++) {
      if (p == names.size()) {
        names.add(new Atom.Index(nodes.fresh("i")));
      }
      own.add(new Axis(names.get(p), axes.get(p).extent()));
      to.put(axes.get(p).index(), Poly.of(names.get(p)));
    }
    var body = Rename.nodes(List.of(left), to, nodes).get(left);
    var shape = own.stream().map(Axis::extent).toList();
    var known = carried.get(body);
    if (known == null || !known.shape().equals(shape)) {
      known = new Tensor(nodes.fresh("left_" + equation.tensor().name()), Type.REAL, shape);
      carried.put(body, known);
      var why = equation.origin().because("what a round of " + equation.tensor() + " multiplies");
      made.add(new Equation(known, own, body, why));
    }
    var sum = new Reduction(Reduction.Kind.SUM, equation.reduced(), nodes.bool(true));
    made.add(
        new Equation(
            equation.tensor(),
            equation.axes(),
            Optional.of(sum),
            nodes.mul(nodes.readAt(known, axes), product.get().right()),
            equation.origin()));
    return made;
  }

  /** Whether a copy is as large as what it is of: no two indices move one subscript. */
  private static boolean isPlain(Node factor, List<Axis> axes) {
    for (var node : Walk.nodes(List.of(factor))) {
      if (!(node.expr() instanceof Expr.Read(_, var subscripts))) {
        continue;
      }
      for (var subscript : subscripts) {
        boolean plain =
            subscript.expr() instanceof Expr.Index(var value)
                && axes.stream().filter(a -> value.mentions(a.index())).count() <= 1;
        if (!plain) {
          return false;
        }
      }
    }
    return true;
  }
}
