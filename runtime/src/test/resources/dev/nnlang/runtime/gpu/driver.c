/* A CUDA driver and a run-time compiler for machines without (products.c has the library): including cuda.h makes the C compiler check every signature.
   "Device memory" is memory of the host; a kernel is not run, but what it is launched with is written to NN_STUB_LOG, as are
   graphs. OLD leaves out a function that old drivers lack, BROKEN does not start. */
#include <cuda.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void nnStubNote(const char* text) {
  const char* file = getenv("NN_STUB_LOG");
  FILE* log = file ? fopen(file, "a") : 0;
  if (log) { fputs(text, log); fclose(log); }
}

#ifdef BROKEN
CUresult cuInit(unsigned flags) { return CUDA_ERROR_UNKNOWN; }
#else
CUresult cuInit(unsigned flags) { return flags ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS; }
#endif
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
static int streams;
CUresult cuDevicePrimaryCtxRetain(CUcontext* c, CUdevice d) { streams = 0; *c = (CUcontext)0x1000; return d == 7 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE; }
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
/* What is alive of all that was allocated, in bytes; each piece has its size in front. */
static size_t alive, pinned;
CUresult cuMemAlloc(CUdeviceptr* p, size_t bytes) {
  if (bytes > (size_t)4 << 30) return CUDA_ERROR_OUT_OF_MEMORY;
  size_t* all = calloc(bytes + 512, 1);
  *all = bytes;
  alive += bytes;
  *p = (CUdeviceptr)all + 512;
  return CUDA_SUCCESS;
}
CUresult cuMemFree(CUdeviceptr p) {
  size_t* all = (size_t*)(p - 512);
  alive -= *all;
  free(all);
  return CUDA_SUCCESS;
}
CUresult cuMemAllocHost(void** p, size_t bytes) { pinned++; *p = malloc(bytes); return CUDA_SUCCESS; }
CUresult cuMemFreeHost(void* p) { pinned--; free(p); return CUDA_SUCCESS; }
int nnStubAlive(size_t* bytes, size_t* hosts) { *bytes = alive; *hosts = pinned; return 0; }

/* Two streams: the first is that of the work. */
static CUresult in(CUstream s) { return s >= (CUstream)0x3000 && s < (CUstream)(0x3000L + streams) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE; }
CUresult cuStreamCreate(CUstream* s, unsigned flags) { *s = (CUstream)(0x3000L + streams++); return flags == CU_STREAM_NON_BLOCKING ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE; }
CUresult cuStreamSynchronize(CUstream s) { return in(s); }
CUresult cuStreamDestroy(CUstream s) { return in(s); }

/* Events know whether they were recorded. */
static int events;
static char recorded[100];
static CUresult known(CUevent e) { return e >= (CUevent)0x4000 && e < (CUevent)(0x4000L + events) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE; }
CUresult cuEventCreate(CUevent* e, unsigned flags) { *e = (CUevent)(0x4000L + events++); return flags == CU_EVENT_DISABLE_TIMING && events < 100 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE; }
CUresult cuEventDestroy(CUevent e) { return known(e); }
CUresult cuEventRecord(CUevent e, CUstream s) { if (known(e)) return known(e); recorded[(long)e - 0x4000] = 1; return in(s); }
static CUresult happened(CUevent e) { return known(e) || !recorded[(long)e - 0x4000] ? CUDA_ERROR_INVALID_HANDLE : CUDA_SUCCESS; }
CUresult cuEventSynchronize(CUevent e) { return happened(e); }
CUresult cuStreamWaitEvent(CUstream s, CUevent e, unsigned flags) { return flags ? CUDA_ERROR_INVALID_VALUE : happened(e) ? happened(e) : in(s); }

/* What is captured is kept, and done when its graph is launched. */
typedef struct { int kernel; char name[200]; float *in, *out; size_t size; void (*act)(const void*); void* what; } Doing;
typedef struct { int count; Doing all[50]; } Graph;
static Graph* capturing;
static void done(const Doing* d) {
  if (d->act) { d->act(d->what); return; }
  if (d->kernel) { char text[400]; snprintf(text, sizeof text, "%s first %g\n", d->name, d->in[0]); nnStubNote(text); }
  if (d->kernel) for (size_t i = 0; i < d->size; i++) d->out[i] = d->in[0] + 100 + i;
  else memcpy(d->out, d->in, d->size);
}
static void doing(Doing d) { if (capturing) capturing->all[capturing->count++] = d; else done(&d); }
/* What a library asks for in a stream; -1 where that is not the one of the work. */
int nnStubDo(CUstream s, void (*act)(const void*), void* what) { doing((Doing){.act = act, .what = what}); return s == (CUstream)0x3000 ? 0 : -1; }
int nnStubCapturing(void) { return capturing != 0; }
static CUresult outside(CUstream s) { return capturing ? CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED : in(s); }
CUresult cuStreamBeginCapture(CUstream s, CUstreamCaptureMode m) {
  if (capturing || m != CU_STREAM_CAPTURE_MODE_THREAD_LOCAL) return CUDA_ERROR_INVALID_VALUE;
  capturing = calloc(1, sizeof(Graph));
  nnStubNote("capture\n");
  return in(s);
}
CUresult cuStreamEndCapture(CUstream s, CUgraph* g) { *g = (CUgraph)capturing; capturing = 0; return in(s); }
#ifndef OLD
CUresult cuGraphInstantiateWithFlags(CUgraphExec* e, CUgraph g, unsigned long long flags) {
  Graph* copy = malloc(sizeof(Graph));
  *copy = *(Graph*)g;
  *e = (CUgraphExec)copy;
  return flags ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}
#endif
CUresult cuGraphDestroy(CUgraph g) { free(g); return CUDA_SUCCESS; }
CUresult cuGraphExecDestroy(CUgraphExec e) { free(e); nnStubNote("graph destroyed\n"); return CUDA_SUCCESS; }
CUresult cuGraphLaunch(CUgraphExec e, CUstream s) {
  Graph* g = (Graph*)e;
  nnStubNote("graph\n");
  for (int i = 0; i < g->count; i++) done(&g->all[i]);
  return in(s);
}

CUresult cuMemcpyHtoDAsync(CUdeviceptr d, const void* s, size_t n, CUstream q) {
  memcpy((void*)d, s, n);
  return q == (CUstream)0x3001 ? outside(q) : CUDA_ERROR_INVALID_HANDLE;
}
CUresult cuMemcpyDtoHAsync(void* d, CUdeviceptr s, size_t n, CUstream q) { memcpy(d, (void*)s, n); return outside(q); }
CUresult cuMemcpyDtoDAsync(CUdeviceptr d, CUdeviceptr s, size_t n, CUstream q) {
  doing((Doing){.kernel = 0, .in = (float*)s, .out = (float*)d, .size = n});
  return q == (CUstream)0x3000 ? in(q) : CUDA_ERROR_INVALID_HANDLE;
}
CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared,
                        CUstream s, void** a, void** x) {
  Doing d = {.kernel = 1, .in = *(float**)a[1], .out = *(float**)a[2], .size = *(int*)a[0]};
  snprintf(d.name, sizeof d.name, "%s groups %u %u %u items %u %u %u shared %u size %d",
           (char*)f, gx, gy, gz, bx, by, bz, shared, *(int*)a[0]);
  doing(d);
  return x || s != (CUstream)0x3000 ? CUDA_ERROR_INVALID_VALUE : in(s);
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
