package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Cases;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Choices;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.gpu.DeviceName;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attention whose matrix is never in memory, forwards and backwards, against the interpreter, which
 * has it: lengths that blocks do not divide, masks, biases, rows and blocks without any column.
 */
@EnabledIf("dev.nnlang.compiler.codegen.gpu.TestDevice#present")
class StripTest {
  private static final String SUBJECT =
      """
      fn subject : q[2, T, E], k[2, S, E], v[2, S, C], bias[T, S], w[S] -> o[2, T, C] {
          a[h, t, s] = SCORE
          WEIGHTS
          o[h, t, c] = sum[s](VALUE)
      }
      """;

  private static final String PRODUCT = "sum[e](q[h, t, e] * k[h, s, e])";
  private static final String SOFTMAX = "p[h, t, :] = softmax(a[h, t, :])";
  private static final String LOGARITHM =
      "p[h, t, s] = exp(a[h, t, s] - logsumexp[j: S](a[h, t, j]))";
  private static final String PLAIN = "p[h, t, s] * v[h, s, c]";

  /** One attention, with its sizes. */
  record Subject(
      String name, String score, String value, int rows, int columns, int terms, int own) {
    static Subject of(String name, String score, int rows, int columns) {
      return new Subject(name, score, PLAIN, rows, columns, 12, 10);
    }

    String text() {
      return SUBJECT
          .replace("SCORE", score.replace("PRODUCT", PRODUCT))
          .replace("VALUE", value)
          .replace("WEIGHTS", name.equals("logarithm") ? LOGARITHM : SOFTMAX)
          .replaceAll("\\bT\\b", Integer.toString(rows))
          .replaceAll("\\bS\\b", Integer.toString(columns))
          .replaceAll("\\bE\\b", Integer.toString(terms))
          .replaceAll("\\bC\\b", Integer.toString(own));
    }

    Map<String, Tensor> inputs(ElementType type) {
      var inputs = new LinkedHashMap<String, Tensor>();
      inputs.put("q", normal(type, 1, 2, rows, terms));
      inputs.put("k", normal(type, 2, 2, columns, terms));
      inputs.put("v", normal(type, 3, 2, columns, own));
      inputs.put("bias", normal(type, 4, rows, columns));
      inputs.put("w", normal(type, 5, columns));
      return inputs;
    }

    Tensor arriving(ElementType type) {
      return normal(type, 6, 2, rows, own);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Subject> subjects() {
    return Stream.of(
        Subject.of("causal", "if s <= t then PRODUCT / sqrt(E) else -inf", 130, 130),
        Subject.of("bias", "PRODUCT + bias[t, s]", 70, 91),
        Subject.of("logarithm", "if s <= t then PRODUCT else -inf", 68, 68),
        Subject.of("cross", "PRODUCT * 0.3", 67, 200),
        Subject.of("few columns at the end", "if s > t then PRODUCT else -inf", 66, 131),
        Subject.of("rows without columns", "if s + 9 <= t then PRODUCT else -inf", 80, 80),
        new Subject("weighted", "PRODUCT", PLAIN + " * w[s]", 71, 69, 7, 33),
        new Subject("wide", "PRODUCT / 4", PLAIN, 64, 70, 100, 128),
        new Subject(
            "thrown away after",
            "PRODUCT",
            "(if s % 3 == t % 3 then p[h, t, s] / 0.9 else 0) * v[h, s, c]",
            77,
            65,
            16,
            16));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void inDoubles(Subject subject) throws Exception {
    compare(subject, Options.Precision.f64, 1e-9);
  }

  /** Blocks are larger than in doubles; a driver takes long for them. */
  @ParameterizedTest
  @ValueSource(strings = {"causal", "weighted"})
  void inFloats(String name) throws Exception {
    compare(named(name), Options.Precision.f32, 2e-4);
  }

  /** The same blocks on tensor cores, with their fragments multiplied by work-items. */
  @ParameterizedTest
  @EnumSource(names = "bf16")
  void inFragments(Arithmetic arithmetic) throws Exception {
    var plain = TestDevice.get();
    if (plain.info().name().driver() != DeviceName.Driver.OPENCL) {
      return;
    }
    var rounding = Options.Rounding.valueOf(arithmetic.name());
    var device = new Options.Backend.Kernels(new ArithmeticTest.WithFragments(plain), rounding);
    compare(
        named("causal"),
        Options.Precision.f32,
        device,
        arithmetic == Arithmetic.tf32 ? 2e-2 : 1e-1);
  }

  private static Subject named(String name) {
    return subjects().filter(s -> s.name.equals(name)).findFirst().orElseThrow();
  }

  static Stream<Path> cases() {
    return Cases.files(Path.of("src/test/resources/dev/nnlang/compiler/schedule/device")).stream();
  }

  /** The programs whose plans are written down compute what they say. */
  @ParameterizedTest
  @MethodSource("cases")
  void plansForDevices(Path file) throws Exception {
    var text = Files.readString(file).split("----\n")[0];
    var program = EquationParser.parse(text, new Nodes());
    var border = Border.of(program, ElementType.F64);
    var plan = Schedule.plan(program, Choices.ON_DEVICE);
    assertTrue(plan.kernels().stream().anyMatch(Kernel.Strip.class::isInstance));
    var expected = run(program, new InterpretedProgram(program, border));
    var got =
        run(program, GpuBackend.compile(plan, ElementType.F64, Arithmetic.ieee, TestDevice.get()));
    var different = new ArrayList<String>();
    expected.forEach((name, e) -> same(name, e, got.get(name), 1e-9, different));
    assertEquals(List.of(), different);
  }

  /** Its forward pass knows which blocks hold nothing; what is exp of a mask may be no number. */
  @Test
  void blocksUnderAMaskAreSkipped() throws Exception {
    var file = Path.of("src/test/resources/dev/nnlang/compiler/schedule/device/attention.case");
    var program = EquationParser.parse(Files.readString(file).split("----\n")[0], new Nodes());
    var plan = Schedule.plan(program, Choices.ON_DEVICE);
    var skipping = new ArrayList<String>();
    GpuBackend.kernels(plan, ElementType.F32, Arithmetic.ieee)
        .forEach(
            (name, text) ->
                text.lines()
                    .filter(line -> line.contains("continue;"))
                    .forEach(line -> skipping.add(name + ": " + line.strip())));
    assertEquals(
        List.of(
            "k0_o: if (c0 > 0 && !(((r0 + 63 < m ? r0 + 63 : m - 1) + -1 * c0 >= 0))) continue;"),
        skipping);
  }

  private static Map<String, Tensor> run(Program program, Executable executable) {
    try (var session = executable.open(1)) {
      session.dimension("batch", 2);
      for (var input : program.inputs()) {
        var tensor = input.tensor();
        int[] shape = tensor.shape().stream().mapToInt(s -> (int) s.evaluate(_ -> 2L)).toArray();
        session.bind(
            tensor.name(),
            tensor.type() == Type.REAL
                ? normal(ElementType.F64, tensor.name().hashCode(), shape)
                : Tensor.of(new long[] {7}, shape));
      }
      session.run();
      var outputs = new LinkedHashMap<String, Tensor>();
      for (var port : executable.signature().outputs()) {
        outputs.put(port.name(), session.output(port.name()));
      }
      return outputs;
    }
  }

  private static void compare(Subject subject, Options.Precision precision, double tolerance)
      throws Exception {
    compare(subject, precision, new Options.Backend.Kernels(TestDevice.get()), tolerance);
  }

  private static void compare(
      Subject subject, Options.Precision precision, Options.Backend device, double tolerance)
      throws Exception {
    var expected = run(subject, new Options(precision, Options.Backend.INTERPRETER));
    var got = run(subject, new Options(precision, device));
    var different = new ArrayList<String>();
    same("o", expected.outputs().get("o"), got.outputs().get("o"), tolerance, different);
    assertTrue(expected.gradients().keySet().containsAll(List.of("q", "k", "v")));
    expected
        .gradients()
        .forEach(
            (name, e) -> same("d " + name, e, got.gradients().get(name), tolerance, different));
    assertEquals(List.of(), different);
    var said =
        Compiler.open(new SourceFile("subject.nn", subject.text()), Sources.none())
            .explainOnDevice(Optional.of("subject"), "step", Options.Rounding.ieee)
            .value();
    assertTrue(said.contains("undivided_"), said);
  }

  private static Evaluation.Result run(Subject subject, Options options) throws Evaluation.Misfit {
    var type = options.precision() == Options.Precision.f64 ? ElementType.F64 : ElementType.F32;
    var result =
        Compiler.open(new SourceFile("subject.nn", subject.text()), Sources.none())
            .evaluate(
                Evaluation.Request.of("subject", subject.inputs(type))
                    .withUpstream(Map.of("o", subject.arriving(type))),
                options,
                1);
    assertTrue(result.value().isPresent(), () -> result.problems().toString());
    return result.value().get();
  }

  private static void same(
      String what, Tensor expected, Tensor got, double tolerance, List<String> different) {
    for (int i = 0; i < expected.size(); i++) {
      double x = expected.get(i);
      double y = got.get(i);
      boolean equal = x == y || Double.isNaN(x) && Double.isNaN(y);
      if (!equal && !(Math.abs(x - y) <= tolerance * (1 + Math.abs(x)))) {
        different.add("%s[%d]: %s, not %s".formatted(what, i, y, x));
        return;
      }
    }
  }

  private static Tensor normal(ElementType type, long seed, int... shape) {
    var random = new Random(seed);
    var tensor = Tensor.zeros(type, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextGaussian());
    }
    return tensor;
  }
}
