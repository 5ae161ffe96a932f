package dev.nnlang.compiler.codegen.jvm;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.UnaryOperator;

/**
 * Elementary functions to 50 digits, from their series and nothing else: what functions of 64 bits
 * are measured against. Arguments are finite and in the function's domain.
 */
final class ExactMath {
  private static final MathContext DIGITS = new MathContext(50);
  private static final BigDecimal ONE = BigDecimal.ONE;
  private static final BigDecimal TWO = BigDecimal.TWO;

  private static final BigDecimal LOG_2 =
      new BigDecimal("0.69314718055994530941723212145817656807550013436025525412068000949");
  private static final BigDecimal PI =
      new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459231");

  /** What is less beside a number of the size of 1 is nothing. */
  private static final BigDecimal NOTHING = new BigDecimal("1e-52");

  /** An argument is halved so often before its series, and the result squared as often. */
  private static final int HALVINGS = 12;

  private ExactMath() {}

  static UnaryOperator<BigDecimal> of(String function) {
    return switch (function) {
      case "exp" -> ExactMath::exp;
      case "expm1" -> ExactMath::expm1;
      case "log" -> ExactMath::log;
      case "log1p" -> ExactMath::log1p;
      case "sqrt" -> x -> x.sqrt(DIGITS);
      case "rsqrt" -> x -> divide(ONE, x.sqrt(DIGITS));
      case "sin" -> x -> sinOfQuarters(x, 0);
      case "cos" -> x -> sinOfQuarters(x, 1);
      case "tan" -> x -> divide(sinOfQuarters(x, 0), sinOfQuarters(x, 1));
      case "tanh" -> ExactMath::tanh;
      case "erf" -> ExactMath::erf;
      case "sigmoid" -> x -> divide(ONE, add(ONE, exp(x.negate())));
      case "softplus" -> x -> isBeyond(x, 200) && x.signum() > 0 ? x : log1p(exp(x));
      default -> throw new AssertionError(function);
    };
  }

  private static BigDecimal add(BigDecimal x, BigDecimal y) {
    return x.add(y, DIGITS);
  }

  private static BigDecimal multiply(BigDecimal x, BigDecimal y) {
    return x.multiply(y, DIGITS);
  }

  private static BigDecimal divide(BigDecimal x, BigDecimal y) {
    return x.divide(y, DIGITS);
  }

  private static BigDecimal power(int n) {
    return TWO.pow(n, DIGITS);
  }

  /** Where a function is so near its limit that 50 digits are all the limit's. */
  private static boolean isBeyond(BigDecimal x, int limit) {
    return x.abs().compareTo(BigDecimal.valueOf(limit)) > 0;
  }

  private static BigDecimal sign(BigDecimal x) {
    return BigDecimal.valueOf(x.signum());
  }

  private static BigDecimal exp(BigDecimal x) {
    if (isBeyond(x, 2000) && x.signum() < 0) {
      return BigDecimal.ZERO;
    }
    int n = (int) Math.rint(x.doubleValue() / Math.log(2));
    var rest = x.subtract(LOG_2.multiply(BigDecimal.valueOf(n)));
    return multiply(add(smallExpm1(rest), ONE), power(n));
  }

  private static BigDecimal expm1(BigDecimal x) {
    return x.abs().compareTo(ONE) < 0 ? smallExpm1(x) : exp(x).subtract(ONE);
  }

  /** Relatively exact, of an argument less than 1. */
  private static BigDecimal smallExpm1(BigDecimal x) {
    var small = divide(x, power(HALVINGS));
    var term = small;
    var sum = small;
    for (int n = 2; term.abs().compareTo(multiply(sum.abs(), NOTHING)) > 0; n++) {
      term = divide(multiply(term, small), BigDecimal.valueOf(n));
      sum = add(sum, term);
    }
    for (int i = 0; i < HALVINGS; i++) {
      sum = multiply(sum, add(sum, TWO));
    }
    return sum;
  }

  private static BigDecimal log(BigDecimal x) {
    return x.subtract(ONE).abs().compareTo(new BigDecimal("0.5")) < 0
        ? log1p(x.subtract(ONE))
        : improvedLog(x, Math.log(x.doubleValue()));
  }

  private static BigDecimal log1p(BigDecimal x) {
    if (x.abs().compareTo(new BigDecimal("1e-3")) > 0) {
      return improvedLog(x.add(ONE), Math.log1p(x.doubleValue()));
    }
    // 2 artanh(x / (2 + x)).
    var t = divide(x, x.add(TWO));
    var square = multiply(t, t);
    var power = t;
    var sum = t;
    for (int n = 3; power.abs().compareTo(multiply(sum.abs(), NOTHING)) > 0; n += 2) {
      power = multiply(power, square);
      sum = add(sum, divide(power, BigDecimal.valueOf(n)));
    }
    return multiply(sum, TWO);
  }

  /** Halley's step trebles the digits. */
  private static BigDecimal improvedLog(BigDecimal x, double near) {
    var y = new BigDecimal(near);
    var e = exp(y);
    return add(y, divide(multiply(TWO, x.subtract(e)), add(x, e)));
  }

  private static BigDecimal tanh(BigDecimal x) {
    if (isBeyond(x, 60)) {
      return sign(x);
    }
    var e = expm1(multiply(x, TWO));
    return divide(e, add(e, TWO));
  }

  private static BigDecimal erf(BigDecimal x) {
    if (isBeyond(x, 11)) {
      return sign(x);
    }
    // 2 / sqrt(pi) exp(-x^2) sum (2 x^2)^n x / (1 3 5 ... (2n + 1)), without a change of sign.
    var square = multiply(x, x);
    var twice = multiply(square, TWO);
    var term = x;
    var sum = x;
    for (int n = 1; term.abs().compareTo(multiply(sum.abs(), NOTHING)) > 0; n++) {
      term = divide(multiply(term, twice), BigDecimal.valueOf(2 * n + 1));
      sum = add(sum, term);
    }
    var factor = divide(TWO, PI.sqrt(DIGITS));
    return multiply(multiply(factor, exp(square.negate())), sum);
  }

  /** {@code sin(x + more * pi / 2)}; exact to some 40 digits for arguments of some thousands. */
  private static BigDecimal sinOfQuarters(BigDecimal x, int more) {
    long quarters = Math.round(x.doubleValue() / (Math.PI / 2));
    var rest = x.subtract(divide(PI, TWO).multiply(BigDecimal.valueOf(quarters)));
    int quadrant = Math.floorMod(quarters + more, 4);
    var square = multiply(rest, rest).negate();
    boolean even = quadrant % 2 == 0;
    var term = even ? rest : ONE;
    var sum = term;
    for (int n = even ? 2 : 1; term.abs().compareTo(multiply(sum.abs(), NOTHING)) > 0; n += 2) {
      term = divide(multiply(term, square), BigDecimal.valueOf((long) n * (n + 1)));
      sum = add(sum, term);
    }
    return quadrant < 2 ? sum : sum.negate();
  }
}
