package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;

/**
 * Functions of vectors of 32-bit reals, as polynomials with fused multiply-add: the same bits in
 * every lane, on every machine. {@code VectorMathTest} holds them to the errors stated here, in
 * units in the last place against a correctly rounded result.
 *
 * <p>Forms and coefficients are minimax polynomials in the public domain by Norbert Juffa, after
 * the reductions of Cody and Waite 1980; {@code expm1} and {@code log1p} use Kahan's correction of
 * a rounded argument.
 */
final class VectorMath {
  /** 1.5 * 2^23: adding it rounds to an integer. */
  private static final float MAGIC = 12582912f;

  private final VectorCode v;

  VectorMath(VectorCode vectors) {
    this.v = vectors;
  }

  /** At most 1 ulp, also where the result is subnormal. */
  Local exp(Local x) {
    // Beyond these limits the result is 0 or infinite anyway; NaN is neither below nor above.
    var high = v.blend(x, 89, v.compare("GT", x, 89));
    var a = v.blend(high, -104, v.compare("LT", high, -104));
    var shifted = v.fma(a, 1.44269502f, v.constant(MAGIC));
    var n = v.apply("sub", shifted, MAGIC);
    var f = v.fma(n, -6.93145752e-1f, a);
    f = v.fma(n, -1.42860677e-6f, f);
    var p = v.constant(1.37805939e-3f);
    p = v.fma(p, f, 8.37312452e-3f);
    p = v.fma(p, f, 4.16695364e-2f);
    p = v.fma(p, f, 1.66664720e-1f);
    p = v.fma(p, f, 4.99999851e-1f);
    p = v.fma(p, f, 1);
    p = v.fma(p, f, 1);
    // 2^n in two factors: n is beyond the exponents of normal numbers at both ends.
    var whole = v.toInts(n);
    var half = v.onInts("ASHR", whole, 1);
    var rest = v.onInts("SUB", whole, half);
    return v.apply("mul", v.apply("mul", p, power(half)), power(rest));
  }

  private Local power(Local n) {
    return v.ofBits(v.onInts("LSHL", v.onInts("ADD", n, 127), 23));
  }

  /** At most 1 ulp. */
  Local log(Local x) {
    var tiny = v.compare("LT", x, Float.MIN_NORMAL);
    var a = v.blend(x, v.apply("mul", x, 8388608), tiny);
    var scale = v.blend(v.constant(0), -23, tiny);
    var bits = v.bitsOf(a);
    var e = v.onInts("AND", v.onInts("SUB", bits, 0x3f2aaaab), 0xff800000);
    var m = v.apply("sub", v.ofBits(v.onInts("SUB", bits, e)), 1);
    var i = v.fma(v.toReals(e), 1.19209290e-7f, scale);
    var s = v.apply("mul", m, m);
    var r = v.constant(-0.130310059f);
    var t = v.constant(0.140869141f);
    r = v.fma(r, s, -0.121484190f);
    t = v.fma(t, s, 0.139814854f);
    r = v.fma(r, s, -0.166846052f);
    t = v.fma(t, s, 0.200120345f);
    r = v.fma(r, s, -0.249996200f);
    r = v.fma(t, m, r);
    r = v.fma(r, m, 0.333331972f);
    r = v.fma(r, m, -0.5f);
    r = v.fma(r, s, m);
    r = v.fma(i, 0.693147182f, r);
    // log(inf) = inf, log(NaN) = NaN; log(0) = -inf, and of less there is none.
    r = v.blend(r, x, v.not(v.compare("LT", x, Float.POSITIVE_INFINITY)));
    r = v.blend(r, Float.NaN, v.compare("LT", x, 0));
    return v.blend(r, Float.NEGATIVE_INFINITY, v.compare("EQ", x, 0));
  }

  /** At most 2 ulp. */
  Local tanh(Local x) {
    var a = v.apply("abs", x);
    var e = exp(v.apply("add", a, a));
    var far = v.apply("div", v.constant(-2), v.apply("add", e, 1));
    far = v.apply("add", far, 1);
    far = v.blend(far, v.apply("neg", far), v.compare("LT", x, 0));
    var s = v.apply("mul", x, x);
    var p = v.constant(1.57394409e-2f);
    p = v.fma(p, s, -5.23025580e-2f);
    p = v.fma(p, s, 1.33152470e-1f);
    p = v.fma(p, s, -3.33327681e-1f);
    var near = v.fma(v.apply("mul", p, s), x, x);
    return v.blend(far, near, v.compare("LT", a, 307f / 512));
  }

  /** At most 2.5 ulp. */
  Local sigmoid(Local x) {
    var e = exp(v.apply("neg", v.apply("abs", x)));
    var above = v.blend(v.constant(1), e, v.compare("LT", x, 0));
    return v.apply("div", above, v.apply("add", e, 1));
  }

  /** At most 1 ulp. */
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
    var far = v.apply("sub", v.constant(1), exp(r));
    // The polynomial is made for the range in which erf is not yet 1.
    far = v.blend(far, 1, v.compare("GT", t, 4));
    far = v.blend(far, v.apply("neg", far), v.compare("LT", x, 0));
    var p = v.constant(-5.96761703e-4f);
    p = v.fma(p, s, 4.99119423e-3f);
    p = v.fma(p, s, -2.67681349e-2f);
    p = v.fma(p, s, 1.12819925e-1f);
    p = v.fma(p, s, -3.76125336e-1f);
    p = v.fma(p, s, 1.28379166e-1f);
    var near = v.fma(p, x, x);
    return v.blend(far, near, v.not(v.compare("GT", t, 0.927734375f)));
  }

  /** At most 3 ulp. */
  Local log1p(Local x) {
    var u = v.apply("add", x, 1);
    var log = log(u);
    var r = v.apply("mul", log, v.apply("div", x, v.apply("sub", u, 1)));
    r = v.blend(r, x, v.compare("EQ", u, 1));
    return v.blend(r, log, v.compare("EQ", u, Float.POSITIVE_INFINITY));
  }

  /** At most 3 ulp. */
  Local expm1(Local x) {
    var e = exp(x);
    var d = v.apply("sub", e, 1);
    var r = v.apply("mul", d, v.apply("div", x, log(e)));
    r = v.blend(r, x, v.compare("EQ", e, 1));
    r = v.blend(r, d, v.compare("LT", x, -20));
    return v.blend(r, d, v.compare("EQ", e, Float.POSITIVE_INFINITY));
  }

  /** At most 3 ulp. */
  Local softplus(Local x) {
    var e = exp(v.apply("neg", v.apply("abs", x)));
    return v.apply("add", v.apply("max", x, v.constant(0)), log1p(e));
  }

  /** -1, 0 or 1 as the sign; zeros and NaN stay. */
  Local sign(Local x) {
    var r = v.blend(x, 1, v.compare("GT", x, 0));
    return v.blend(r, -1, v.compare("LT", x, 0));
  }
}
