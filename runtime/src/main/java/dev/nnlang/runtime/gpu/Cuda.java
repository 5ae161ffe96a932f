package dev.nnlang.runtime.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The functions of the CUDA driver that we call. Symbols have the suffixes that cuda.h adds behind
 * the back of C: the plain names are older forms with other arguments.
 */
@SuppressWarnings("restricted")
final class Cuda {
  static final String PROPERTY = "nn.cuda.library";
  static final List<String> NAMES = List.of("libcuda.so.1", "nvcuda.dll");

  static final int OUT_OF_MEMORY = 2;
  private static final int NO_DEVICE = 100;
  private static final int UNITS = 16;
  private static final int MAJOR = 75;
  private static final int MINOR = 76;
  private static final int WITHOUT_DEFAULT_STREAM = 1;
  private static final int WITHOUT_TIME = 2;
  private static final int BY_THIS_THREAD = 1;
  private static final int NAME_BYTES = 256;

  private final MethodHandle init;
  private final MethodHandle version;
  private final MethodHandle count;
  private final MethodHandle get;
  private final MethodHandle deviceName;
  private final MethodHandle attribute;
  private final MethodHandle memory;
  private final MethodHandle retain;
  private final MethodHandle release;
  private final MethodHandle setCurrent;
  private final MethodHandle loadModule;
  private final MethodHandle unloadModule;
  private final MethodHandle getFunction;
  private final MethodHandle allocate;
  private final MethodHandle free;
  private final MethodHandle allocateHost;
  private final MethodHandle freeHost;
  private final MethodHandle toDevice;
  private final MethodHandle toHost;
  private final MethodHandle withinDevice;
  private final MethodHandle createStream;
  private final MethodHandle synchronize;
  private final MethodHandle destroyStream;
  private final MethodHandle launch;
  private final MethodHandle createEvent;
  private final MethodHandle destroyEvent;
  private final MethodHandle record;
  private final MethodHandle awaitEvent;
  private final MethodHandle waitFor;
  private final MethodHandle beginCapture;
  private final MethodHandle endCapture;
  private final MethodHandle instantiate;
  private final MethodHandle launchGraph;
  private final MethodHandle destroyGraph;
  private final MethodHandle destroyReady;
  private final MethodHandle errorName;

  /** The system's CUDA driver, if it has one. */
  static Optional<Cuda> find() {
    return NativeLibrary.find(PROPERTY, NAMES).map(Cuda::new);
  }

  private Cuda(NativeLibrary library) {
    init = library.function("cuInit", JAVA_INT);
    version = library.function("cuDriverGetVersion", ADDRESS);
    count = library.function("cuDeviceGetCount", ADDRESS);
    get = library.function("cuDeviceGet", ADDRESS, JAVA_INT);
    deviceName = library.function("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT);
    attribute = library.function("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
    memory = library.function("cuDeviceTotalMem_v2", ADDRESS, JAVA_INT);
    retain = library.function("cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT);
    release = library.function("cuDevicePrimaryCtxRelease_v2", JAVA_INT);
    setCurrent = library.function("cuCtxSetCurrent", ADDRESS);
    loadModule =
        library.function("cuModuleLoadDataEx", ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    unloadModule = library.function("cuModuleUnload", ADDRESS);
    getFunction = library.function("cuModuleGetFunction", ADDRESS, ADDRESS, ADDRESS);
    allocate = library.function("cuMemAlloc_v2", ADDRESS, JAVA_LONG);
    free = library.function("cuMemFree_v2", JAVA_LONG);
    allocateHost = library.function("cuMemAllocHost_v2", ADDRESS, JAVA_LONG);
    freeHost = library.function("cuMemFreeHost", ADDRESS);
    toDevice = library.function("cuMemcpyHtoDAsync_v2", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
    toHost = library.function("cuMemcpyDtoHAsync_v2", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    withinDevice =
        library.function("cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
    createStream = library.function("cuStreamCreate", ADDRESS, JAVA_INT);
    synchronize = library.function("cuStreamSynchronize", ADDRESS);
    destroyStream = library.function("cuStreamDestroy_v2", ADDRESS);
    launch =
        library.function(
            "cuLaunchKernel",
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS);
    createEvent = library.function("cuEventCreate", ADDRESS, JAVA_INT);
    destroyEvent = library.function("cuEventDestroy_v2", ADDRESS);
    record = library.function("cuEventRecord", ADDRESS, ADDRESS);
    awaitEvent = library.function("cuEventSynchronize", ADDRESS);
    waitFor = library.function("cuStreamWaitEvent", ADDRESS, ADDRESS, JAVA_INT);
    beginCapture = library.function("cuStreamBeginCapture_v2", ADDRESS, JAVA_INT);
    endCapture = library.function("cuStreamEndCapture", ADDRESS, ADDRESS);
    instantiate = library.function("cuGraphInstantiateWithFlags", ADDRESS, ADDRESS, JAVA_LONG);
    launchGraph = library.function("cuGraphLaunch", ADDRESS, ADDRESS);
    destroyGraph = library.function("cuGraphDestroy", ADDRESS);
    destroyReady = library.function("cuGraphExecDestroy", ADDRESS);
    errorName = library.function("cuGetErrorName", JAVA_INT, ADDRESS);
  }

  /** A call that gave a status other than 0. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;

    Failure(String function, int status, String name) {
      super(function + " gives " + name);
      this.status = status;
    }
  }

  private void ok(String function, NativeLibrary.Call<Integer> call) {
    int status = NativeLibrary.call(call);
    if (status != 0) {
      throw new Failure(function, status, nameOf(status));
    }
  }

  private String nameOf(int status) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(ADDRESS);
      int unknown = NativeLibrary.call(() -> (int) errorName.invokeExact(status, out));
      return unknown != 0
          ? "error " + status
          : out.get(ADDRESS, 0).reinterpret(NAME_BYTES).getString(0);
    }
  }

  private interface Giving {
    int into(MemorySegment out) throws Throwable;
  }

  private int number(String function, Giving giving) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(JAVA_INT);
      ok(function, () -> giving.into(out));
      return out.get(JAVA_INT, 0);
    }
  }

  private long large(String function, Giving giving) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(JAVA_LONG);
      ok(function, () -> giving.into(out));
      return out.get(JAVA_LONG, 0);
    }
  }

  private MemorySegment pointer(String function, Giving giving) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(ADDRESS);
      ok(function, () -> giving.into(out));
      return out.get(ADDRESS, 0);
    }
  }

  // Devices.

  /** All devices, in the order of the driver. */
  List<DeviceInfo> infos() {
    int status = NativeLibrary.call(() -> (int) init.invokeExact(0));
    if (status == NO_DEVICE) {
      return List.of();
    }
    ok("cuInit", () -> status);
    int driver = number("cuDriverGetVersion", out -> (int) version.invokeExact(out));
    int all = number("cuDeviceGetCount", out -> (int) count.invokeExact(out));
    var infos = new ArrayList<DeviceInfo>();
    for (int n = 0; n < all; n++) {
      int device = device(n);
      infos.add(
          new DeviceInfo(
              new DeviceName(DeviceName.Driver.CUDA, n),
              name(device),
              "CUDA %d.%d, sm_%d".formatted(driver / 1000, driver % 1000 / 10, capability(device)),
              large("cuDeviceTotalMem", out -> (int) memory.invokeExact(out, device)),
              attribute(UNITS, device),
              true));
    }
    return infos;
  }

  int device(int number) {
    return number("cuDeviceGet", out -> (int) get.invokeExact(out, number));
  }

  /** 90 for compute capability 9.0. */
  int capability(int device) {
    return 10 * attribute(MAJOR, device) + attribute(MINOR, device);
  }

  private String name(int device) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(NAME_BYTES);
      ok("cuDeviceGetName", () -> (int) deviceName.invokeExact(out, NAME_BYTES - 1, device));
      return out.getString(0);
    }
  }

  private int attribute(int which, int device) {
    return number("cuDeviceGetAttribute", out -> (int) attribute.invokeExact(out, which, device));
  }

  // A context and what is in it.

  MemorySegment context(int device) {
    return pointer("cuDevicePrimaryCtxRetain", out -> (int) retain.invokeExact(out, device));
  }

  void releaseContext(int device) {
    ok("cuDevicePrimaryCtxRelease", () -> (int) release.invokeExact(device));
  }

  /** For this thread. */
  void current(MemorySegment context) {
    ok("cuCtxSetCurrent", () -> (int) setCurrent.invokeExact(context));
  }

  MemorySegment module(byte[] image) {
    try (var arena = Arena.ofConfined()) {
      var copy = arena.allocate(image.length + 1L, Long.BYTES);
      MemorySegment.copy(MemorySegment.ofArray(image), 0, copy, 0, image.length);
      var none = MemorySegment.NULL;
      return pointer(
          "cuModuleLoadDataEx", out -> (int) loadModule.invokeExact(out, copy, 0, none, none));
    }
  }

  void unload(MemorySegment module) {
    ok("cuModuleUnload", () -> (int) unloadModule.invokeExact(module));
  }

  MemorySegment function(MemorySegment module, String name) {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocateFrom(name);
      return pointer(
          "cuModuleGetFunction", out -> (int) getFunction.invokeExact(out, module, text));
    }
  }

  /** The address of new memory. */
  long allocate(long bytes) {
    return large("cuMemAlloc", out -> (int) allocate.invokeExact(out, bytes));
  }

  void free(long address) {
    ok("cuMemFree", () -> (int) free.invokeExact(address));
  }

  /** Memory of the host that does not move. */
  MemorySegment pinned(long bytes) {
    return pointer("cuMemAllocHost", out -> (int) allocateHost.invokeExact(out, bytes))
        .reinterpret(bytes);
  }

  void freePinned(MemorySegment memory) {
    ok("cuMemFreeHost", () -> (int) freeHost.invokeExact(memory));
  }

  // In a stream.

  MemorySegment stream() {
    return pointer(
        "cuStreamCreate", out -> (int) createStream.invokeExact(out, WITHOUT_DEFAULT_STREAM));
  }

  void destroy(MemorySegment stream) {
    ok("cuStreamDestroy", () -> (int) destroyStream.invokeExact(stream));
  }

  void toDevice(long to, MemorySegment from, MemorySegment stream) {
    ok("cuMemcpyHtoDAsync", () -> (int) toDevice.invokeExact(to, from, from.byteSize(), stream));
  }

  void toHost(MemorySegment to, long from, MemorySegment stream) {
    ok("cuMemcpyDtoHAsync", () -> (int) toHost.invokeExact(to, from, to.byteSize(), stream));
  }

  void withinDevice(long to, long from, long bytes, MemorySegment stream) {
    ok("cuMemcpyDtoDAsync", () -> (int) withinDevice.invokeExact(to, from, bytes, stream));
  }

  /**
   * @param arguments pointers to the arguments
   */
  void launch(
      MemorySegment function,
      int groups,
      int width,
      int height,
      MemorySegment stream,
      MemorySegment arguments) {
    ok(
        "cuLaunchKernel",
        () ->
            (int)
                launch.invokeExact(
                    function,
                    groups,
                    1,
                    1,
                    width,
                    height,
                    1,
                    0,
                    stream,
                    arguments,
                    MemorySegment.NULL));
  }

  void synchronize(MemorySegment stream) {
    ok("cuStreamSynchronize", () -> (int) synchronize.invokeExact(stream));
  }

  // Between streams.

  MemorySegment event() {
    return pointer("cuEventCreate", out -> (int) createEvent.invokeExact(out, WITHOUT_TIME));
  }

  void destroyEvent(MemorySegment event) {
    ok("cuEventDestroy", () -> (int) destroyEvent.invokeExact(event));
  }

  /** The event happens when all is done that the stream was asked for so far. */
  void record(MemorySegment event, MemorySegment stream) {
    ok("cuEventRecord", () -> (int) record.invokeExact(event, stream));
  }

  /** The host waits; not for an event that was never recorded. */
  void await(MemorySegment event) {
    ok("cuEventSynchronize", () -> (int) awaitEvent.invokeExact(event));
  }

  /** What the stream is asked for from now on waits. */
  void waitFor(MemorySegment event, MemorySegment stream) {
    ok("cuStreamWaitEvent", () -> (int) waitFor.invokeExact(stream, event, 0));
  }

  // Graphs.

  /** What the stream is asked for, from now on, is written down and not done. */
  void beginCapture(MemorySegment stream) {
    ok("cuStreamBeginCapture", () -> (int) beginCapture.invokeExact(stream, BY_THIS_THREAD));
  }

  /** What was written down. */
  MemorySegment endCapture(MemorySegment stream) {
    return pointer("cuStreamEndCapture", out -> (int) endCapture.invokeExact(stream, out));
  }

  /** A graph made ready to be launched. */
  MemorySegment ready(MemorySegment graph) {
    return pointer("cuGraphInstantiate", out -> (int) instantiate.invokeExact(out, graph, 0L));
  }

  void launchGraph(MemorySegment ready, MemorySegment stream) {
    ok("cuGraphLaunch", () -> (int) launchGraph.invokeExact(ready, stream));
  }

  void destroyGraph(MemorySegment graph) {
    ok("cuGraphDestroy", () -> (int) destroyGraph.invokeExact(graph));
  }

  void destroyReady(MemorySegment ready) {
    ok("cuGraphExecDestroy", () -> (int) destroyReady.invokeExact(ready));
  }
}
