/* A cuBLASLt for machines without: checks what it is given, and computes products on the host, by columns as the library does.
   HEADER: cublasLt.h is there, and the C compiler checks every signature and number; else they are those of the manual.
   REFUSING takes no product. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef HEADER
#include <cublasLt.h>
_Static_assert(CUDA_R_32F == 0 && CUDA_R_64F == 1, "types");
_Static_assert(CUBLAS_COMPUTE_32F == 68 && CUBLAS_COMPUTE_64F == 70 && CUBLAS_COMPUTE_32F_FAST_16BF == 75 && CUBLAS_COMPUTE_32F_FAST_TF32 == 77, "arithmetic");
_Static_assert(CUBLASLT_MATMUL_DESC_TRANSA == 3 && CUBLASLT_MATMUL_DESC_TRANSB == 4 && CUBLASLT_MATMUL_DESC_EPILOGUE == 7 && CUBLASLT_MATMUL_DESC_BIAS_POINTER == 8, "descriptions");
_Static_assert(CUBLASLT_EPILOGUE_DEFAULT == 1 && CUBLASLT_EPILOGUE_RELU == 2 && CUBLASLT_EPILOGUE_BIAS == 4 && CUBLASLT_EPILOGUE_RELU_BIAS == 6, "epilogues");
_Static_assert(CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT == 5 && CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET == 6, "layouts");
_Static_assert(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES == 1 && CUBLAS_OP_N == 0 && CUBLAS_OP_T == 1, "the rest");
_Static_assert(CUBLAS_STATUS_INVALID_VALUE == 7 && CUBLAS_STATUS_ARCH_MISMATCH == 8 && CUBLAS_STATUS_NOT_SUPPORTED == 15, "refusals");
_Static_assert(sizeof(cublasLtMatmulHeuristicResult_t) == 96 && offsetof(cublasLtMatmulHeuristicResult_t, workspaceSize) == 64
  && offsetof(cublasLtMatmulHeuristicResult_t, state) == 72, "what a way looks like");
#else
typedef int cublasStatus_t, cudaDataType, cudaDataType_t, cublasComputeType_t, cublasLtMatmulDescAttributes_t,
  cublasLtMatrixLayoutAttribute_t, cublasLtMatmulPreferenceAttributes_t;
typedef void *cublasLtHandle_t, *cublasLtMatmulDesc_t, *cublasLtMatrixLayout_t, *cublasLtMatmulPreference_t, *cudaStream_t;
typedef struct { uint64_t data[8]; } cublasLtMatmulAlgo_t;
typedef struct { cublasLtMatmulAlgo_t algo; size_t workspaceSize; int state; float wavesCount; int reserved[4]; } cublasLtMatmulHeuristicResult_t;
#endif

void nnStubNote(const char* text);
int nnStubDo(void* stream, void (*act)(const void*), void* what);
int nnStubCapturing(void);

#define INVALID 7
#define REFUSED 15
#define WORKSPACE ((size_t)32 << 20)
#define HANDLE ((cublasLtHandle_t)0x7000)

typedef struct { int compute, scale, turnA, turnB, epilogue; const void* bias; } Desc;
typedef struct { int type; int64_t rows, cols, line; int batch; int64_t next; } Layout;
typedef struct { size_t workspace; } Preference;
static size_t made, handles;
int nnStubProducts(size_t* descriptions, size_t* open) { *descriptions = made; *open = handles; return 0; }

cublasStatus_t cublasLtCreate(cublasLtHandle_t* h) { *h = HANDLE; handles++; return 0; }
cublasStatus_t cublasLtDestroy(cublasLtHandle_t h) { handles--; return h == HANDLE ? 0 : INVALID; }

/* Only outside of what is captured, as they may wait for the device. */
static void* fresh(size_t bytes) { if (nnStubCapturing()) abort(); made++; return calloc(1, bytes); }
static cublasStatus_t gone(void* what) { made--; free(what); return 0; }

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t* d, cublasComputeType_t compute, cudaDataType_t scale) {
  Desc* desc = fresh(sizeof(Desc));
  desc->compute = compute;
  desc->scale = scale;
  desc->epilogue = 1;
  *d = (cublasLtMatmulDesc_t)desc;
  return 0;
}
cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t d) { return gone(d); }
cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t d, cublasLtMatmulDescAttributes_t which, const void* v, size_t bytes) {
  Desc* desc = (Desc*)d;
  if (bytes != (which == 8 ? 8 : 4)) return INVALID;
  switch ((int)which) {
    case 3: desc->turnA = *(int32_t*)v; return 0;
    case 4: desc->turnB = *(int32_t*)v; return 0;
    case 7: desc->epilogue = *(int32_t*)v; return 0;
    case 8: desc->bias = *(void**)v; return 0;
    default: return INVALID;
  }
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t* l, cudaDataType type, uint64_t rows, uint64_t cols, int64_t line) {
  Layout* layout = fresh(sizeof(Layout));
  *layout = (Layout){.type = type, .rows = rows, .cols = cols, .line = line, .batch = 1};
  *l = (cublasLtMatrixLayout_t)layout;
  return 0;
}
cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t l) { return gone(l); }
cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t l, cublasLtMatrixLayoutAttribute_t which, const void* v, size_t bytes) {
  Layout* layout = (Layout*)l;
  if (bytes != (which == 6 ? 8 : 4)) return INVALID;
  if (which == 5) layout->batch = *(int32_t*)v;
  else if (which == 6) layout->next = *(int64_t*)v;
  else return INVALID;
  return 0;
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t* p) { *p = (cublasLtMatmulPreference_t)fresh(sizeof(Preference)); return 0; }
cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t p) { return gone(p); }
cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t p, cublasLtMatmulPreferenceAttributes_t which, const void* v, size_t bytes) {
  if (which != 1 || bytes != 8) return INVALID;
  ((Preference*)p)->workspace = *(uint64_t*)v;
  return 0;
}

static cublasStatus_t possible(const Desc* d, const Layout* a, const Layout* b, const Layout* c) {
  int wide = a->type == 1;
  if (b->type != a->type || c->type != a->type || d->scale != a->type || wide != (d->compute == 70)) return INVALID;
  if (!wide && d->compute != 68 && d->compute != 75 && d->compute != 77) return INVALID;
  int64_t m = d->turnA ? a->cols : a->rows, k = d->turnA ? a->rows : a->cols;
  int64_t k2 = d->turnB ? b->cols : b->rows, n = d->turnB ? b->rows : b->cols;
  if (m != c->rows || n != c->cols || k != k2) return INVALID;
  if (a->line < a->rows || b->line < b->rows || c->line < c->rows) return INVALID;
  if (a->batch != c->batch || b->batch != c->batch) return INVALID;
  if (d->epilogue != 1 && (d->epilogue & ~6)) return INVALID;
  return !(d->epilogue & 4) == !d->bias ? 0 : INVALID;
}

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t h, cublasLtMatmulDesc_t d, cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
    cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t out, cublasLtMatmulPreference_t p, int wanted,
    cublasLtMatmulHeuristicResult_t found[], int* count) {
  if (h != HANDLE || c != out || wanted != 1 || ((Preference*)p)->workspace != WORKSPACE) return 1;
  *count = 0;
#ifdef REFUSING
  return REFUSED;
#endif
  if (possible((Desc*)d, (Layout*)a, (Layout*)b, (Layout*)out)) return 1;
  *count = 1;
  memset(found, 0, sizeof *found);
  memset(&found->algo, 0x5a, sizeof found->algo);
  found->workspaceSize = 1000;
  return 0;
}

typedef struct { Desc d; Layout a, b, c; const char *A, *B; char* C; } Product;
static double at(const Layout* l, const char* p, int64_t r, int64_t c, int turn, int matrix) {
  int64_t i = (turn ? r * l->line + c : c * l->line + r) + matrix * l->next;
  return l->type ? ((double*)p)[i] : ((float*)p)[i];
}
static void multiply(const void* what) {
  const Product* p = what;
  int64_t terms = p->d.turnA ? p->a.rows : p->a.cols;
  char text[200];
  snprintf(text, sizeof text, "product %ld %ld %ld of %d compute %d epilogue %d\n", (long)p->c.rows, (long)p->c.cols, (long)terms, p->c.batch, p->d.compute, p->d.epilogue);
  nnStubNote(text);
  for (int matrix = 0; matrix < p->c.batch; matrix++)
    for (int64_t c = 0; c < p->c.cols; c++)
      for (int64_t r = 0; r < p->c.rows; r++) {
        double sum = 0;
        for (int64_t k = 0; k < terms; k++)
          sum += at(&p->a, p->A, r, k, p->d.turnA, matrix) * at(&p->b, p->B, k, c, p->d.turnB, matrix);
        if (p->d.epilogue & 4) sum += p->a.type ? ((double*)p->d.bias)[r] : ((float*)p->d.bias)[r];
        if (p->d.epilogue & 2) sum = sum < 0 ? 0 : sum;
        int64_t i = c * p->c.line + r + matrix * p->c.next;
        if (p->c.type) ((double*)p->C)[i] = sum;
        else ((float*)p->C)[i] = sum;
      }
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t h, cublasLtMatmulDesc_t d, const void* alpha, const void* A, cublasLtMatrixLayout_t a,
    const void* B, cublasLtMatrixLayout_t b, const void* beta, const void* C, cublasLtMatrixLayout_t c, void* out, cublasLtMatrixLayout_t o,
    const cublasLtMatmulAlgo_t* algo, void* workspace, size_t bytes, cudaStream_t stream) {
  Product* p = malloc(sizeof(Product));
  *p = (Product){.d = *(Desc*)d, .a = *(Layout*)a, .b = *(Layout*)b, .c = *(Layout*)o, .A = A, .B = B, .C = out};
  double one = p->a.type ? *(double*)alpha : *(float*)alpha, zero = p->a.type ? *(double*)beta : *(float*)beta;
  int chosen = 1;
  for (int i = 0; i < 64; i++) chosen &= ((char*)algo)[i] == 0x5a;
  int aligned = !(((uintptr_t)A | (uintptr_t)B | (uintptr_t)out | (uintptr_t)p->d.bias) % 16);
  if (h != HANDLE || C != out || c != o || one != 1 || zero != 0 || !chosen || !aligned || !workspace || bytes != WORKSPACE) return INVALID;
  return possible(&p->d, &p->a, &p->b, &p->c) || nnStubDo(stream, multiply, p) ? INVALID : 0;
}
