/* Fragments of tensor cores multiplied by 32 lanes through local memory, where each lies as the manual of PTX has it for
   mma.m16n8k8 (TF32) and mma.m16n8k16 (bfloat16): a kernel that is right here hands out its fragments rightly. */
#define NN_LOCAL __local float fragments[8 * 384];
#define NN_GIVEN , fragments, t
#define NN_TAKEN , __local float* fragments, int item
#define NN_MMA(d0, d1, d2, d3, a0, a1, a2, a3, b0, b1) { \
  uint a_[4] = {a0, a1, a2, a3}, b_[2] = {b0, b1}; \
  float d_[4] = {d0, d1, d2, d3}; \
  multiply_fragments(fragments + item / 32 * 384, item % 32, d_, a_, b_); \
  d0 = d_[0]; d1 = d_[1]; d2 = d_[2]; d3 = d_[3]; }
static inline void multiply_fragments(__local float* A, int lane, float* d, const uint* a, const uint* b) {
  __local float* B = A + 256;
  int g = lane / 4, q = lane % 4;
  barrier(CLK_LOCAL_MEM_FENCE);
#if NN_MATH == 1
  for (int i = 0; i < 4; i++) A[(g + 8 * (i & 1)) * 16 + q + 4 * (i >> 1)] = as_float(a[i]);
  for (int i = 0; i < 2; i++) B[(q + 4 * i) * 8 + g] = as_float(b[i]);
  int terms = 8;
#else
  for (int i = 0; i < 4; i++) for (int h = 0; h < 2; h++)
    A[(g + 8 * (i & 1)) * 16 + 2 * q + h + 8 * (i >> 1)] = as_float((a[i] >> (16 * h) & 0xffffu) << 16);
  for (int i = 0; i < 2; i++) for (int h = 0; h < 2; h++)
    B[(2 * q + h + 8 * i) * 8 + g] = as_float((b[i] >> (16 * h) & 0xffffu) << 16);
  int terms = 16;
#endif
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int r = 0; r < 4; r++)
    for (int k = 0; k < terms; k++) d[r] += A[(g + 8 * (r >> 1)) * 16 + k] * B[k * 8 + 2 * q + (r & 1)];
}
