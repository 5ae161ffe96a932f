package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Attention;
import dev.nnlang.compiler.Cases;
import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Choices;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attention of whose matrix a block of rows is in memory at a time, forwards and backwards, against
 * the interpreter, which has all of it.
 */
@Execution(ExecutionMode.CONCURRENT)
class RowBlocksTest {
  private static final Choices IN_ROWS = Choices.BY_COST.with(Choices.Matrices.IN_ROWS);

  /** The last are so long that they have several blocks, the last of which has fewer rows. */
  static Stream<Attention> subjects() {
    var plain = "p[h, t, s] * v[h, s, c]";
    var causal = "if s <= t then PRODUCT / sqrt(E) else -inf";
    var near = "if s > t - 70 and s <= t + 3 then PRODUCT else -inf";
    var late = "if s + 200 <= t then PRODUCT else -inf";
    return Stream.concat(
        Attention.all(),
        Stream.of(
            new Attention("long", causal, plain, 410, 410, 4, 5),
            new Attention("near", near, plain, 330, 300, 4, 8),
            new Attention("late", late, plain, 340, 320, 4, 16)));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void forwards(Attention subject) {
    compare(() -> subject.program(Set.of()), Precision.F64, 1e-9);
  }

  /** Some need the matrix whole: the gradient of a bias adds up along the heads. */
  @ParameterizedTest
  @MethodSource("subjects")
  void backwards(Attention subject) {
    Supplier<Program> program = () -> subject.program(Set.of("o"));
    if (isInRows(Schedule.plan(program.get(), IN_ROWS))) {
      compare(program, Precision.F64, 1e-9);
    } else {
      assertTrue(List.of("bias", "thrown away after").contains(subject.name()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"causal", "weighted", "wide", "long"})
  void inFloats(String name) {
    var subject = subjects().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    compare(() -> subject.program(Set.of("o")), Precision.F32, 2e-4);
  }

  static Stream<Path> cases() {
    return Cases.files(Path.of("src/test/resources/dev/nnlang/compiler/schedule/device")).stream();
  }

  /** The programs whose plans for devices are written down. */
  @ParameterizedTest
  @MethodSource("cases")
  void programsForDevices(Path file) throws Exception {
    var text = Files.readString(file).split("----\n")[0];
    compare(() -> EquationParser.parse(text, new Nodes()), Precision.F64, 1e-9);
  }

  private static boolean isInRows(Plan plan) {
    return plan.kernels().stream().anyMatch(Kernel.RowBlocks.class::isInstance);
  }

  private static void compare(Supplier<Program> made, Precision precision, double tolerance) {
    var type = precision.element();
    var reference = made.get();
    var expected =
        run(reference, new InterpretedProgram(reference, Border.of(reference, type)), type, 1);
    var program = made.get();
    var plan = Schedule.plan(program, IN_ROWS);
    assertTrue(isInRows(plan));
    var compiled = JvmBackend.compile(plan, precision);
    var got = run(program, compiled, type, 1);
    var different = new ArrayList<String>();
    expected.forEach((name, e) -> same(name, e, got.get(name), tolerance, different));
    assertEquals(List.of(), different);
    for (int threads : new int[] {2, 3, 8}) {
      run(program, compiled, type, threads)
          .forEach((name, t) -> assertArrayEquals(values(got.get(name)), values(t), name));
    }
  }

  private static double[] values(Tensor tensor) {
    var values = new double[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(i);
    }
    return values;
  }

  private static Map<String, Tensor> run(
      Program program, Executable executable, ElementType type, int threads) {
    try (var session = executable.open(threads)) {
      session.dimension("batch", 2);
      for (var input : program.inputs()) {
        var tensor = input.tensor();
        int[] shape = tensor.shape().stream().mapToInt(s -> (int) s.evaluate(_ -> 2L)).toArray();
        session.bind(
            tensor.name(),
            tensor.type() == Type.REAL
                ? Attention.normal(type, tensor.name().hashCode(), shape)
                : Tensor.of(new long[] {7}, shape));
      }
      session.run();
      // What a run leaves in windows is no matter to the next one.
      session.run();
      var outputs = new LinkedHashMap<String, Tensor>();
      for (var port : executable.signature().outputs()) {
        outputs.put(port.name(), session.output(port.name()));
      }
      return outputs;
    }
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
