/* A CUDA driver and a run-time compiler for machines without: including cuda.h makes the C compiler check every signature.
   "Device memory" is memory of the host; a kernel is not run, but what it is launched with is written to NN_STUB_LOG. */
#include <cuda.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void note(const char* text) {
  const char* file = getenv("NN_STUB_LOG");
  FILE* log = file ? fopen(file, "a") : 0;
  if (log) { fputs(text, log); fclose(log); }
}

CUresult cuInit(unsigned flags) { return flags ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS; }
CUresult cuDriverGetVersion(int* v) { *v = 13000; return CUDA_SUCCESS; }
CUresult cuDeviceGetCount(int* n) { *n = 1; return CUDA_SUCCESS; }
CUresult cuDeviceGet(CUdevice* d, int number) { *d = 7; return number == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE; }
CUresult cuDeviceGetName(char* name, int length, CUdevice d) { snprintf(name, length, "Stub %d", d); return CUDA_SUCCESS; }
CUresult cuDeviceGetAttribute(int* v, CUdevice_attribute a, CUdevice d) {
  *v = a == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR ? 9
     : a == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR ? 0
     : a == CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT ? 132 : -1;
  return d == 7 && *v >= 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}
CUresult cuDeviceTotalMem(size_t* bytes, CUdevice d) { *bytes = (size_t)5 << 30; return CUDA_SUCCESS; }
CUresult cuDevicePrimaryCtxRetain(CUcontext* c, CUdevice d) { *c = (CUcontext)0x1000; return d == 7 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE; }
CUresult cuDevicePrimaryCtxRelease(CUdevice d) { return CUDA_SUCCESS; }
CUresult cuCtxSetCurrent(CUcontext c) { return c == (CUcontext)0x1000 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT; }
CUresult cuModuleLoadDataEx(CUmodule* m, const void* image, unsigned n, CUjit_option* o, void** v) {
  *m = (CUmodule)0x2000;
  return n == 0 && memcmp(image, "image", 5) == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_IMAGE;
}
CUresult cuModuleUnload(CUmodule m) { return CUDA_SUCCESS; }
CUresult cuModuleGetFunction(CUfunction* f, CUmodule m, const char* name) {
  *f = (CUfunction)strdup(name);
  return m == (CUmodule)0x2000 ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}
CUresult cuMemAlloc(CUdeviceptr* p, size_t bytes) {
  if (bytes > (size_t)4 << 30) return CUDA_ERROR_OUT_OF_MEMORY;
  *p = (CUdeviceptr)calloc(bytes, 1);
  return CUDA_SUCCESS;
}
CUresult cuMemFree(CUdeviceptr p) { free((void*)p); return CUDA_SUCCESS; }
CUresult cuMemAllocHost(void** p, size_t bytes) { *p = malloc(bytes); return CUDA_SUCCESS; }
static CUresult in(CUstream s) { return s == (CUstream)0x3000 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE; }
CUresult cuMemcpyHtoDAsync(CUdeviceptr d, const void* s, size_t n, CUstream q) { memcpy((void*)d, s, n); return in(q); }
CUresult cuMemcpyDtoHAsync(void* d, CUdeviceptr s, size_t n, CUstream q) { memcpy(d, (void*)s, n); return in(q); }
CUresult cuMemcpyDtoDAsync(CUdeviceptr d, CUdeviceptr s, size_t n, CUstream q) { memcpy((void*)d, (void*)s, n); return in(q); }
CUresult cuStreamCreate(CUstream* s, unsigned flags) { *s = (CUstream)0x3000; return flags == CU_STREAM_NON_BLOCKING ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE; }
CUresult cuStreamSynchronize(CUstream s) { return in(s); }
CUresult cuStreamDestroy(CUstream s) { return in(s); }
CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
                        CUstream s, void** a, void** x) {
  char text[300];
  float* in0 = *(float**)a[1];
  float* out = *(float**)a[2];
  snprintf(text, sizeof text, "%s groups %u %u %u items %u %u %u shared %u size %d first %g\n",
           (char*)f, gx, gy, gz, bx, by, bz, shared, *(int*)a[0], in0[0]);
  note(text);
  for (int i = 0; i < *(int*)a[0]; i++) out[i] = 100 + i;
  return x ? CUDA_ERROR_INVALID_VALUE : in(s);
}
CUresult cuGetErrorName(CUresult e, const char** name) { *name = e == CUDA_ERROR_INVALID_IMAGE ? "CUDA_ERROR_INVALID_IMAGE" : "CUDA_ERROR_OTHER"; return CUDA_SUCCESS; }

/* NVRTC has no header here: the signatures are those of its manual. */
typedef struct { const char* text; char log[100]; } Program;
int nvrtcCreateProgram(Program** p, const char* src, const char* name, int n, const char** headers, const char** names) {
  *p = calloc(1, sizeof(Program));
  (*p)->text = strdup(src);
  return n == 0 && !headers && !names ? 0 : 3;
}
int nvrtcCompileProgram(Program* p, int n, const char** options) {
  if (n != 2 || strcmp(options[0], "--gpu-architecture=sm_90") || strcmp(options[1], "--std=c++17")) return 5;
  if (strstr(p->text, "broken")) { strcpy(p->log, "kernels.cu(1): error: this is broken"); return 6; }
  return 0;
}
int nvrtcGetCUBINSize(Program* p, size_t* n) { *n = 9; return 0; }
int nvrtcGetCUBIN(Program* p, char* out) { memcpy(out, "image 123", 9); return 0; }
int nvrtcGetProgramLogSize(Program* p, size_t* n) { *n = strlen(p->log) + 1; return 0; }
int nvrtcGetProgramLog(Program* p, char* out) { strcpy(out, p->log); return 0; }
int nvrtcDestroyProgram(Program** p) { free(*p); *p = 0; return 0; }
