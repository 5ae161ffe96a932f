package dev.nnlang.compiler.size;

/**
 * Integers from {@code low} to {@code high}, both included; {@code Long.MIN_VALUE} and {@code
 * Long.MAX_VALUE} stand for no bound. Arithmetic saturates, so a result always holds all values.
 */
record Interval(long low, long high) {
  static final Interval ANY = new Interval(Long.MIN_VALUE, Long.MAX_VALUE);

  static Interval of(long value) {
    return new Interval(value, value);
  }

  static Interval from(long low) {
    return new Interval(low, Long.MAX_VALUE);
  }

  Interval plus(Interval other) {
    return new Interval(sum(low, other.low, -1), sum(high, other.high, 1));
  }

  /** A bound that is infinite on the wrong side cannot occur, so any infinity decides. */
  private static long sum(long a, long b, int side) {
    long infinite = side < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    if (a == infinite || b == infinite) {
      return infinite;
    }
    try {
      return Math.addExact(a, b);
    } catch (ArithmeticException _) {
      return infinite;
    }
  }

  Interval times(Interval other) {
    long[] corners = {
      product(low, other.low),
      product(low, other.high),
      product(high, other.low),
      product(high, other.high)
    };
    long least = corners[0];
    long most = corners[0];
    for (long corner : corners) {
      least = Math.min(least, corner);
      most = Math.max(most, corner);
    }
    return new Interval(least, most);
  }

  private static long product(long a, long b) {
    if (a == 0 || b == 0) {
      return 0;
    }
    boolean infinite = infinite(a) || infinite(b);
    if (!infinite) {
      try {
        return Math.multiplyExact(a, b);
      } catch (ArithmeticException _) {
        infinite = true;
      }
    }
    return (a < 0) == (b < 0) ? Long.MAX_VALUE : Long.MIN_VALUE;
  }

  private static boolean infinite(long bound) {
    return bound == Long.MIN_VALUE || bound == Long.MAX_VALUE;
  }

  /** Of {@code floor(a / b)} for divisors of which all are at least 1. */
  Interval floorDiv(Interval divisor) {
    if (divisor.low < 1) {
      return ANY;
    }
    return new Interval(
        quotient(low, low >= 0 ? divisor.high : divisor.low),
        quotient(high, high >= 0 ? divisor.low : divisor.high));
  }

  private static long quotient(long a, long b) {
    if (infinite(a)) {
      return a;
    }
    return b == Long.MAX_VALUE ? (a >= 0 ? 0 : -1) : Math.floorDiv(a, b);
  }

  /** Of {@code a - b * floor(a / b)} for divisors of which all are at least 1. */
  Interval floorMod(Interval divisor) {
    if (divisor.low < 1) {
      return ANY;
    }
    if (low >= 0 && high < divisor.low) {
      return this;
    }
    long below = divisor.high == Long.MAX_VALUE ? Long.MAX_VALUE : divisor.high - 1;
    return new Interval(0, low >= 0 ? Math.min(high, below) : below);
  }

  Interval and(Interval other) {
    return new Interval(Math.max(low, other.low), Math.min(high, other.high));
  }
}
