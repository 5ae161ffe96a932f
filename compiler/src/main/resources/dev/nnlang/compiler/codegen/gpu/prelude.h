/* One kernel text, two dialects: OpenCL C 1.2, and CUDA C++ through NVRTC or nvcc. No header is included.
   NN_DOUBLE is 0 or 1: how reals are stored and computed. NN_MATH is how products round their factors: 0 not at all, 1 to
   TF32, 2 to bfloat16; a driver that has units for that multiplies rounded factors by them, any other by 32 bits. The generator keeps these rules: LOCAL arrays stand at the top
   of a kernel; every pointer says GLOBAL or SHARED; SYNC only where all work-items of the group arrive; no return before it;
   vectors lie at multiples of their size, and are taken apart at once; 64-bit integers are i64; integers are divided by nn_div and nn_mod unless the divisor is known to be positive. */
#if defined(__OPENCL_C_VERSION__) || defined(__OPENCL_VERSION__)
  #pragma OPENCL EXTENSION cl_khr_fp64 : enable
  #define KERNEL(width, height) __kernel __attribute__((reqd_work_group_size(width, height, 1))) void
  #define DEVFN    static inline
  #define GLOBAL   __global
  #define LOCAL    __local
  #define ALIGNED  __attribute__((aligned(32)))
  #define SHARED   __local
  #define RESTRICT restrict
  #define LID_X    ((int)get_local_id(0))
  #define LID_Y    ((int)get_local_id(1))
  #define GRP_X    ((int)get_group_id(0))
  #define SYNC()   barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
  #define UNROLL
  #define NN_BITS(f)  as_uint(f)
  #define NN_FLOAT(u) as_float(u)
  #define NN_R(name) name
  #define NN_INF   ((REAL)INFINITY)
  #define NN_NAN   ((REAL)NAN)
  #define FIRST(flag, mine) (atomic_cmpxchg((volatile GLOBAL int*)(flag), 0, (mine)) == 0)
  typedef long i64;
  typedef ulong u64;
  /* draws are the same bits on every device, so nothing in them may be contracted */
  #pragma OPENCL FP_CONTRACT OFF
  DEVFN double nn_dmul(double a, double b) { return a * b; }
  DEVFN double nn_dadd(double a, double b) { return a + b; }
  #pragma OPENCL FP_CONTRACT ON
#elif defined(__CUDACC__)
  #define KERNEL(width, height) extern "C" __global__ void __launch_bounds__((width) * (height), 1)
  #define DEVFN    static __device__ __forceinline__
  #define GLOBAL
  #define LOCAL    __shared__
  #define ALIGNED  __align__(32)
  #define SHARED
  #define RESTRICT __restrict__
  #define LID_X    ((int)threadIdx.x)
  #define LID_Y    ((int)threadIdx.y)
  #define GRP_X    ((int)blockIdx.x)
  #define SYNC()   __syncthreads()
  #define UNROLL   _Pragma("unroll")
  #define NN_BITS(f)  ((unsigned)__float_as_int(f))
  #define NN_FLOAT(u) __int_as_float((int)(u))
  #if NN_DOUBLE
    #define NN_R(name) name
  #else
    #define NN_R(name) name##f
  #endif
  #define NN_INF   ((REAL)__int_as_float(0x7f800000))
  #define NN_NAN   ((REAL)__int_as_float(0x7fc00000))
  #define FIRST(flag, mine) (atomicCAS((int*)(flag), 0, (mine)) == 0)
  typedef long long i64;
  typedef unsigned long long u64;
  DEVFN double nn_dmul(double a, double b) { return __dmul_rn(a, b); }
  DEVFN double nn_dadd(double a, double b) { return __dadd_rn(a, b); }
#else
  #error "neither OpenCL C nor CUDA C++"
#endif

#if NN_DOUBLE
  typedef double REAL;
#else
  typedef float REAL;
#endif

/* Four neighbours from memory into an array of four, and back; p is a multiple of four elements from an aligned start. */
#if !defined(__CUDACC__)
  #if NN_DOUBLE
    typedef double4 REAL4;
  #else
    typedef float4 REAL4;
  #endif
  #define LD4(v, p) { REAL4 q = vload4(0, (p)); (v)[0] = q.x; (v)[1] = q.y; (v)[2] = q.z; (v)[3] = q.w; }
  #define ST4(p, v) vstore4((REAL4)((v)[0], (v)[1], (v)[2], (v)[3]), 0, (p))
#elif NN_DOUBLE
  #define LD4(v, p) { \
    double2 q = ((const double2*)(p))[0], r = ((const double2*)(p))[1]; \
    (v)[0] = q.x; (v)[1] = q.y; (v)[2] = r.x; (v)[3] = r.y; }
  #define ST4(p, v) { \
    double2 q, r; q.x = (v)[0]; q.y = (v)[1]; r.x = (v)[2]; r.y = (v)[3]; \
    ((double2*)(p))[0] = q; ((double2*)(p))[1] = r; }
#else
  #define LD4(v, p) { float4 q = *(const float4*)(p); (v)[0] = q.x; (v)[1] = q.y; (v)[2] = q.z; (v)[3] = q.w; }
  #define ST4(p, v) { float4 q; q.x = (v)[0]; q.y = (v)[1]; q.z = (v)[2]; q.w = (v)[3]; *(float4*)(p) = q; }
#endif

#if NN_MATH == 1   /* ties away from 0, as the units' own conversion */
DEVFN float nn_factor(float x) { return x != x ? x : NN_FLOAT((NN_BITS(x) + 0x1000u) & 0xffffe000u); }
#elif NN_MATH == 2
DEVFN float nn_factor(float x) {
  return x != x ? x : NN_FLOAT((NN_BITS(x) + 0x7fffu + (NN_BITS(x) >> 16 & 1u)) & 0xffff0000u);
}
#endif

/* A tile of 64 x 64 by eight warps, one slice of 16 terms: a warp has 32 rows and 16 columns, a lane the rows g, g + 8, g + 16,
   g + 24 and four columns beside each other, which are the columns 2q and 2q + 1 of two fragments; so are those of the right
   side. Who defines NN_MMA multiplies fragments by something else, which NN_LOCAL, NN_GIVEN and NN_TAKEN hand to it. */
#if NN_MATH && !defined(NN_MMA) && defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
  #if NN_MATH == 1
    #define NN_KIND "m16n8k8.row.col.f32.tf32.tf32.f32"
  #else
    #define NN_KIND "m16n8k16.row.col.f32.bf16.bf16.f32"
  #endif
  #define NN_MMA(d0, d1, d2, d3, a0, a1, a2, a3, b0, b1) \
    asm volatile("mma.sync.aligned." NN_KIND " {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};" \
      : "+f"(d0), "+f"(d1), "+f"(d2), "+f"(d3) : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1))
#endif
#ifndef NN_LOCAL
  #define NN_LOCAL
  #define NN_GIVEN
  #define NN_TAKEN
#endif
#ifdef NN_MMA
#define NN_TENSOR 1
#if NN_MATH == 1
  #define NN_TERMS 8
  #define NN_WORD(p, q, h) NN_BITS((p)[((q) + 4 * (h)) * line])
#else
  /* two neighbouring terms in one word, the first one in its lower half */
  #define NN_TERMS 16
  #define NN_WORD(p, q, h) \
    ((NN_BITS((p)[(2 * (q) + 8 * (h)) * line]) >> 16) | (NN_BITS((p)[(2 * (q) + 8 * (h) + 1) * line]) & 0xffff0000u))
#endif
DEVFN void nn_tile(float acc[4][4], const SHARED float* left, const SHARED float* right, int t, int line NN_TAKEN) {
  int g = t % 32 / 4, q = t % 4;
  UNROLL
  for (int k = 0; k < 16; k += NN_TERMS) {
    const SHARED float* a = left + k * line + t / 32 % 2 * 32 + g;
    const SHARED float* b = right + k * line + t / 64 * 16 + g / 2 * 4 + g % 2;
    UNROLL
    for (int m = 0; m < 2; m++) {
      unsigned a0 = NN_WORD(a + 16 * m, q, 0), a1 = NN_WORD(a + 16 * m + 8, q, 0);
      unsigned a2 = NN_WORD(a + 16 * m, q, 1), a3 = NN_WORD(a + 16 * m + 8, q, 1);
      UNROLL
      for (int n = 0; n < 2; n++) {
        unsigned b0 = NN_WORD(b + 2 * n, q, 0), b1 = NN_WORD(b + 2 * n, q, 1);
        NN_MMA(acc[2 * m][2 * n], acc[2 * m][2 * n + 1], acc[2 * m + 1][2 * n], acc[2 * m + 1][2 * n + 1], a0, a1, a2, a3, b0, b1);
      }
    }
  }
}
#else
#define NN_TENSOR 0
#endif

/* Integers: 64 bits that wrap, quotients rounded downwards. The hardware traps on a division by 0 and on the one that
   overflows, and a trap would end the process. */
DEVFN i64 nn_add(i64 a, i64 b) { return (i64)((u64)a + (u64)b); }
DEVFN i64 nn_sub(i64 a, i64 b) { return (i64)((u64)a - (u64)b); }
DEVFN i64 nn_mul(i64 a, i64 b) { return (i64)((u64)a * (u64)b); }
DEVFN i64 nn_div(i64 a, i64 b) {
  if (b == 0) return 0;
  if (b == -1) return nn_sub(0, a);
  i64 q = a / b;
  return q - ((a % b != 0) && ((a < 0) != (b < 0)) ? 1 : 0);
}
DEVFN i64 nn_mod(i64 a, i64 b) { return b == 0 || b == -1 ? 0 : nn_sub(a, nn_mul(nn_div(a, b), b)); }
DEVFN int nn_idiv(int a, int b) { return (int)nn_div(a, b); }
DEVFN int nn_imod(int a, int b) { return (int)nn_mod(a, b); }
DEVFN i64 nn_iabs(i64 a) { return a < 0 ? nn_sub(0, a) : a; }
DEVFN i64 nn_imin(i64 a, i64 b) { return a < b ? a : b; }
DEVFN i64 nn_imax(i64 a, i64 b) { return a > b ? a : b; }
DEVFN i64 nn_ipow(i64 x, i64 y) {
  if (y < 0) return x == 1 ? 1 : x == -1 ? ((y & 1) == 0 ? 1 : -1) : 0;
  i64 result = 1, power = x;
  for (i64 left = y; left > 0; left >>= 1) {
    if (left & 1) result = nn_mul(result, power);
    power = nn_mul(power, power);
  }
  return result;
}
/* as Java casts */
DEVFN i64 nn_whole(REAL x) {
  if (x != x) return 0;
  if (x >= (REAL)9223372036854775807.0) return 0x7fffffffffffffffL;
  if (x <= (REAL)-9223372036854775808.0) return -0x7fffffffffffffffL - 1;
  return (i64)x;
}

/* An index that was read: reported where it is outside of its dimension, and then 0, so that the run ends in peace. */
DEVFN int nn_index(i64 index, int extent, int tensor, GLOBAL i64* report) {
  if (index >= 0 && index < extent) return (int)index;
  if (FIRST(report, tensor)) { report[1] = index; report[2] = extent; }
  return 0;
}

/* Reals: a NaN is never lost. */
DEVFN REAL nn_max(REAL a, REAL b) { return a > b || a != a ? a : b; }
DEVFN REAL nn_min(REAL a, REAL b) { return a < b || a != a ? a : b; }
DEVFN REAL nn_sign(REAL x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
DEVFN REAL nn_abs(REAL x) { return NN_R(fabs)(x); }
DEVFN REAL nn_floor(REAL x) { return NN_R(floor)(x); }
DEVFN REAL nn_ceil(REAL x) { return NN_R(ceil)(x); }
DEVFN REAL nn_round(REAL x) { return NN_R(rint)(x); }
DEVFN REAL nn_exp(REAL x) { return NN_R(exp)(x); }
DEVFN REAL nn_expm1(REAL x) { return NN_R(expm1)(x); }
DEVFN REAL nn_log(REAL x) { return NN_R(log)(x); }
DEVFN REAL nn_log1p(REAL x) { return NN_R(log1p)(x); }
DEVFN REAL nn_sqrt(REAL x) { return NN_R(sqrt)(x); }
DEVFN REAL nn_rsqrt(REAL x) { return 1 / NN_R(sqrt)(x); }
DEVFN REAL nn_sin(REAL x) { return NN_R(sin)(x); }
DEVFN REAL nn_cos(REAL x) { return NN_R(cos)(x); }
DEVFN REAL nn_tan(REAL x) { return NN_R(tan)(x); }
/* exactly 1 where it rounds to 1, as 1 - tanh^2 is a slope that is multiplied with large numbers there */
DEVFN REAL nn_tanh(REAL x) { return nn_abs(x) >= (REAL)(NN_DOUBLE ? 19.1 : 9.1) ? nn_sign(x) : NN_R(tanh)(x); }
DEVFN REAL nn_erf(REAL x) { return NN_R(erf)(x); }
DEVFN REAL nn_atan2(REAL y, REAL x) { return NN_R(atan2)(y, x); }
DEVFN REAL nn_sigmoid(REAL x) {
  REAL e = nn_exp(-nn_abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}
DEVFN REAL nn_softplus(REAL x) { return nn_max(x, 0) + nn_log1p(nn_exp(-nn_abs(x))); }
DEVFN REAL nn_rmod(REAL x, REAL y) {
  REAL rest = NN_R(fmod)(x, y);
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}
/* as Java: C gives 1 for a base of 1 and any exponent, and for -1 and an infinite one */
DEVFN REAL nn_pow(REAL x, REAL y) {
  if (y != y || (nn_abs(y) == NN_INF && nn_abs(x) == 1)) return NN_NAN;
  return NN_R(pow)(x, y);
}
DEVFN REAL nn_logsumexp(REAL max, REAL sum) { return nn_abs(max) == NN_INF ? max : max + nn_log(sum); }
#define FMA(a, b, c) NN_R(fma)((a), (b), (c))

/* Whether a value at a place comes before the best one so far: the first extreme wins, and NaN is beyond everything. */
#define NN_BEYOND(name, type, op) DEVFN int name(type v, i64 place, type best, i64 where) { \
  if (place < 0) return 0; \
  if (where < 0) return 1; \
  if (v != v) return best == best || place < where; \
  if (best != best) return 0; \
  return v op best || (v == best && place < where); }
NN_BEYOND(nn_above, REAL, >)
NN_BEYOND(nn_below, REAL, <)
NN_BEYOND(nn_above_whole, i64, >)
NN_BEYOND(nn_below_whole, i64, <)

/* One value of a whole work-group, the same for all its work-items; n is a power of two, s has n places. */
#define NN_GROUP(name, type, op) DEVFN type name(type v, SHARED type* s, int t, int n) { \
  s[t] = v; SYNC(); \
  for (int o = n >> 1; o > 0; o >>= 1) { if (t < o) s[t] = op(s[t], s[t + o]); SYNC(); } \
  v = s[0]; SYNC(); \
  return v; }
#define NN_PLUS(a, b) ((a) + (b))
#define NN_TIMES(a, b) ((a) * (b))
#define NN_OR(a, b) ((a) | (b))
#define NN_AND(a, b) ((a) & (b))
NN_GROUP(group_sum_REAL, REAL, NN_PLUS)
NN_GROUP(group_prod_REAL, REAL, NN_TIMES)
NN_GROUP(group_max_REAL, REAL, nn_max)
NN_GROUP(group_min_REAL, REAL, nn_min)
NN_GROUP(group_sum_i64, i64, nn_add)
NN_GROUP(group_prod_i64, i64, nn_mul)
NN_GROUP(group_max_i64, i64, nn_imax)
NN_GROUP(group_min_i64, i64, nn_imin)
NN_GROUP(group_any_int, int, NN_OR)
NN_GROUP(group_all_int, int, NN_AND)
NN_GROUP(group_sum_double, double, NN_PLUS)

/* Random numbers: dev.nnlang.runtime.random.Draws, word for word. */
DEVFN u64 nn_mix(u64 z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
  return z ^ (z >> 31);
}
DEVFN double nn_unit(i64 site, i64 seed, i64 step, i64 example, i64 element, u64 lane) {
  u64 h = nn_mix((u64)site ^ 0x9E3779B97F4A7C15UL);
  h = nn_mix(h + (u64)seed * 0xD1B54A32D192ED03UL + 0x8CB92BA72F3D8DD7UL);
  h = nn_mix(h + (u64)step * 0xABC98388FB8FAC03UL + 0x2545F4914F6CDD1DUL);
  h = nn_mix(h + (u64)example * 0x8CB92BA72F3D8DD7UL + 0x9E6C63D0876A9A47UL);
  h = nn_mix(h + (u64)element * 0x9E3779B97F4A7C15UL + lane * 0xC2B2AE3D27D4EB4FUL);
  return (double)(h >> 11) * (1.0 / 9007199254740992.0);
}
DEVFN double nn_gauss(i64 site, i64 seed, i64 step, i64 example, i64 element, u64 lane) {
  double radius = sqrt(nn_dmul(-2.0, log(1.0 - nn_unit(site, seed, step, example, element, lane))));
  return nn_dmul(radius, cos(nn_dmul(2.0 * 3.141592653589793, nn_unit(site, seed, step, example, element, lane + 1))));
}
DEVFN double nn_uniform(i64 site, i64 seed, i64 step, i64 example, i64 element, double low, double high) {
  return nn_dadd(low, nn_dmul(high - low, nn_unit(site, seed, step, example, element, 0)));
}
DEVFN double nn_normal(i64 site, i64 seed, i64 step, i64 example, i64 element, double mean, double deviation) {
  return nn_dadd(mean, nn_dmul(deviation, nn_gauss(site, seed, step, example, element, 0)));
}
DEVFN double nn_truncated(i64 site, i64 seed, i64 step, i64 example, i64 element, double mean, double deviation) {
  double z = nn_gauss(site, seed, step, example, element, 0);
  for (u64 lane = 2; z > 2.0 || z < -2.0; lane += 2) z = nn_gauss(site, seed, step, example, element, lane);
  return nn_dadd(mean, nn_dmul(deviation, z));
}
DEVFN double nn_bernoulli(i64 site, i64 seed, i64 step, i64 example, i64 element, double probability) {
  return nn_unit(site, seed, step, example, element, 0) < probability ? 1.0 : 0.0;
}
