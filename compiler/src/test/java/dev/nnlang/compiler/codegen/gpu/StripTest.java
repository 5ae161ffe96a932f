package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Attention;
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
  static Stream<Attention> subjects() {
    return Attention.all();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void inDoubles(Attention subject) throws Exception {
    compare(subject, Options.Precision.f64, 1e-9);
  }

  /** Blocks are larger than in doubles; a driver takes long for them. */
  @ParameterizedTest
  @ValueSource(strings = {"causal", "weighted"})
  void inFloats(String name) throws Exception {
    compare(Attention.named(name), Options.Precision.f32, 2e-4);
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
        Attention.named("causal"),
        Options.Precision.f32,
        device,
        arithmetic == Arithmetic.tf32 ? 2e-2 : 1e-1);
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
                ? Attention.normal(ElementType.F64, tensor.name().hashCode(), shape)
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

  private static void compare(Attention subject, Options.Precision precision, double tolerance)
      throws Exception {
    compare(subject, precision, new Options.Backend.Kernels(TestDevice.get()), tolerance);
  }

  private static void compare(
      Attention subject, Options.Precision precision, Options.Backend device, double tolerance)
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

  private static Evaluation.Result run(Attention subject, Options options)
      throws Evaluation.Misfit {
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
}
