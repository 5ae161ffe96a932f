/* What NVRTC knows by itself, for a compiler that has no CUDA: clang -x cuda -nocudainc -nocudalib. */
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
struct nn_dim { unsigned x, y, z; };
extern const __device__ nn_dim threadIdx, blockIdx;
extern "C" {
__device__ float fabsf(float); __device__ float floorf(float); __device__ float ceilf(float); __device__ float rintf(float);
__device__ float expf(float); __device__ float expm1f(float); __device__ float logf(float); __device__ float log1pf(float);
__device__ float sqrtf(float); __device__ float sinf(float); __device__ float cosf(float); __device__ float tanf(float);
__device__ float tanhf(float); __device__ float erff(float); __device__ float atan2f(float, float); __device__ float fmodf(float, float);
__device__ float powf(float, float);
__device__ double fabs(double); __device__ double floor(double); __device__ double ceil(double); __device__ double rint(double);
__device__ double exp(double); __device__ double expm1(double); __device__ double log(double); __device__ double log1p(double);
__device__ double sqrt(double); __device__ double sin(double); __device__ double cos(double); __device__ double tan(double);
__device__ double tanh(double); __device__ double erf(double); __device__ double atan2(double, double); __device__ double fmod(double, double);
__device__ double pow(double, double);
}
__device__ inline float fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
__device__ inline double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }
__device__ inline int atomicCAS(int* p, int a, int b) { return __nvvm_atom_cas_gen_i(p, a, b); }
struct __attribute__((aligned(16))) float4 { float x, y, z, w; };
struct __attribute__((aligned(16))) double2 { double x, y; };
#define __align__(n) __attribute__((aligned(n)))
__device__ inline int __float_as_int(float f) { return __builtin_bit_cast(int, f); }
__device__ inline float __int_as_float(int i) { return __builtin_bit_cast(float, i); }
__device__ inline double __dmul_rn(double a, double b) { return __nvvm_mul_rn_d(a, b); }
__device__ inline double __dadd_rn(double a, double b) { return __nvvm_add_rn_d(a, b); }
