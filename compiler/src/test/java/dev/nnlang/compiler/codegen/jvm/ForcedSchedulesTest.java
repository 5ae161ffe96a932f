package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Pipeline;
import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.codegen.Extents;
import dev.nnlang.compiler.codegen.RandomRuns;
import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.RandomPrograms;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Choices;
import dev.nnlang.compiler.schedule.Choices.Loops;
import dev.nnlang.compiler.schedule.Choices.Matrices;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.schedule.ReadAhead;
import dev.nnlang.compiler.schedule.Recompute;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.schedule.Stage;
import dev.nnlang.compiler.schedule.Tail;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Every decision that the schedule makes for speed, made in every way whatever the costs say:
 * random programs still compute what the interpreter computes. {@code -Dforced=2000} tries more of
 * them.
 */
class ForcedSchedulesTest {
  private static final int PROGRAMS = Integer.getInteger("forced", 100);

  private static Map<String, Function<Program, Plan>> decisions() {
    var all = new LinkedHashMap<String, Function<Program, Plan>>();
    all.put("all computed again", plan(Choices.BY_COST.with(Recompute.Choice.ALWAYS)));
    all.put("nothing computed again", plan(Choices.BY_COST.with(Recompute.Choice.NEVER)));
    all.put("time loops outside", plan(Choices.BY_COST.with(Loops.OUTSIDE)));
    all.put("time loops inside", plan(Choices.BY_COST.with(Loops.INSIDE)));
    all.put("matrices in rows", plan(Choices.BY_COST.with(Matrices.IN_ROWS)));
    var together = new Choices(Recompute.Choice.BY_COST, Loops.BY_SIZE, Matrices.BY_SIZE, Set.of());
    all.put("few values together", plan(together));
    all.put("as for many examples", Schedule::forMany);
    for (var part : Choices.Part.values()) {
      if (!Choices.BY_COST.without().contains(part)) {
        all.put("without " + part, plan(Choices.BY_COST.without(part)));
      }
    }
    for (var tail : Tail.values()) {
      all.put("tails " + tail, forms(sweep -> with(sweep, tail, sweep.abreast())));
    }
    for (int abreast : new int[] {1, 2, 4, 8}) {
      all.put(
          abreast + " vectors abreast",
          forms(sweep -> sweep.hasOnlySums() ? with(sweep, sweep.tail(), abreast) : sweep));
    }
    all.put("blocks of 16", nests(nest -> nest.block() == 1 ? nest : blocks(nest, 16)));
    all.put("short rows read ahead", nests(nest -> ReadAhead.of(nest, 1)));
    all.put("factors packed", products(ForcedSchedulesTest::packed));
    all.put("sides swapped", products((product, _) -> swapped(product)));
    return all;
  }

  /** What random programs have none of: products, convolutions, wide recurrences, attention. */
  private static final List<Network> NETWORKS =
      List.of(
          new Network(
              "6, 40", "6, 12", "x |> Dense(48) |> relu |> LayerNorm |> Dense(12) |> softmax"),
          new Network(
              "8, 8, 4",
              "2, 2, 8",
              "x |> Conv2d(16) |> gelu |> MaxPool2d(2) |> Conv2d(8, stride = 2) |> tanh"),
          new Network("5, 40", "5, 36", "x |> LSTM(36)"),
          new Network("9, 32", "9, 32", "x |> TransformerEncoder(4, rate = 0.0)"),
          new Network("18, 16", "18, 16", "x |> Earlier(16) |> tanh"),
          new Network("3, 520", "3, 520", "x |> LayerNorm |> softmax"),
          new Network("7, 48", "7, 8", "x |> GRU(20) |> BatchNorm |> Dense(8)"));

  private record Network(String in, String out, String layers) {
    /** Indices of a shape: {@code i, j}. */
    static String indices(String shape) {
      return String.join(", ", List.of("i", "j", "k").subList(0, shape.split(",").length));
    }
  }

  private static final int EXAMPLES = 4;

  /**
   * A program with what it is given.
   *
   * @param program made anew each time, so that the names of what the schedule makes are the same
   * @param inputs new ones for each run, since a run may update them
   */
  private record Subject(
      String name,
      Supplier<Program> program,
      Supplier<Map<String, Tensor>> inputs,
      Map<String, Long> dims) {}

  @Test
  void randomPrograms() {
    var subjects = new ArrayList<Subject>();
    for (long seed = 0; seed < PROGRAMS; seed++) {
      var each = RandomPrograms.program(seed);
      subjects.add(
          new Subject(
              "seed " + seed,
              () -> RandomPrograms.program(each.seed()).program(),
              () -> each.inputs(ElementType.F64),
              each.dims()));
    }
    var changed = compare(subjects);
    for (var name :
        List.of("all computed again", "without FUSION", "without LANES", "tails MASKED")) {
      assertTrue(changed.get(name) > PROGRAMS / 20, name + ": " + changed);
    }
  }

  /** Steps of training, so that the derivatives of layers are in them. */
  @Test
  void networks() {
    var subjects = new ArrayList<Subject>();
    NETWORKS.forEach(network -> subjects.add(subject(network)));
    var changed = compare(subjects);
    changed.forEach((name, count) -> assertTrue(count > 0, name + " changes nothing: " + changed));
  }

  private static Subject subject(Network network) {
    var text =
        """
        layer Earlier(E: dim) : x[T, D] -> y[T, D] {
            param wq[D, E] ~ glorot_uniform
            param wk[D, E] ~ glorot_uniform
            q[t, e] = sum[d](x[t, d] * wq[d, e])
            k[t, e] = sum[d](x[t, d] * wk[d, e])
            a[t, s: T] = if s <= t then sum[e](q[t, e] * k[s, e]) else -inf
            p[t, :] = softmax(a[t, :])
            y[t, d] = sum[s](p[t, s] * x[s, d])
        }
        model Subject : x[%1$s] -> y[%2$s] {
            y = %5$s
        }
        data Examples {
            source table[N, %1$s] = npy("table.npy")
            sample n -> x[%1$s] {
                x[%3$s] = table[n, %3$s]
            }
        }
        train Plan : Subject on Examples {
            loss      = sum[%4$s](y[%4$s] * y[%4$s])
            optimizer = Adam()
            batch     = 4
            steps     = 10
        }
        """
            .formatted(
                network.in,
                network.out,
                Network.indices(network.in),
                Network.indices(network.out),
                network.layers);
    var compilation = Compiler.open(new SourceFile("subject.nn", text), Sources.none());
    assertEquals(List.of(), compilation.check(), text);
    var typed = Semantics.training(compilation.workspace(), "Plan", Map.of()).value().orElseThrow();
    Supplier<Program> program = () -> Pipeline.run(Elaborate.training(typed).step());
    var step = program.get();
    var dims = new HashMap<String, Long>();
    step.open().forEach(dim -> dims.put(dim.name(), (long) EXAMPLES));
    return new Subject(network.layers, program, () -> inputs(step, dims), dims);
  }

  private static Map<String, Tensor> inputs(Program program, Map<String, Long> dims) {
    var random = new Random(7);
    var inputs = new LinkedHashMap<String, Tensor>();
    for (var input : program.inputs()) {
      var tensor = input.tensor();
      var shape =
          tensor.shape().stream().mapToInt(e -> (int) Extents.of(e).evaluate(dims)).toArray();
      var value = Tensor.zeros(Extents.element(tensor.type(), ElementType.F64), shape);
      for (int i = 0; i < value.size(); i++) {
        value.set(i, tensor.type() == Type.REAL ? 0.1 + 0.4 * random.nextDouble() : i % EXAMPLES);
      }
      inputs.put(tensor.name(), value);
    }
    return inputs;
  }

  /** Fails where a result differs; gives how many plans each decision has changed. */
  private static Map<String, Integer> compare(List<Subject> subjects) {
    var different = new ArrayList<String>();
    var changed = new LinkedHashMap<String, Integer>();
    var decisions = decisions();
    decisions.keySet().forEach(name -> changed.put(name, 0));
    for (var subject : subjects) {
      var program = subject.program().get();
      var usual = shapes(Schedule.plan(program));
      var signature = Border.of(program, ElementType.F64);
      var expected = run(new InterpretedProgram(program, signature), subject);
      for (var decision : decisions.entrySet()) {
        var plan = decision.getValue().apply(subject.program().get());
        if (shapes(plan).equals(usual)) {
          continue;
        }
        changed.merge(decision.getKey(), 1, Integer::sum);
        var got = run(JvmBackend.compile(plan, Precision.F64), subject);
        expected.forEach(
            (name, tensor) -> {
              if (!RandomRuns.same(tensor, got.get(name))) {
                different.add(subject.name() + ", " + decision.getKey() + ", " + name);
              }
            });
      }
    }
    changed.forEach((name, count) -> System.out.println(name + ": " + count + " plans changed"));
    assertEquals(List.of(), different);
    return changed;
  }

  /** The outputs, and all that was given, of which some was updated. */
  private static Map<String, Tensor> run(Executable executable, Subject subject) {
    var tensors = subject.inputs().get();
    try (var session = executable.open(2)) {
      tensors.forEach(session::bind);
      subject.dims().forEach(session::dimension);
      session.run();
      for (var port : executable.signature().outputs()) {
        tensors.put("output " + port.name(), session.output(port.name()));
      }
      return tensors;
    }
  }

  /** All that code depends on, without the names of what the schedule makes. */
  private static List<String> shapes(Plan plan) {
    var slots = new Slots(plan, ElementType.F64);
    return plan.kernels().stream().map(k -> KernelShape.of(k, List.of(), slots).text()).toList();
  }

  private static Function<Program, Plan> plan(Choices choices) {
    return program -> Schedule.plan(program, choices);
  }

  private static Function<Program, Plan> kernels(UnaryOperator<Kernel> change) {
    return program -> changed(Schedule.plan(program), change);
  }

  private static Plan changed(Plan plan, UnaryOperator<Kernel> change) {
    return plan.with(plan.kernels().stream().map(k -> inside(k, change)).toList());
  }

  private static Kernel inside(Kernel kernel, UnaryOperator<Kernel> change) {
    return kernel instanceof Kernel.Recurrence(var time, var direction, var kernels)
        ? new Kernel.Recurrence(
            time, direction, kernels.stream().map(k -> inside(k, change)).toList())
        : change.apply(kernel);
  }

  // Nests.

  private static Function<Program, Plan> nests(UnaryOperator<Kernel.Nest> change) {
    return kernels(kernel -> kernel instanceof Kernel.Nest nest ? change.apply(nest) : kernel);
  }

  private static Kernel.Nest blocks(Kernel.Nest nest, int block) {
    return new Kernel.Nest(nest.parallel(), block, nest.stages(), nest.local(), nest.remark());
  }

  private static Function<Program, Plan> forms(UnaryOperator<Stage.Sweep> change) {
    return nests(
        nest ->
            new Kernel.Nest(
                nest.parallel(),
                nest.block(),
                stages(nest.stages(), change),
                nest.local(),
                nest.remark()));
  }

  private static List<Stage> stages(List<Stage> stages, UnaryOperator<Stage.Sweep> change) {
    return stages.stream()
        .<Stage>map(
            stage ->
                switch (stage) {
                  case Stage.Compute compute -> compute;
                  case Stage.Sweep sweep -> change.apply(sweep);
                  case Stage.Time(var index, var extents, var direction, var in) ->
                      new Stage.Time(index, extents, direction, stages(in, change));
                })
        .toList();
  }

  private static Stage.Sweep with(Stage.Sweep sweep, Tail tail, int abreast) {
    return new Stage.Sweep(
        sweep.around(),
        sweep.run(),
        sweep.within(),
        sweep.equations(),
        tail,
        abreast,
        sweep.ahead());
  }

  // Products.

  private interface Change {
    Kernel.Contraction of(Kernel.Contraction product, Nodes nodes);
  }

  private static Function<Program, Plan> products(Change change) {
    return program ->
        changed(
            Schedule.plan(program),
            kernel ->
                kernel instanceof Kernel.Contraction product
                    ? change.of(product, program.nodes())
                    : kernel);
  }

  /** What is not a plain read of one tensor cannot be read in place. */
  private static Kernel.Contraction packed(Kernel.Contraction c, Nodes nodes) {
    return new Kernel.Contraction(
        c.equation(),
        c.batch(),
        c.rows(),
        c.columns(),
        c.reduced(),
        hidden(c.left(), nodes),
        hidden(c.right(), nodes),
        c.epilogue(),
        c.local());
  }

  private static Node hidden(Node factor, Nodes nodes) {
    return nodes.of(new Expr.StopGradient(factor));
  }

  private static Kernel.Contraction swapped(Kernel.Contraction c) {
    return new Kernel.Contraction(
        c.equation(),
        c.batch(),
        c.columns(),
        c.rows(),
        c.reduced(),
        c.right(),
        c.left(),
        c.epilogue(),
        c.local());
  }
}
