package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.cpu.ScalarMath;
import dev.nnlang.runtime.math.ErrorFunction;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The functions of compiled programs in units in the last place: in 32 bits against 64 bits, over
 * the bits of all numbers ({@code -Dulp.stride=1} takes every one, and hours), and in 64 bits
 * against 50 digits ({@code -Dulp.samples}).
 */
class VectorMathTest {
  /** What is promised of every function (compiler/README.md). */
  private static final double MOST = 2;

  private static final long STRIDE = Long.getLong("ulp.stride", 2003);
  private static final int SAMPLES = Integer.getInteger("ulp.samples", 4000);

  private static final int AT_ONCE = 1 << 20;

  private static final double[] SPECIAL = {
    0,
    -0.0,
    1,
    -1,
    1e-30,
    -1e-30,
    88.7,
    -103.9,
    66,
    66.1,
    15,
    15.1,
    200,
    -200,
    709.7,
    -745.1,
    1e30,
    -1e30,
    Double.MAX_VALUE,
    Double.MIN_NORMAL,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Float.MAX_VALUE,
    Float.MIN_NORMAL,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exp",
        "expm1",
        "log",
        "log1p",
        "sqrt",
        "rsqrt",
        "sin",
        "cos",
        "tan",
        "tanh",
        "erf",
        "sigmoid",
        "softplus"
      })
  void areExactIn32Bits(String function) {
    var worst = new Worst();
    try (var session = session(function, Precision.F32)) {
      measure(function, session, random(function, SAMPLES * 10), worst);
      for (long bits = 0; bits < 1L << Integer.SIZE; bits += STRIDE * AT_ONCE) {
        var x = new float[AT_ONCE];
        for (int i = 0; i < x.length; i++) {
          x[i] = Float.intBitsToFloat((int) (bits + STRIDE * i));
        }
        measure(function, session, x, worst);
      }
    }
    worst.check(function + " in 32 bits");
  }

  private static void measure(String function, Session session, float[] x, Worst worst) {
    session.bind("x", Tensor.of(x, x.length));
    session.run();
    var y = session.output("y").floats();
    var exact = in64Bits(function);
    for (int i = 0; i < x.length; i++) {
      worst.add(x[i], error(y[i], exact.applyAsDouble(x[i])));
    }
  }

  private static float[] random(String function, int count) {
    var x = random64(function, count);
    var narrow = new float[count];
    for (int i = 0; i < count; i++) {
      narrow[i] = (float) x[i];
    }
    return narrow;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exp",
        "expm1",
        "log",
        "log1p",
        "sqrt",
        "rsqrt",
        "sin",
        "cos",
        "tan",
        "tanh",
        "erf",
        "sigmoid",
        "softplus"
      })
  void areExactIn64Bits(String function) {
    var worst = new Worst();
    var x = random64(function, SAMPLES);
    double[] y;
    try (var session = session(function, Precision.F64)) {
      session.bind("x", Tensor.of(x, x.length));
      session.run();
      y = session.output("y").doubles();
    }
    for (int i = 0; i < x.length; i++) {
      worst.add(x[i], error64(function, x[i], y[i]));
    }
    worst.check(function + " in 64 bits");
  }

  /** Specials, then numbers of all sizes, half of them near the size of 1. */
  private static double[] random64(String function, int count) {
    var random = new Random(1);
    var x = new double[count];
    boolean turns = function.equals("sin") || function.equals("cos") || function.equals("tan");
    for (int i = 0; i < count; i++) {
      x[i] =
          switch (i < SPECIAL.length ? -1 : i % 4) {
            case -1 -> turns ? SPECIAL[i] % 1000 : SPECIAL[i];
            case 0 ->
                turns ? random.nextDouble() * 2000 : Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextGaussian() * Math.pow(10, random.nextInt(7) - 4);
            case 2 -> random.nextDouble() * 8 - 4;
            default -> random.nextDouble() * 80 - 40;
          };
    }
    return x;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"exp", "log", "tanh", "sigmoid", "erf", "log1p", "expm1", "softplus", "rsqrt"})
  void haveTheSameBitsInEveryLane(String function) {
    var x = random(function, 20_003);
    try (var session = session(function, Precision.F32)) {
      session.bind("x", Tensor.of(x, x.length));
      session.run();
      var y = session.output("y").floats().clone();
      for (int shift : new int[] {1, 5, 11}) {
        var moved = new float[1000];
        System.arraycopy(x, shift, moved, 0, moved.length);
        session.bind("x", Tensor.of(moved, moved.length));
        session.run();
        var result = session.output("y").floats();
        for (int i = 0; i < moved.length; i++) {
          // Java does not say which of all NaNs an operation gives, and compilers differ in it.
          assertEquals(
              Float.floatToIntBits(y[i + shift]), Float.floatToIntBits(result[i]), function);
        }
      }
    }
  }

  private static Session session(String function, Precision precision) {
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
    return JvmBackend.compile(Schedule.plan(program), precision).open(1);
  }

  private static DoubleUnaryOperator in64Bits(String function) {
    return switch (function) {
      case "exp" -> Math::exp;
      case "expm1" -> Math::expm1;
      case "log" -> Math::log;
      case "log1p" -> Math::log1p;
      case "sqrt" -> Math::sqrt;
      case "rsqrt" -> ScalarMath::rsqrt;
      case "sin" -> Math::sin;
      case "cos" -> Math::cos;
      case "tan" -> Math::tan;
      case "tanh" -> ScalarMath::tanh;
      case "erf" -> ErrorFunction::erf;
      case "sigmoid" -> ScalarMath::sigmoid;
      case "softplus" -> ScalarMath::softplus;
      default -> throw new AssertionError(function);
    };
  }

  /** Equal infinities and NaN are exact, and zeros have their signs. */
  private static double error(float got, double exact) {
    if (Float.isNaN(got) || Double.isNaN(exact)) {
      return Float.isNaN(got) && Double.isNaN(exact) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (Float.isInfinite((float) exact) || Float.isInfinite(got) || exact == 0) {
      return Float.compare(got, (float) exact) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(got - exact) / Math.ulp((float) exact);
  }

  private static double error64(String function, double x, double got) {
    double near = in64Bits(function).applyAsDouble(x);
    if (Double.isNaN(near) || Double.isInfinite(near) || near == 0 || Double.isInfinite(x)) {
      // Where the result is no number of its own, Java's functions say what it is.
      return Double.compare(near, got) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    var exact = ExactMath.of(function).apply(new BigDecimal(x));
    var unit = new BigDecimal(Math.ulp(exact.doubleValue()));
    return exact
        .subtract(new BigDecimal(got))
        .divide(unit, MathContext.DECIMAL64)
        .abs()
        .doubleValue();
  }

  /** The largest error so far, and where. */
  private static final class Worst {
    private double error;
    private double at;

    void add(double x, double one) {
      if (!(one <= error)) {
        error = one;
        at = x;
      }
    }

    void check(String what) {
      System.out.printf("%-20s %.3f ulp at most, at %s%n", what, error, at);
      assertTrue(error <= MOST, what + " is wrong by " + error + " ulp at " + at);
    }
  }
}
