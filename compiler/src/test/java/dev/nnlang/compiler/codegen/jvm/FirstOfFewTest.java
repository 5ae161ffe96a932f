package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The place of the first extreme of few values, as choices: ties, infinities and NaN. */
class FirstOfFewTest {
  private static final int BATCH = 200;

  private static final double[] VALUES = {
    0, -0.0, 1, 1, 2, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  @ParameterizedTest
  @CsvSource({"argmax, 2", "argmax, 4", "argmin, 3", "argmin, 4"})
  void isWhatASearchFinds(String function, int count) {
    var program =
        EquationParser.parse(
            """
            program p(batch)
              input x: real[batch, %2$d, 20] data
              p[b: batch, c: 20]: int = %1$s[k: %2$d](x[b, k, c])   -- place
              y[b: batch, k: %2$d, c: 20] = if p[b, c] == k then 1.0 else 0.0   -- which
              output y = y
            """
                .formatted(function, count),
            new Nodes());
    var random = new Random(1);
    var x = Tensor.zeros(Precision.F64.element(), new int[] {BATCH, count, 20});
    for (int i = 0; i < x.size(); i++) {
      x.set(i, VALUES[random.nextInt(VALUES.length)]);
    }
    var plan = Schedule.plan(program);
    assertTrue(plan.toString().contains("place_p"), plan.toString());
    var compiled = JvmBackend.compile(plan, Precision.F64);
    var interpreted = new InterpretedProgram(program, compiled.signature());
    assertArrayEquals(run(interpreted, x), run(compiled, x));
  }

  private static double[] run(Executable executable, Tensor x) {
    try (var session = executable.open(1)) {
      session.bind("x", x);
      session.run();
      return session.output("y").doubles();
    }
  }
}
