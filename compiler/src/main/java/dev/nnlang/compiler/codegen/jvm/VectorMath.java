package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.runtime.cpu.Exponential;

/**
 * Functions of vectors of 32-bit reals, as polynomials with fused multiply-add: the same bits in
 * every lane, on every machine. None is wrong by more than 2 units in the last place, which {@code
 * VectorMathTest} asserts; what is measured stands in {@code compiler/README.md}.
 *
 * <p>Forms and coefficients of exp, log and erf are minimax polynomials in the public domain by
 * Norbert Juffa, after the reductions of Cody and Waite 1980. Where a sum or a rest is rounded on
 * the way to a result, what that has lost is computed exactly, and added where it counts. Only a
 * large exponential takes a branch: its call would have HotSpot keep the constants of a loop in
 * memory.
 */
final class VectorMath {
  /** 1.5 * 2^23: adding it rounds to an integer. */
  private static final float MAGIC = 12582912f;

  /** The bits of 1. */
  private static final int ONE = 0x3f800000;

  /** The sign and the exponent of a number. */
  private static final int EXPONENT = 0xff800000;

  /** 2^-23: from an exponent in its place to its number. */
  private static final float ONE_EXPONENT = 1.19209290e-7f;

  /** Of -log 2, what its first bits leave. */
  private static final float LAST_OF_LOG_2 = -1.42860677e-6f;

  /** The exponent in the bits of 1. */
  private static final int BIAS = 127;

  /** What makes a number negative, when it is added to the exponent in its bits. */
  private static final int NEGATIVE = 256;

  /** Up to here the exponential times 2^{@link #RAISED} is finite. */
  private static final float MOST_RAISED = 66;

  /** Times 2^this no exponential is subnormal, if it is not 0. */
  private static final int RAISED = 32;

  private static final int MANTISSA_BITS = 23;

  private final VectorCode v;
  private final Local memory;

  /**
   * @param memory this thread's, of which the first vector may be written
   */
  VectorMath(VectorCode vectors, Local memory) {
    this.v = vectors;
    this.memory = memory;
  }

  /** If a lane has a large result, which is rare, all of its vector's are computed one by one. */
  Local exp(Local x) {
    var large = v.compare("GT", x, MOST_RAISED);
    var result = v.code.local(v.reals());
    v.any(large);
    v.code.ifElse(
        () -> {
          v.code.load(memory).constant(0);
          v.write(x);
          v.code.load(memory).call(Abi.method(Exponential.class, "of", float[].class));
          v.code.load(memory).constant(0);
          v.set(result, v.read());
        },
        () -> v.set(result, expBelow(x)));
    return result;
  }

  /**
   * The exponential where no argument is above {@link #MOST_RAISED}: a subnormal result is rounded
   * once, when its normal multiple is divided.
   */
  private Local expBelow(Local x) {
    var f = reduce(x, BIAS + RAISED);
    var result = timesPower(v.fma(slope(f), f.rest, 1), f);
    return v.blend(result, 0, v.compare("LT", x, Exponential.ZERO_BELOW));
  }

  /** Times 2 to the power of a multiple that was raised: exact, but for one rounding at the end. */
  private Local timesPower(Local x, Reduced raised) {
    return v.apply("mul", v.apply("mul", x, raised.power), 1.0 / (1L << RAISED));
  }

  /** {@code -abs(x)}. */
  private Local notPositive(Local x) {
    return v.ofBits(v.onInts("OR", v.bitsOf(x), Integer.MIN_VALUE));
  }

  /** NaN is neither below nor above. */
  private Local notBelow(Local x, float low) {
    return v.blend(x, low, v.compare("LT", x, low));
  }

  private Local notAbove(Local x, float high) {
    return v.blend(x, high, v.compare("GT", x, high));
  }

  /** {@code (exp(f) - 1) / f} of the rest. */
  private Local slope(Reduced f) {
    var p = polynomial(f.rest, 1.37805939e-3f, 8.37312452e-3f, 4.16695364e-2f, 1.66664720e-1f);
    p = v.fma(p, f.rest, 4.99999851e-1f);
    return v.fma(p, f.rest, 1);
  }

  /**
   * An argument without the nearest multiple of log 2.
   *
   * @param count the multiple's, as a real
   * @param power 2 to the power of it, in its bits what was asked for beside it
   * @param before the rest before the last part of log 2 is taken off, which is exact
   * @param rest what is left
   */
  private record Reduced(Local count, Local power, Local before, Local rest) {}

  /**
   * Of numbers below 2^22 / log 2.
   *
   * @param bias what is added to the multiple to have the sign and exponent in the power's bits
   */
  private Reduced reduce(Local a, int bias) {
    float magic = MAGIC + bias;
    var sum = v.fma(a, 1.44269502f, v.constant(magic));
    // Its last bits are the integer: the others leave at the top.
    var power = v.ofBits(v.onInts("LSHL", v.bitsOf(sum), MANTISSA_BITS));
    var n = v.apply("sub", sum, magic);
    var before = v.fma(n, -6.93145752e-1f, a);
    return new Reduced(n, power, before, v.fma(n, LAST_OF_LOG_2, before));
  }

  /** By Horner's rule, the coefficient of the highest power first. */
  private Local polynomial(Local x, float... coefficients) {
    var p = v.constant(coefficients[0]);
    for (int i = 1; i < coefficients.length; i++) {
      p = v.fma(p, x, coefficients[i]);
    }
    return p;
  }

  Local log(Local x) {
    var tiny = v.compare("LT", x, Float.MIN_NORMAL);
    var a = v.blend(x, v.apply("mul", x, 8388608), tiny);
    var scale = v.blend(v.constant(0), -23, tiny);
    var bits = v.bitsOf(a);
    var e = exponent(bits);
    var m = v.apply("sub", v.ofBits(v.onInts("SUB", bits, e)), 1);
    return edges(logOfParts(m, v.fma(v.toReals(e), ONE_EXPONENT, scale)), x);
  }

  /** In its place in a number: that by which the number lies between 2/3 and 4/3. */
  private Local exponent(Local bits) {
    return v.onInts("AND", v.onInts("SUB", bits, 0x3f2aaaab), EXPONENT);
  }

  /** {@code log((1 + m) * 2^i)}. */
  private Local logOfParts(Local m, Local i) {
    var s = v.apply("mul", m, m);
    var r = polynomial(s, -0.130310059f, -0.121484190f, -0.166846052f, -0.249996200f);
    var t = polynomial(s, 0.140869141f, 0.139814854f, 0.200120345f);
    r = v.fma(t, m, r);
    r = v.fma(r, m, 0.333331972f);
    r = v.fma(r, m, -0.5f);
    r = v.fma(r, s, m);
    return v.fma(i, 0.693147182f, r);
  }

  /** log(inf) = inf, log(NaN) = NaN; log(0) = -inf, and of less there is none. */
  private Local edges(Local log, Local x) {
    var r = v.blend(log, x, v.not(v.compare("LT", x, Float.POSITIVE_INFINITY)));
    r = v.blend(r, Float.NaN, v.compare("LT", x, 0));
    return v.blend(r, Float.NEGATIVE_INFINITY, v.compare("EQ", x, 0));
  }

  Local tanh(Local x) {
    var a = v.apply("abs", x);
    var f = reduce(v.apply("add", a, a), BIAS);
    var sum = v.fma(v.fma(slope(f), f.rest, 1), f.power, 1);
    var far = v.apply("add", v.apply("div", v.constant(-2), sum), 1);
    // Long before 15 it is 1, and long after there is no such power of 2.
    far = v.blend(far, 1, v.compare("GT", a, 15));
    var s = v.apply("mul", x, x);
    var p = polynomial(s, -5.8979667e-3f, 2.0798625e-2f, -5.3784717e-2f, 1.3331936e-1f);
    p = v.fma(p, s, -3.33333e-1f);
    var near = v.fma(v.apply("mul", p, s), a, a);
    return withSign(v.blend(far, near, v.compare("LT", a, 307f / 512)), x);
  }

  /** A result that is not negative, with the sign of x; so a zero keeps its own. */
  private Local withSign(Local result, Local x) {
    var sign = v.onInts("AND", v.bitsOf(x), Integer.MIN_VALUE);
    return v.ofBits(v.onInts("OR", v.bitsOf(result), sign));
  }

  Local sigmoid(Local x) {
    var e = expBelow(notPositive(x));
    var above = v.blend(v.constant(1), e, v.compare("LT", x, 0));
    var inverse = v.apply("div", v.constant(-1), v.apply("add", e, 1));
    // A quotient by 1 + e, with the other sign, and what it leaves; their sum has no error, as the
    // quotient is at least a half of what is divided.
    var q = v.apply("mul", above, inverse);
    var left = v.fma(q, e, v.apply("add", above, q));
    return v.apply("neg", v.fma(left, inverse, q));
  }

  Local erf(Local x) {
    var t = v.apply("abs", x);
    var s = v.apply("mul", x, x);
    var r = v.fma(v.constant(-1.72853470e-5f), t, 3.83197126e-4f);
    var u = v.fma(v.constant(-3.88396438e-3f), t, 2.42546219e-2f);
    r = v.fma(r, s, u);
    r = v.fma(r, t, -1.06777877e-1f);
    r = v.fma(r, t, -6.34846687e-1f);
    r = v.fma(r, t, -1.28717512e-1f);
    r = v.fma(r, t, v.apply("neg", t));
    var f = reduce(r, BIAS + NEGATIVE);
    var far = v.fma(v.fma(slope(f), f.rest, 1), f.power, 1);
    // The polynomial is made for the range in which erf is not yet 1.
    far = v.blend(far, 1, v.compare("GT", t, 4));
    var p = polynomial(s, -5.96761703e-4f, 4.99119423e-3f, -2.67681349e-2f);
    p = v.fma(p, s, 1.12819925e-1f);
    p = v.fma(p, s, -3.76125336e-1f);
    p = v.fma(p, s, 1.28379166e-1f);
    var near = v.fma(p, t, t);
    return withSign(v.blend(near, far, v.compare("GT", t, 0.927734375f)), x);
  }

  Local log1p(Local x) {
    var u = v.apply("add", x, 1);
    // What u has lost, whichever of x and 1 is larger.
    var back = v.apply("sub", u, 1);
    var lost = v.apply("sub", v.constant(1), v.apply("sub", u, back));
    lost = v.apply("add", lost, v.apply("sub", x, back));
    var r = logOfSum(u, lost);
    return v.blend(edges(r, u), x, v.compare("EQ", u, 1));
  }

  /** {@code log(u + lost)}, where u is 0 or no less than 2^-24, and lost less than its last bit. */
  private Local logOfSum(Local u, Local lost) {
    var bits = v.bitsOf(u);
    var e = exponent(bits);
    var m = v.apply("sub", v.ofBits(v.onInts("SUB", bits, e)), 1);
    // Times 2^-e; close to 1, where e is 0, this gives u - 1 without any error.
    // Beyond 2^127 there is no such factor, and lost is nothing.
    var scale = v.apply("max", v.ofBits(v.onInts("SUB", v.intConstant(ONE), e)), 0);
    return logOfParts(v.fma(lost, scale, m), v.apply("mul", v.toReals(e), ONE_EXPONENT));
  }

  Local expm1(Local x) {
    var f = reduce(notAbove(notBelow(x, -30), 89), BIAS - 1);
    // What the rest has lost when it was rounded.
    var lost = v.fma(f.count, LAST_OF_LOG_2, v.apply("sub", f.before, f.rest));
    var p = polynomial(f.rest, 1.9555018e-4f, 1.3934053e-3f, 8.333912e-3f, 4.1666474e-2f);
    p = v.fma(p, f.rest, 1.6666664e-1f);
    p = v.fma(p, f.rest, 0.5f);
    p = v.fma(p, v.apply("mul", f.rest, f.rest), lost);
    // 2^n (1 + rest + p) - 1, of which a half is made first, since n may be 128.
    var r = v.fma(f.power, f.rest, v.apply("sub", f.power, 0.5f));
    r = v.fma(f.power, p, r);
    r = v.apply("add", r, r);
    return v.blend(r, x, v.compare("LT", v.apply("abs", x), 1e-8f));
  }

  Local softplus(Local x) {
    var f = reduce(notBelow(notPositive(x), Exponential.ZERO_BELOW), BIAS + RAISED);
    var slope = slope(f);
    var one = v.fma(slope, f.rest, 1);
    var e = timesPower(one, f);
    var u = v.apply("add", e, 1);
    // What rounding has taken from exp, and from its sum with 1.
    var lost = v.fma(slope, f.rest, v.apply("sub", v.constant(1), one));
    lost = v.apply("add", timesPower(lost, f), v.apply("sub", e, v.apply("sub", u, 1)));
    var log = v.blend(logOfSum(u, lost), e, v.compare("EQ", u, 1));
    return v.apply("add", v.apply("max", x, v.constant(0)), log);
  }

  /** -1, 0 or 1 as the sign; zeros and NaN stay. */
  Local sign(Local x) {
    var r = v.blend(x, 1, v.compare("GT", x, 0));
    return v.blend(r, -1, v.compare("LT", x, 0));
  }
}
