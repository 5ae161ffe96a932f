package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Small well-typed programs for tests that compare: compiled with interpreted, gradients with
 * central differences. The same seed gives the same program.
 *
 * <p>They hold contractions, strides, guards, recurrences (forwards, backwards, two steps, mutual,
 * on a grid), all reductions, gathers, selects with fallbacks, quasi-affine reads and draws; every
 * fifth program also chains of fallbacks, up to three reads behind the first. Every affine read is
 * in range or guarded, values stay small and away from kinks, and the rank 0 output {@code loss}
 * depends smoothly on every real tensor.
 */
public final class RandomPrograms {
  /**
   * A program and what to run it on.
   *
   * @param loss a real of rank 0 that depends on everything
   * @param parameters real inputs, by which {@code loss} has derivatives
   * @param inputs values of all inputs, reals as {@code F64} that are floats, too
   * @param dims the sizes of the open dimensions
   */
  public record Case(
      long seed,
      Program program,
      Tensor loss,
      List<Tensor> parameters,
      Map<String, dev.nnlang.runtime.tensor.Tensor> inputs,
      Map<String, Long> dims) {
    /** Copies of the inputs, reals stored in this type. */
    public Map<String, dev.nnlang.runtime.tensor.Tensor> inputs(ElementType real) {
      var copies = new LinkedHashMap<String, dev.nnlang.runtime.tensor.Tensor>();
      inputs.forEach(
          (name, value) -> {
            var type = value.type() == ElementType.F64 ? real : value.type();
            var copy = dev.nnlang.runtime.tensor.Tensor.zeros(type, value.shape());
            for (int k = 0; k < value.size(); k++) {
              copy.set(k, value.get(k));
            }
            copies.put(name, copy);
          });
      return copies;
    }

    /**
     * What has a derivative by every parameter: the loss, and some parts of it, for a program may
     * have several outputs that are differentiated.
     */
    public List<Tensor> differentiated() {
      var all = new ArrayList<>(List.of(loss));
      program.equations().stream()
          .map(Equation::tensor)
          .filter(t -> t.rank() == 0 && t.name().startsWith("part"))
          .limit(seed % 8 == 5 ? 2 : 0)
          .forEach(all::add);
      return all;
    }

    /** The name of a derivative among the outputs of {@link #withGradients}. */
    public static String gradient(Tensor of, Tensor by) {
      return "gradient/" + of.name() + "/" + by.name();
    }

    /** The program that also gives the derivative of each {@link #differentiated} tensor. */
    public Program withGradients() {
      var derivatives = new ArrayList<Program.Derivative>();
      var outputs = new ArrayList<>(program.outputs());
      for (var of : differentiated()) {
        for (var by : parameters) {
          var derivative = derivative(gradient(of, by), of, by);
          derivatives.add(derivative);
          outputs.add(new Program.Output(derivative.result().name(), derivative.result()));
        }
      }
      return with(program.equations(), derivatives, outputs);
    }

    /**
     * The program that gives {@code slope}, that of the loss along a fixed direction of all
     * parameters together, and {@code gradient/slope/x}, its derivative: one of a derivative.
     */
    public Program withSecondOrder() {
      var nodes = program.nodes();
      var equations = new ArrayList<>(program.equations());
      var derivatives = new ArrayList<Program.Derivative>();
      var total = nodes.real(0);
      for (var by : parameters) {
        var first = derivative(gradient(loss, by), loss, by);
        derivatives.add(first);
        var over = axes("k", by.shape());
        var place = Poly.of(1);
        for (var axis : over) {
          place = place.times(3).plus(Poly.of(axis.index()));
        }
        var along = nodes.unary(UnaryOp.COS, nodes.cast(Type.REAL, nodes.index(place)));
        var term = new Tensor("along/" + by.name(), Type.REAL, List.of());
        equations.add(
            new Equation(
                term,
                List.of(),
                over.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Reduction(Reduction.Kind.SUM, over, nodes.bool(true))),
                nodes.mul(along, nodes.readAt(first.result(), over)),
                Origin.synthetic(term.name())));
        total = nodes.add(total, nodes.read(term, List.of()));
      }
      var slope = new Tensor("slope", Type.REAL, List.of());
      equations.add(
          new Equation(slope, List.of(), Optional.empty(), total, Origin.synthetic("slope")));
      var outputs = new ArrayList<>(List.of(new Program.Output("slope", slope)));
      for (var by : parameters) {
        var second = derivative(gradient(slope, by), slope, by);
        derivatives.add(second);
        outputs.add(new Program.Output(second.result().name(), second.result()));
      }
      return with(equations, derivatives, outputs);
    }

    private static Program.Derivative derivative(String name, Tensor of, Tensor by) {
      return new Program.Derivative(
          new Tensor(name, Type.REAL, by.shape()), of, by, Origin.synthetic(name));
    }

    private Program with(
        List<Equation> equations,
        List<Program.Derivative> derivatives,
        List<Program.Output> outputs) {
      var p = program;
      return new Program(
          p.name(), p.nodes(), p.open(), p.inputs(), equations, derivatives, outputs, p.updates());
    }

    @Override
    public String toString() {
      return "seed " + seed + ", sizes " + dims + "\n" + EquationText.of(program);
    }
  }

  private static final Poly BATCH = Poly.dim("batch");
  private static final Poly TIME = Poly.dim("T");

  private final Random random;
  private final long seed;
  private final Nodes nodes = new Nodes();
  private final Map<String, Long> dims = new LinkedHashMap<>();
  private final List<Program.Input> inputs = new ArrayList<>();
  private final Map<String, dev.nnlang.runtime.tensor.Tensor> values = new LinkedHashMap<>();
  private final List<Equation> equations = new ArrayList<>();
  private final List<Program.Update> updates = new ArrayList<>();
  private final List<Poly> extents = new ArrayList<>();
  private final RandomExpressions expressions;

  private RandomPrograms(long seed) {
    this.seed = seed;
    this.random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
    var seeds = input("seed", Type.INT, List.of(), Program.Role.SCALAR, 1000);
    var step = input("step", Type.INT, List.of(), Program.Role.SCALAR, 10);
    // The programs of other numbers are what they always were.
    int links = seed % 5 == 4 ? 3 : 0;
    this.expressions = new RandomExpressions(nodes, random, seeds, step, links);
  }

  public static Case program(long seed) {
    return new RandomPrograms(seed).build();
  }

  private Case build() {
    chooseSizes();
    var parameters = new ArrayList<Tensor>();
    for (int k = 2 + random.nextInt(3); k > 0; k--) {
      var role =
          switch (random.nextInt(5)) {
            case 0, 1 -> Program.Role.DATA;
            case 2 -> Program.Role.STATE;
            default -> Program.Role.PARAMETER;
          };
      var shape = shape(role == Program.Role.DATA ? 3 : 2);
      if (role != Program.Role.DATA) {
        // What outlives a run has a size that does not depend on the run (LR-26).
        shape.replaceAll(e -> dims.isEmpty() || e.isConstant() ? e : fixed());
      }
      var x = input("x" + k, Type.REAL, shape, role, 0);
      expressions.addReal(x, 1);
      parameters.add(x);
    }
    if (random.nextInt(3) == 0) {
      var below = fixed();
      var ids = input("ids", Type.INT, shape(2), Program.Role.DATA, (int) below.constantTerm());
      expressions.addInt(ids, below);
    }
    for (int k = 3 + random.nextInt(5); k > 0; k--) {
      add();
    }
    for (var state : inputs) {
      if (state.role() == Program.Role.STATE) {
        update(state.tensor());
      }
    }
    var loss = loss();
    var outputs = new ArrayList<Program.Output>();
    for (var equation : equations) {
      var tensor = equation.tensor();
      if (tensor == loss || random.nextInt(3) > 0) {
        outputs.add(new Program.Output(tensor.name(), tensor));
      }
    }
    var open = dims.keySet().stream().map(Atom.Dim::new).toList();
    // Only reads define the order of work, so the order of equations must not matter.
    var shuffled = new ArrayList<>(equations);
    Collections.shuffle(shuffled, random);
    var program = new Program("random", nodes, open, inputs, shuffled, List.of(), outputs, updates);
    return new Case(seed, program, loss, parameters, values, dims);
  }

  private void chooseSizes() {
    for (int k = 0; k < 3; k++) {
      extents.add(Poly.of(1 + random.nextInt(5)));
    }
    // Now and then longer than a vector, so that there are whole vectors and parts of one.
    int more = random.nextInt(3);
    extents.add(Poly.of(hasLong() ? 17 + 8 * more : 6 + more));
    if (random.nextBoolean()) {
      dims.put("batch", 1L + random.nextInt(3));
      extents.add(BATCH);
    }
    if (random.nextInt(3) == 0) {
      dims.put("T", 1L + random.nextInt(5));
      extents.add(TIME);
      if (random.nextBoolean()) {
        extents.add(TIME.plus(1).floorDiv(Poly.of(2)));
      }
    }
  }

  private boolean hasLong() {
    return seed % 4 == 3;
  }

  private Poly extent() {
    return extents.get(random.nextInt(extents.size()));
  }

  /** An extent over which an equation may read itself: not that of the examples (LR-30). */
  private Poly steps() {
    var chosen = extent();
    return chosen.equals(BATCH) ? fixed() : chosen;
  }

  private Poly fixed() {
    return extents.get(random.nextInt(4));
  }

  private List<Poly> shape(int most) {
    var shape = new ArrayList<Poly>();
    for (int k = random.nextInt(most + 1); k > 0; k--) {
      shape.add(extent());
    }
    return shape;
  }

  /** For an {@code INT}, values are in {@code 0 .. below - 1}. */
  private Tensor input(String name, Type type, List<Poly> shape, Program.Role role, int below) {
    var tensor = new Tensor(name, type, shape);
    int[] sizes =
        shape.stream().mapToInt(p -> (int) p.evaluate(a -> dims.get(a.toString()))).toArray();
    var value =
        dev.nnlang.runtime.tensor.Tensor.zeros(
            type == Type.REAL ? ElementType.F64 : ElementType.INT, sizes);
    for (int k = 0; k < value.size(); k++) {
      value.set(
          k, type == Type.REAL ? (float) (random.nextDouble() * 2 - 1) : random.nextInt(below));
    }
    inputs.add(new Program.Input(tensor, role));
    values.put(name, value);
    return tensor;
  }

  // Equations.

  private void add() {
    switch (random.nextInt(13)) {
      case 0, 1 -> elementwise(shape(3));
      case 2, 3 -> contraction();
      case 4, 5, 6, 7 ->
          reduction(Reduction.Kind.values()[random.nextInt(Reduction.Kind.values().length)]);
      case 8 -> whole();
      case 9 -> condition();
      case 10 -> recurrence();
      case 11 -> cell();
      default -> grid();
    }
  }

  private static List<Axis> axes(String stem, List<Poly> shape) {
    var axes = new ArrayList<Axis>();
    for (var extent : shape) {
      axes.add(Axis.of(stem + axes.size(), extent));
    }
    return axes;
  }

  private Tensor tensor(Type type, List<Axis> axes) {
    return new Tensor("t" + equations.size(), type, axes.stream().map(Axis::extent).toList());
  }

  private void define(Tensor tensor, List<Axis> axes, Optional<Reduction> reduction, Node body) {
    var origin = Origin.synthetic(tensor.name());
    equations.add(new Equation(tensor, axes, reduction, body, origin));
  }

  private void elementwise(List<Poly> shape) {
    var axes = axes("i", shape);
    var body = expressions.real(axes, 3);
    var tensor = tensor(Type.REAL, axes);
    define(tensor, axes, Optional.empty(), body.node());
    expressions.addReal(tensor, body.bound());
  }

  private void update(Tensor state) {
    elementwise(state.shape());
    updates.add(new Program.Update(state, equations.getLast().tensor()));
  }

  /** A sum of products of reads: dense, strided or padded as the subscripts fall. */
  private void contraction() {
    var axes = axes("i", shape(2));
    var over = axes("k", List.of(extent(), extent()).subList(0, 1 + random.nextInt(2)));
    var scope = new ArrayList<>(axes);
    scope.addAll(over);
    var a = expressions.real(scope, 0);
    var b = expressions.real(scope, 0);
    var guard = random.nextInt(3) == 0 ? expressions.indexCondition(scope) : nodes.bool(true);
    var tensor = tensor(Type.REAL, axes);
    var sum = new Reduction(Reduction.Kind.SUM, over, guard);
    define(tensor, axes, Optional.of(sum), nodes.mul(a.node(), b.node()));
    expressions.addReal(tensor, 20 * a.bound() * b.bound());
  }

  private void reduction(Reduction.Kind kind) {
    var axes = axes("i", shape(2));
    boolean place = kind == Reduction.Kind.ARGMAX || kind == Reduction.Kind.ARGMIN;
    var over =
        axes(
            "k",
            place || random.nextBoolean()
                ? List.of(place ? fixed() : extent())
                : List.of(fixed(), extent()));
    var scope = new ArrayList<>(axes);
    scope.addAll(over);
    switch (kind) {
      case SUM -> {
        var body = expressions.real(scope, 2);
        real(axes, new Reduction(kind, over, anyGuard(scope)), body.node(), 20 * body.bound());
      }
      case PROD -> {
        // Now and then a factor is 0, and often none is: both have their gradients.
        var x = nodes.unary(UnaryOp.SIN, expressions.real(scope, 1).node());
        var factor =
            random.nextInt(3) == 0
                ? nodes.select(expressions.indexCondition(scope), x, nodes.real(0))
                // A product of many must stay small, too.
                : nodes.add(nodes.real(1), nodes.mul(nodes.real(hasLong() ? 0.03125 : 0.25), x));
        real(axes, new Reduction(kind, over, anyGuard(scope)), factor, 1000);
      }
      case MAX, MIN, LOGSUMEXP -> {
        // Never empty: minus infinity would make every difference NaN.
        var first =
            nodes.compare(Expr.Comparison.EQ, nodes.index(over.getFirst()), nodes.integer(0));
        var guard = anyGuard(scope);
        var some = guard.equals(nodes.bool(true)) ? guard : nodes.or(first, guard);
        var body = expressions.real(scope, 2);
        real(axes, new Reduction(kind, over, some), body.node(), body.bound() + 4);
      }
      case ANY, ALL -> {
        var body = expressions.bool(scope, 1);
        var tensor = tensor(Type.BOOL, axes);
        define(tensor, axes, Optional.of(new Reduction(kind, over, anyGuard(scope))), body);
        expressions.addBool(tensor);
      }
      case ARGMAX, ARGMIN -> {
        var tensor = tensor(Type.INT, axes);
        var always = new Reduction(kind, over, nodes.bool(true));
        define(tensor, axes, Optional.of(always), expressions.real(scope, 1).node());
        expressions.addInt(tensor, over.getFirst().extent());
      }
    }
  }

  private void real(List<Axis> axes, Reduction reduction, Node body, double bound) {
    var tensor = tensor(Type.REAL, axes);
    define(tensor, axes, Optional.of(reduction), body);
    expressions.addReal(tensor, bound);
  }

  private Node anyGuard(List<Axis> scope) {
    return switch (random.nextInt(4)) {
      case 0 -> expressions.indexCondition(scope);
      case 1 -> expressions.bool(scope, 1);
      default -> nodes.bool(true);
    };
  }

  /** Whole numbers to gather with. */
  private void whole() {
    var axes = axes("i", shape(2));
    var below = fixed();
    var sum = Poly.of(random.nextInt(3));
    for (var axis : axes) {
      sum = sum.plus(Poly.of(axis.index()).times(1 + random.nextInt(3)));
    }
    var tensor = tensor(Type.INT, axes);
    define(tensor, axes, Optional.empty(), nodes.index(sum.floorMod(below)));
    expressions.addInt(tensor, below);
  }

  private void condition() {
    var axes = axes("i", shape(2));
    var body = expressions.bool(axes, 2);
    var tensor = tensor(Type.BOOL, axes);
    define(tensor, axes, Optional.empty(), body);
    expressions.addBool(tensor);
  }

  // Recurrences.

  /** {@code h[.., t, ..]} at {@code t + by}, or {@code otherwise} where that is outside. */
  private Node shifted(Tensor h, List<Axis> axes, int position, long by, Node otherwise) {
    var at = Poly.of(axes.get(position).index()).plus(by);
    var subscripts = new ArrayList<>(axes.stream().map(nodes::index).toList());
    subscripts.set(position, nodes.index(at));
    var extent = axes.get(position).extent();
    var guard = nodes.atLeastZero(by < 0 ? at : extent.minus(1).minus(at));
    return nodes.select(guard, nodes.read(h, subscripts), otherwise);
  }

  /** {@code h[t] = tanh(a*h[t-1] + b*h[t-2] + x)}, forwards or backwards. */
  private void recurrence() {
    var shape = new ArrayList<>(shape(1));
    int position = random.nextInt(shape.size() + 1);
    shape.add(position, steps());
    var axes = axes("i", shape);
    var h = tensor(Type.REAL, axes);
    int direction = random.nextBoolean() ? -1 : 1;
    var start = random.nextBoolean() ? nodes.real(0.5) : expressions.real(axes, 0).node();
    var sum = nodes.mul(nodes.real(0.75), shifted(h, axes, position, direction, start));
    if (random.nextBoolean()) {
      var second = shifted(h, axes, position, 2 * direction, nodes.real(0));
      sum = nodes.add(sum, nodes.mul(second, expressions.real(axes, 0).node()));
    }
    var body = nodes.unary(UnaryOp.TANH, nodes.add(sum, expressions.real(axes, 1).node()));
    define(h, axes, Optional.empty(), body);
    expressions.addReal(h, 1);
  }

  /**
   * {@code z[t, j] = sum[k](h[t-1, k] * w[j, k]); c[t, j] = c[t-1, j]/2 + z; h[t, j] = tanh(c +
   * x)}.
   */
  private void cell() {
    var time = steps();
    var width = fixed();
    var axes = axes("i", List.of(time, width));
    var z = tensor(Type.REAL, axes);
    var h = new Tensor("t" + (equations.size() + 1), Type.REAL, z.shape());
    var c = new Tensor("t" + (equations.size() + 2), Type.REAL, z.shape());
    int direction = random.nextBoolean() ? -1 : 1;
    var k = Axis.of("k0", width);
    var scope = List.of(axes.get(0), axes.get(1), k);
    var weight = expressions.real(scope, 0).node();
    var input = expressions.real(axes, 1).node();
    var before = Poly.of(axes.getFirst().index()).plus(direction);
    var inside = nodes.atLeastZero(direction < 0 ? before : time.minus(1).minus(before));
    var past = nodes.read(h, List.of(nodes.index(before), nodes.index(k)));
    var sum = new Reduction(Reduction.Kind.SUM, List.of(k), inside);
    define(z, axes, Optional.of(sum), nodes.mul(past, weight));
    var hidden = nodes.add(nodes.readAt(c, axes), input);
    define(h, axes, Optional.empty(), nodes.unary(UnaryOp.TANH, hidden));
    var carried = nodes.mul(nodes.real(0.5), shifted(c, axes, 0, direction, nodes.real(0.25)));
    define(c, axes, Optional.empty(), nodes.add(carried, nodes.readAt(z, axes)));
    expressions.addReal(h, 1);
  }

  /** {@code d[i, j] = min or smooth of d[i-1, j], d[i, j-1]}. */
  private void grid() {
    var axes = axes("i", List.of(steps(), steps()));
    var d = tensor(Type.REAL, axes);
    var up = shifted(d, axes, 0, -1, nodes.real(0.375));
    var left = shifted(d, axes, 1, random.nextInt(3) == 0 ? 1 : -1, nodes.real(-0.25));
    var half = nodes.mul(nodes.real(0.5), nodes.add(up, left));
    var body = nodes.unary(UnaryOp.TANH, nodes.add(half, expressions.real(axes, 0).node()));
    define(d, axes, Optional.empty(), body);
    expressions.addReal(d, 1);
  }

  // The loss.

  private Tensor loss() {
    var total = nodes.real(0.125);
    var defined = List.copyOf(equations);
    for (var equation : defined) {
      if (equation.tensor().type() != Type.REAL) {
        continue;
      }
      var over = axes("k", equation.tensor().shape());
      var element = nodes.readAt(equation.tensor(), over);
      var part = new Tensor("part" + equations.size(), Type.REAL, List.of());
      var weight = nodes.real(0.25 + 0.125 * random.nextInt(6));
      var body = nodes.unary(UnaryOp.SIN, nodes.mul(weight, element));
      var sum =
          over.isEmpty()
              ? Optional.<Reduction>empty()
              : Optional.of(new Reduction(Reduction.Kind.SUM, over, nodes.bool(true)));
      define(part, List.of(), sum, body);
      total = nodes.add(total, nodes.read(part, List.of()));
    }
    var loss = new Tensor("loss", Type.REAL, List.of());
    define(loss, List.of(), Optional.empty(), total);
    return loss;
  }
}
