package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A product of a recurrence's input and one of its state, of which only the sum is needed, as one
 * product of both, one behind the other.
 *
 * <pre>
 * a[b, t, u] = sum[i: I](x[b, t, i] * wx[i, u]);  s[b, t, u] = sum[k: K](h[b, t-1, k] * wh[k, u])
 * z[b, t, u] = a[b, t, u] + s[b, t, u]
 *
 * c[b, t, u] = sum[k: I + K]((if k < I then x[b, t, k] else h[b, t-1, k - I])
 *                            * (if k < I then wx[k, u] else wh[k - I, u]))
 * z[b, t, u] = c[b, t, u]
 * </pre>
 *
 * Apart, {@code a} is one product for all times, which reads its matrix once: for few examples that
 * is what counts. Of many examples {@code a} is large, and has left the caches before a round adds
 * it; in one product the sums never leave the registers.
 */
final class Concatenation {
  /**
   * So many examples are many. Each round reads the input's matrix again, which has to pay: an LSTM
   * of 64 inputs and 256 units gained nothing with 16 examples, and a tenth with 32.
   */
  static final long MANY = 32;

  /**
   * What it makes of a program.
   *
   * @param program with such products as one
   * @param examples the dimension that says how many rows those have
   */
  record Result(Program program, Atom.Dim examples) {}

  private final Program program;
  private final Nodes nodes;
  private final Set<Tensor> wanted = new HashSet<>();

  /** All equations, as far as they have been changed. */
  private final Map<Tensor, Equation> all = new LinkedHashMap<>();

  private final Map<Tensor, Set<Tensor>> readers = new HashMap<>();

  /** What products that were changed count their rows in. */
  private final Set<Atom.Dim> dims = new LinkedHashSet<>();

  private Concatenation(Program program) {
    this.program = program;
    this.nodes = program.nodes();
    program.outputs().forEach(o -> wanted.add(o.tensor()));
    program.updates().forEach(u -> wanted.add(u.next()));
    for (var equation : program.equations()) {
      all.put(equation.tensor(), equation);
      for (var tensor : Walk.tensors(equation)) {
        readers.computeIfAbsent(tensor, _ -> new LinkedHashSet<>()).add(equation.tensor());
      }
    }
  }

  /** The program so, if it has such products. */
  static Optional<Result> of(Program program, Choices choices) {
    var all = new Concatenation(program);
    for (var group : Dependences.equations(all.wanted, all.all)) {
      if (Copies.isRecurrence(group) && TimeLoop.takes(group, choices, program.nodes())) {
        group.forEach(equation -> all.join(equation, group));
      }
    }
    return all.dims.stream()
        .findFirst()
        .map(dim -> new Result(program.withEquations(List.copyOf(all.all.values())), dim));
  }

  /** Lets a product of a recurrence take up another that is not of it, if there is one. */
  private void join(Equation state, List<Equation> group) {
    var examples = examples(state.tensor());
    var reader = onlyReader(state.tensor());
    if (examples.isEmpty() || reader.isEmpty() || !isProduct(state) || !isIn(group, reader.get())) {
      return;
    }
    for (var tensor : Walk.tensors(all.get(reader.get()))) {
      var input = all.get(tensor);
      if (input == null
          || isIn(group, tensor)
          || !isProduct(input)
          || !onlyReader(tensor).equals(reader)
          || !tensor.shape().equals(state.tensor().shape())) {
        continue;
      }
      var own = state.tensor();
      var sum = new Tensor(nodes.fresh(own.name()), own.type(), own.shape());
      var rest = with(sum, all.get(reader.get()), tensor, own);
      var both = rest.flatMap(_ -> both(sum, input, state));
      if (both.isPresent()) {
        all.remove(tensor);
        all.remove(own);
        all.put(sum, both.get());
        all.put(reader.get(), rest.get());
        dims.add(examples.get());
        return;
      }
    }
  }

  /** The open dimension that a tensor has first. */
  private Optional<Atom.Dim> examples(Tensor tensor) {
    return program.open().stream()
        .filter(dim -> tensor.rank() > 0 && tensor.shape().getFirst().equals(Poly.of(dim)))
        .findFirst();
  }

  private static boolean isIn(List<Equation> group, Tensor tensor) {
    return group.stream().anyMatch(e -> e.tensor().equals(tensor));
  }

  private Optional<Tensor> onlyReader(Tensor tensor) {
    var known = readers.getOrDefault(tensor, Set.of());
    return known.size() == 1 && !wanted.contains(tensor)
        ? Optional.of(known.iterator().next())
        : Optional.empty();
  }

  /** Whether an equation is a matrix product of two factors along one axis. */
  private boolean isProduct(Equation equation) {
    return equation.reduced().size() == 1
        && equation.reduction().orElseThrow().guard() == nodes.bool(true)
        && equation.body().expr() instanceof Expr.Binary(var op, _, _)
        && op == BinaryOp.MUL
        && Contractions.recognise(equation, nodes).isPresent();
  }

  // The sum of both.

  /**
   * The equation with {@code sum} where it had the sum of both; nothing if it has one of them
   * anywhere else.
   */
  private Optional<Equation> with(Tensor sum, Equation equation, Tensor first, Tensor second) {
    if (!equation.reduced().isEmpty()) {
      return Optional.empty();
    }
    var body =
        Rebuild.upwards(nodes, node -> added(node, sum, first, second)).apply(equation.body());
    var changed = new Equation(equation.tensor(), equation.axes(), body, equation.origin());
    var read = Walk.tensors(changed);
    return read.contains(first) || read.contains(second) ? Optional.empty() : Optional.of(changed);
  }

  private Node added(Node node, Tensor sum, Tensor first, Tensor second) {
    var terms = new ArrayList<Node>();
    terms(node, terms);
    for (var term : terms) {
      if (term.expr() instanceof Expr.Read(var tensor, var at)
          && tensor.equals(first)
          && terms.remove(nodes.read(second, at))) {
        terms.set(terms.indexOf(term), nodes.read(sum, at));
        return terms.stream().reduce(nodes::add).orElseThrow();
      }
    }
    return node;
  }

  private static void terms(Node node, List<Node> into) {
    if (node.expr() instanceof Expr.Binary(var op, var x, var y) && op == BinaryOp.ADD) {
      terms(x, into);
      terms(y, into);
    } else {
      into.add(node);
    }
  }

  // One product.

  private Optional<Equation> both(Tensor sum, Equation input, Equation state) {
    return both(sum, input, state, false).or(() -> both(sum, input, state, true));
  }

  /**
   * The product of both with the axes of the second.
   *
   * @param swapped whether the left factor of one goes with the right one of the other
   */
  private Optional<Equation> both(Tensor tensor, Equation input, Equation state, boolean swapped) {
    var first = input.reduced().getFirst();
    var second = state.reduced().getFirst();
    var terms = new Axis(new Atom.Index(nodes.fresh("k")), first.extent().plus(second.extent()));
    var here = Poly.of(terms.index());
    var isFirst = nodes.compare(Comparison.LT, nodes.index(here), nodes.index(first.extent()));
    var a = (Expr.Binary) input.body().expr();
    var b = (Expr.Binary) state.body().expr();
    var axes = new ArrayList<>(input.axes());
    axes.add(first);
    var values = new ArrayList<Node>();
    state.axes().forEach(axis -> values.add(nodes.index(axis)));
    values.add(nodes.index(here));
    var behind = nodes.index(here.minus(first.extent()));
    var left = Inline.instantiate(nodes, a.x(), axes, values);
    var right = Inline.instantiate(nodes, a.y(), axes, values);
    var x = Inline.instantiate(nodes, b.x(), List.of(second), List.of(behind));
    var y = Inline.instantiate(nodes, b.y(), List.of(second), List.of(behind));
    var body =
        nodes.mul(
            nodes.select(isFirst, left, swapped ? y : x),
            nodes.select(isFirst, right, swapped ? x : y));
    var sum = new Reduction(Reduction.Kind.SUM, List.of(terms), nodes.bool(true));
    var both = new Equation(tensor, state.axes(), Optional.of(sum), body, state.origin());
    return Contractions.recognise(both, nodes).map(_ -> both);
  }
}
