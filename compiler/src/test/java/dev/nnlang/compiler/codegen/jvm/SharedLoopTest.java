package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.Attention;
import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.schedule.ApartRounds;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Time loops of which each thread does all rounds for examples of its own. */
@Execution(ExecutionMode.CONCURRENT)
class SharedLoopTest {
  private static final Path FILE =
      Path.of("src/test/resources/dev/nnlang/compiler/schedule/plans/apart.case");

  private static Program program() throws IOException {
    return EquationParser.parse(Files.readString(FILE).split("----\n")[0], new Nodes());
  }

  @Test
  void twoOfThreeLoopsAreApart() throws Exception {
    var loops =
        Schedule.plan(program()).kernels().stream()
            .filter(Kernel.Recurrence.class::isInstance)
            .map(Kernel.Recurrence.class::cast)
            .toList();
    assertEquals(3, loops.size());
    assertEquals(2, loops.stream().filter(l -> ApartRounds.of(l).isPresent()).count());
  }

  /**
   * Threads have equally many examples, or not, or so few that they share each round, or so many
   * that a round takes them in blocks, which the interpreter has no time for.
   */
  @ParameterizedTest
  @CsvSource({"16, F64", "35, F64", "35, F32", "450, F32", "5, F64"})
  void sameBitsOnAnyNumberOfThreads(int examples, Precision precision) throws Exception {
    var program = program();
    var type = precision.element();
    var compiled = JvmBackend.compile(Schedule.plan(program), precision);
    var once = run(program, compiled, type, examples, 1);
    if (examples < 100) {
      var interpreted = new InterpretedProgram(program, Border.of(program, type));
      double tolerance = type == ElementType.F64 ? 1e-12 : 1e-4;
      run(program, interpreted, type, examples, 1)
          .forEach((name, e) -> assertArrayEquals(e, once.get(name), tolerance, name));
    }
    for (int threads : new int[] {2, 3, 4}) {
      run(program, compiled, type, examples, threads)
          .forEach((name, got) -> assertArrayEquals(once.get(name), got, name));
    }
  }

  private static Map<String, double[]> run(
      Program program, Executable executable, ElementType type, int examples, int threads) {
    try (var session = executable.open(threads)) {
      session.dimension("batch", examples);
      for (var input : program.inputs()) {
        var tensor = input.tensor();
        int[] shape =
            tensor.shape().stream().mapToInt(s -> (int) s.evaluate(_ -> (long) examples)).toArray();
        session.bind(tensor.name(), Attention.normal(type, tensor.name().hashCode(), shape));
      }
      session.run();
      session.run();
      var outputs = new LinkedHashMap<String, double[]>();
      for (var port : executable.signature().outputs()) {
        var tensor = session.output(port.name());
        var values = new double[tensor.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = tensor.get(i);
        }
        outputs.put(port.name(), values);
      }
      return outputs;
    }
  }
}
