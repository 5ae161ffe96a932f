package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.cpu.ScalarMath;
import dev.nnlang.runtime.math.ErrorFunction;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions of vectors against their 64-bit counterparts, in units in the last place. */
class VectorMathTest {
  private static final int VALUES = 200_003;

  @ParameterizedTest
  @CsvSource({
    "exp, 1.0",
    "log, 1.0",
    "tanh, 2.0",
    "sigmoid, 2.5",
    "erf, 1.0",
    "log1p, 3.0",
    "expm1, 3.0",
    "softplus, 3.0"
  })
  void areAsExactAsTheySay(String function, double most) {
    var x = arguments();
    var y = apply(function, x);
    double worst = 0;
    float at = 0;
    for (int i = 0; i < x.length; i++) {
      double error = error(y[i], exact(function).applyAsDouble(x[i]));
      if (!(error <= worst)) {
        worst = error;
        at = x[i];
      }
    }
    System.out.printf("%-8s %.3f ulp at most, at %s%n", function, worst, at);
    assertTrue(worst <= most, function + " is wrong by " + worst + " ulp at " + at);
  }

  @ParameterizedTest
  @CsvSource({"exp", "log", "tanh", "sigmoid", "erf", "log1p", "expm1", "softplus"})
  void haveTheSameBitsInEveryLane(String function) {
    var x = arguments();
    var y = apply(function, x);
    for (int shift : new int[] {1, 5, 11}) {
      var moved = new float[1000];
      System.arraycopy(x, shift, moved, 0, moved.length);
      var result = apply(function, moved);
      for (int i = 0; i < moved.length; i++) {
        // Java does not say which of all NaNs an operation gives, and compilers differ in it.
        assertEquals(Float.floatToIntBits(y[i + shift]), Float.floatToIntBits(result[i]), function);
      }
    }
  }

  private static float[] arguments() {
    var random = new Random(1);
    var special =
        new float[] {
          0,
          -0f,
          1,
          -1,
          1e-30f,
          -1e-30f,
          88.7f,
          -103.9f,
          200,
          -200,
          1e30f,
          -1e30f,
          Float.POSITIVE_INFINITY,
          Float.NEGATIVE_INFINITY,
          Float.NaN,
          Float.MIN_VALUE
        };
    var x = new float[VALUES];
    for (int i = 0; i < x.length; i++) {
      x[i] =
          i < special.length
              ? special[i]
              : (float) (random.nextGaussian() * Math.pow(10, random.nextInt(7) - 4));
    }
    return x;
  }

  private static float[] apply(String function, float[] x) {
    var program =
        EquationParser.parse(
            """
            program p(batch)
              input x: real[batch] data
              y[i: batch] = %s(x[i])   -- y
              output y = y
            """
                .formatted(function),
            new Nodes());
    try (var session = JvmBackend.compile(Schedule.plan(program), Precision.F32).open(1)) {
      session.bind("x", Tensor.of(x, x.length));
      session.run();
      return session.output("y").floats();
    }
  }

  private static DoubleUnaryOperator exact(String function) {
    return switch (function) {
      case "exp" -> Math::exp;
      case "log" -> Math::log;
      case "tanh" -> Math::tanh;
      case "sigmoid" -> ScalarMath::sigmoid;
      case "erf" -> ErrorFunction::erf;
      case "log1p" -> Math::log1p;
      case "expm1" -> Math::expm1;
      case "softplus" -> ScalarMath::softplus;
      default -> throw new AssertionError(function);
    };
  }

  /** Equal infinities and NaN are exact; a subnormal result may be flushed to 0. */
  private static double error(float got, double exact) {
    if (Float.isNaN(got) || Double.isNaN(exact)) {
      return Float.isNaN(got) && Double.isNaN(exact) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Float.isInfinite((float) exact) || Float.isInfinite(got)) {
      return got == (float) exact ? 0 : Double.POSITIVE_INFINITY;
    }
    if (got == 0 && Math.abs(exact) < Float.MIN_NORMAL) {
      return 0;
    }
    return Math.abs(got - exact) / Math.ulp((float) exact);
  }
}
