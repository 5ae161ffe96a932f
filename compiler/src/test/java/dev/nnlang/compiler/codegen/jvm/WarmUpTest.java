package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.nnlang.compiler.Attention;
import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Kernels of a training are called before its first run, and nothing shows of that. */
class WarmUpTest {
  private static final int EXAMPLES = 100;

  /** Kernels large enough to be warmed up, two of which write what is bound. */
  private static final String STEP =
      """
      program step(batch)
        input x: real[batch, 120] data
        input w: real[120, 300] parameter
        input m: real[120, 300] optimizer
        y[b: batch, o: 300] = sum[c: 120](x[b, c] * w[c, o])   -- a product
        a[b: batch, o: 300] = tanh(0.1 * y[b, o])   -- of few numbers each
        d[b: batch, o: 300] = a[b, o] * (1.0 - a[b, o] * a[b, o])   -- its derivative
        g[c: 120, o: 300] = sum[b: batch](x[b, c] * d[b, o])   -- of the weights
        n[c: 120, o: 300] = 0.9 * m[c, o] + 0.1 * (g[c, o] * g[c, o])   -- the mean of squares
        v[c: 120, o: 300] = 0.9 * w[c, o] - 0.01 * g[c, o] / (sqrt(n[c, o]) + 0.001)   -- RMSprop, and weights decay: without a gradient, too
        output a = a
        update m <- n
        update w <- v
      """;

  @Test
  void whatIsBoundStaysAsItIs() throws Exception {
    var program = EquationParser.parse(STEP, new Nodes());
    var interpreted = new InterpretedProgram(program, Border.of(program, ElementType.F64));
    var expected = twoSteps(program, interpreted);
    var compiled = JvmBackend.compile(Schedule.plan(program), Precision.F64);
    twoSteps(program, compiled)
        .forEach((name, got) -> assertArrayEquals(expected.get(name), got, 1e-9, name));
  }

  private static Map<String, double[]> twoSteps(Program program, Executable executable) {
    var values = new LinkedHashMap<String, Tensor>();
    try (var session = executable.open(1)) {
      session.dimension("batch", EXAMPLES);
      for (var input : program.inputs()) {
        var tensor = input.tensor();
        int[] shape =
            tensor.shape().stream().mapToInt(s -> (int) s.evaluate(_ -> (long) EXAMPLES)).toArray();
        var value = Attention.normal(ElementType.F64, tensor.name().hashCode(), shape);
        if (tensor.name().equals("m")) {
          // Squares.
          value = Tensor.of(new double[value.size()], shape);
        }
        values.put(tensor.name(), value);
        session.bind(tensor.name(), value);
      }
      session.run();
      session.run();
      values.put("a", session.output("a"));
    }
    var numbers = new LinkedHashMap<String, double[]>();
    values.forEach((name, value) -> numbers.put(name, value.doubles().clone()));
    return numbers;
  }
}
