package dev.nnlang.runtime.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The functions of OpenCL 1.2 that we call. */
@SuppressWarnings("restricted")
final class OpenCl {
  static final String PROPERTY = "nn.opencl.library";
  static final List<String> NAMES =
      List.of(
          "libOpenCL.so.1",
          "libOpenCL.so",
          "OpenCL.dll",
          "/System/Library/Frameworks/OpenCL.framework/OpenCL");

  // Numbers of cl.h.
  static final int OUT_OF_MEMORY = -4;
  static final int OUT_OF_RESOURCES = -5;
  static final int OUT_OF_HOST_MEMORY = -6;
  static final int INVALID_BUFFER_SIZE = -61;
  private static final int BUILD_FAILURE = -11;
  private static final int NO_PLATFORM = -1001;
  private static final int NO_DEVICE = -1;
  private static final long ALL_DEVICES = 0xFFFFFFFFL;
  private static final int DEVICE_UNITS = 0x1002;
  private static final int DEVICE_MEMORY = 0x101F;
  private static final int DEVICE_NAME = 0x102B;
  private static final int DRIVER_VERSION = 0x102D;
  private static final int DEVICE_VERSION = 0x102F;
  private static final int DEVICE_DOUBLES = 0x1032;
  private static final int BUILD_LOG = 0x1183;
  private static final long READ_WRITE = 1;
  private static final int REGION = 0x1220;

  private final MethodHandle platforms;
  private final MethodHandle devices;
  private final MethodHandle deviceInfo;
  private final MethodHandle createContext;
  private final MethodHandle createQueue;
  private final MethodHandle createBuffer;
  private final MethodHandle createPart;
  private final MethodHandle createProgram;
  private final MethodHandle buildProgram;
  private final MethodHandle buildInfo;
  private final MethodHandle createKernel;
  private final MethodHandle setArgument;
  private final MethodHandle launch;
  private final MethodHandle read;
  private final MethodHandle write;
  private final MethodHandle copy;
  private final MethodHandle finish;
  private final MethodHandle releaseBuffer;
  private final MethodHandle releaseKernel;
  private final MethodHandle releaseProgram;
  private final MethodHandle releaseQueue;
  private final MethodHandle releaseContext;

  /** The system's OpenCL, if it has one. */
  static Optional<OpenCl> find() {
    // PoCL would catch the signal by which the JVM learns of a division by zero.
    NativeLibrary.environment("POCL_SIGFPE_HANDLER", "0");
    return NativeLibrary.find(PROPERTY, NAMES).map(OpenCl::new);
  }

  private OpenCl(NativeLibrary library) {
    platforms = library.function("clGetPlatformIDs", JAVA_INT, ADDRESS, ADDRESS);
    devices = library.function("clGetDeviceIDs", ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
    deviceInfo =
        library.function("clGetDeviceInfo", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    createContext =
        library.pointer("clCreateContext", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    createQueue = library.pointer("clCreateCommandQueue", ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    createBuffer =
        library.pointer("clCreateBuffer", ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS);
    createPart =
        library.pointer("clCreateSubBuffer", ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS);
    createProgram =
        library.pointer("clCreateProgramWithSource", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    buildProgram =
        library.function("clBuildProgram", ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    buildInfo =
        library.function(
            "clGetProgramBuildInfo", ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
    createKernel = library.pointer("clCreateKernel", ADDRESS, ADDRESS, ADDRESS);
    setArgument = library.function("clSetKernelArg", ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);
    launch =
        library.function(
            "clEnqueueNDRangeKernel",
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS);
    read = transfer(library, "clEnqueueReadBuffer");
    write = transfer(library, "clEnqueueWriteBuffer");
    copy =
        library.function(
            "clEnqueueCopyBuffer",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            ADDRESS,
            ADDRESS);
    finish = library.function("clFinish", ADDRESS);
    releaseBuffer = library.function("clReleaseMemObject", ADDRESS);
    releaseKernel = library.function("clReleaseKernel", ADDRESS);
    releaseProgram = library.function("clReleaseProgram", ADDRESS);
    releaseQueue = library.function("clReleaseCommandQueue", ADDRESS);
    releaseContext = library.function("clReleaseContext", ADDRESS);
  }

  private static MethodHandle transfer(NativeLibrary library, String name) {
    return library.function(
        name, ADDRESS, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS,
        ADDRESS);
  }

  /** A call that gave a status other than 0. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;

    Failure(String function, int status) {
      super(function + " gives " + status);
      this.status = status;
    }

    boolean isMemory() {
      return switch (status) {
        case OUT_OF_MEMORY, OUT_OF_RESOURCES, OUT_OF_HOST_MEMORY, INVALID_BUFFER_SIZE -> true;
        default -> false;
      };
    }
  }

  private static void check(String function, int status) {
    if (status != 0) {
      throw new Failure(function, status);
    }
  }

  private static void ok(String function, NativeLibrary.Call<Integer> call) {
    check(function, NativeLibrary.call(call));
  }

  /** A call that gives a pointer, and its status through one. */
  private interface Making {
    MemorySegment with(MemorySegment status) throws Throwable;
  }

  private static MemorySegment make(String function, Making making) {
    try (var arena = Arena.ofConfined()) {
      var status = arena.allocate(JAVA_INT);
      var made = NativeLibrary.call(() -> making.with(status));
      check(function, status.get(JAVA_INT, 0));
      return made;
    }
  }

  // Devices.

  /** All devices of all platforms, in the order of the driver. */
  List<MemorySegment> devices() {
    var all = new ArrayList<MemorySegment>();
    for (var platform :
        ids(NO_PLATFORM, (n, out, count) -> (int) platforms.invokeExact(n, out, count))) {
      all.addAll(
          ids(
              NO_DEVICE,
              (n, out, count) -> (int) devices.invokeExact(platform, ALL_DEVICES, n, out, count)));
    }
    return all;
  }

  private interface Listing {
    int call(int most, MemorySegment out, MemorySegment count) throws Throwable;
  }

  private static List<MemorySegment> ids(int none, Listing listing) {
    try (var arena = Arena.ofConfined()) {
      var count = arena.allocate(JAVA_INT);
      int status = NativeLibrary.call(() -> listing.call(0, MemorySegment.NULL, count));
      int n = count.get(JAVA_INT, 0);
      if (status == none || n == 0) {
        return List.of();
      }
      check("a list of devices", status);
      var out = arena.allocate(ADDRESS, n);
      ok("a list of devices", () -> listing.call(n, out, count));
      var all = new ArrayList<MemorySegment>();
      for (int i = 0; i < n; i++) {
        all.add(out.getAtIndex(ADDRESS, i));
      }
      return all;
    }
  }

  DeviceInfo info(MemorySegment device, int number) {
    return new DeviceInfo(
        new DeviceName(DeviceName.Driver.OPENCL, number),
        text(device, DEVICE_NAME),
        text(device, DEVICE_VERSION) + ", driver " + text(device, DRIVER_VERSION),
        number(device, DEVICE_MEMORY),
        (int) number(device, DEVICE_UNITS),
        number(device, DEVICE_DOUBLES) != 0);
  }

  private String text(MemorySegment device, int what) {
    try (var arena = Arena.ofConfined()) {
      var size = arena.allocate(JAVA_LONG);
      ok(
          "clGetDeviceInfo",
          () -> (int) deviceInfo.invokeExact(device, what, 0L, MemorySegment.NULL, size));
      var out = arena.allocate(size.get(JAVA_LONG, 0) + 1);
      ok(
          "clGetDeviceInfo",
          () ->
              (int)
                  deviceInfo.invokeExact(
                      device, what, out.byteSize() - 1, out, MemorySegment.NULL));
      return out.getString(0).strip();
    }
  }

  private long number(MemorySegment device, int what) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(JAVA_LONG);
      ok(
          "clGetDeviceInfo",
          () -> (int) deviceInfo.invokeExact(device, what, 8L, out, MemorySegment.NULL));
      return out.get(JAVA_LONG, 0);
    }
  }

  // A context and what is in it.

  MemorySegment context(MemorySegment device) {
    try (var arena = Arena.ofConfined()) {
      var list = arena.allocateFrom(ADDRESS, device);
      var none = MemorySegment.NULL;
      return make(
          "clCreateContext",
          status -> (MemorySegment) createContext.invokeExact(none, 1, list, none, none, status));
    }
  }

  /** In order. */
  MemorySegment queue(MemorySegment context, MemorySegment device) {
    return make(
        "clCreateCommandQueue",
        status -> (MemorySegment) createQueue.invokeExact(context, device, 0L, status));
  }

  MemorySegment buffer(MemorySegment context, long bytes) {
    return make(
        "clCreateBuffer",
        status ->
            (MemorySegment)
                createBuffer.invokeExact(context, READ_WRITE, bytes, MemorySegment.NULL, status));
  }

  MemorySegment part(MemorySegment buffer, long from, long bytes) {
    try (var arena = Arena.ofConfined()) {
      var region = arena.allocateFrom(JAVA_LONG, from, bytes);
      return make(
          "clCreateSubBuffer",
          status ->
              (MemorySegment) createPart.invokeExact(buffer, READ_WRITE, REGION, region, status));
    }
  }

  /** A built program; a {@link DeviceFailure} holds what the driver's compiler says. */
  MemorySegment program(
      MemorySegment context, MemorySegment device, String title, String text, String options) {
    try (var arena = Arena.ofConfined()) {
      var source = arena.allocateFrom(ADDRESS, arena.allocateFrom(text));
      var program =
          make(
              "clCreateProgramWithSource",
              status ->
                  (MemorySegment)
                      createProgram.invokeExact(context, 1, source, MemorySegment.NULL, status));
      var list = arena.allocateFrom(ADDRESS, device);
      var how = arena.allocateFrom(options);
      int status =
          NativeLibrary.call(
              () ->
                  (int)
                      buildProgram.invokeExact(
                          program, 1, list, how, MemorySegment.NULL, MemorySegment.NULL));
      if (status == BUILD_FAILURE) {
        throw refused(title, log(program, device));
      }
      check("clBuildProgram", status);
      return program;
    }
  }

  static DeviceFailure refused(String title, String log) {
    var first = log.lines().filter(line -> line.contains("error")).findFirst().orElse(log.strip());
    return new DeviceFailure(
        Problem.of(
                ProblemCode.DEVICE_BUILD,
                "the driver's compiler refuses our kernels of " + title + ": " + first)
            .mend("this is a bug of ours or of the driver; --device cpu goes round it"));
  }

  private String log(MemorySegment program, MemorySegment device) {
    try (var arena = Arena.ofConfined()) {
      var size = arena.allocate(JAVA_LONG);
      ok(
          "clGetProgramBuildInfo",
          () ->
              (int)
                  buildInfo.invokeExact(program, device, BUILD_LOG, 0L, MemorySegment.NULL, size));
      var out = arena.allocate(size.get(JAVA_LONG, 0) + 1);
      ok(
          "clGetProgramBuildInfo",
          () ->
              (int)
                  buildInfo.invokeExact(
                      program, device, BUILD_LOG, out.byteSize() - 1, out, MemorySegment.NULL));
      return out.getString(0);
    }
  }

  MemorySegment kernel(MemorySegment program, String name) {
    try (var arena = Arena.ofConfined()) {
      var text = arena.allocateFrom(name);
      return make(
          "clCreateKernel",
          status -> (MemorySegment) createKernel.invokeExact(program, text, status));
    }
  }

  /** The value is copied. */
  void argument(MemorySegment kernel, int place, MemorySegment value) {
    ok(
        "clSetKernelArg",
        () -> (int) setArgument.invokeExact(kernel, place, value.byteSize(), value));
  }

  // In the queue.

  /**
   * @param global work-items along each of two axes
   * @param local those of a work-group
   */
  void launch(
      MemorySegment queue, MemorySegment kernel, MemorySegment global, MemorySegment local) {
    var none = MemorySegment.NULL;
    ok(
        "clEnqueueNDRangeKernel",
        () -> (int) launch.invokeExact(queue, kernel, 2, none, global, local, 0, none, none));
  }

  /** Returns when it is done. */
  void read(MemorySegment queue, MemorySegment buffer, long from, MemorySegment to) {
    transfer("clEnqueueReadBuffer", read, queue, buffer, from, to);
  }

  /** Returns when it is done. */
  void write(MemorySegment queue, MemorySegment buffer, long at, MemorySegment from) {
    transfer("clEnqueueWriteBuffer", write, queue, buffer, at, from);
  }

  private static void transfer(
      String name,
      MethodHandle handle,
      MemorySegment queue,
      MemorySegment buffer,
      long at,
      MemorySegment host) {
    var none = MemorySegment.NULL;
    ok(
        name,
        () -> (int) handle.invokeExact(queue, buffer, 1, at, host.byteSize(), host, 0, none, none));
  }

  void copy(MemorySegment queue, MemorySegment to, MemorySegment from, long bytes) {
    var none = MemorySegment.NULL;
    ok(
        "clEnqueueCopyBuffer",
        () -> (int) copy.invokeExact(queue, from, to, 0L, 0L, bytes, 0, none, none));
  }

  void finish(MemorySegment queue) {
    ok("clFinish", () -> (int) finish.invokeExact(queue));
  }

  // Ends.

  void releaseBuffer(MemorySegment buffer) {
    ok("clReleaseMemObject", () -> (int) releaseBuffer.invokeExact(buffer));
  }

  void releaseKernel(MemorySegment kernel) {
    ok("clReleaseKernel", () -> (int) releaseKernel.invokeExact(kernel));
  }

  void releaseProgram(MemorySegment program) {
    ok("clReleaseProgram", () -> (int) releaseProgram.invokeExact(program));
  }

  void release(MemorySegment queue, MemorySegment context) {
    ok("clReleaseCommandQueue", () -> (int) releaseQueue.invokeExact(queue));
    ok("clReleaseContext", () -> (int) releaseContext.invokeExact(context));
  }
}
