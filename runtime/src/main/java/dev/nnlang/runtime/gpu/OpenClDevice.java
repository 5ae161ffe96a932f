package dev.nnlang.runtime.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A device by OpenCL. */
final class OpenClDevice implements Device {
  /** The version that every driver knows; without it PoCL takes a later one. */
  private static final String OPTIONS = "-cl-std=CL1.2";

  private final OpenCl opencl;
  private final MemorySegment device;
  private final DeviceInfo info;
  private final MemorySegment context;
  private final MemorySegment queue;
  private final Budget budget;
  private final Staging staging;
  private final Built built;

  OpenClDevice(OpenCl opencl, MemorySegment device, DeviceInfo info) {
    this.opencl = opencl;
    this.device = device;
    this.info = info;
    this.context = opencl.context(device);
    this.queue = opencl.queue(context, device);
    this.built = new Built((title, text) -> opencl.program(context, device, title, text, OPTIONS));
    this.budget = new Budget(info);
    this.staging = new Staging(Arena.ofAuto().allocate(Staging.BYTES, Long.BYTES));
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  private <T> T doing(Supplier<T> call) {
    try {
      return call.get();
    } catch (OpenCl.Failure failure) {
      throw failed(failure);
    }
  }

  private void run(Runnable call) {
    try {
      call.run();
    } catch (OpenCl.Failure failure) {
      throw failed(failure);
    }
  }

  private DeviceFailure failed(OpenCl.Failure failure) {
    return new DeviceFailure(
        Problem.of(
                ProblemCode.DEVICE_FAILED,
                "%s (%s) failed: %s".formatted(info.name(), info.model(), failure.getMessage()))
            .mend("--device cpu does without it"));
  }

  private final class Buffer implements Memory {
    private final MemorySegment handle;
    private final long bytes;
    private final long counted;

    Buffer(MemorySegment handle, long bytes, long counted) {
      this.handle = handle;
      this.bytes = bytes;
      this.counted = counted;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public Memory part(long from, long length) {
      return doing(() -> new Buffer(opencl.part(handle, from, length), length, 0));
    }

    @Override
    public void close() {
      budget.giveBack(counted);
      run(() -> opencl.releaseBuffer(handle));
    }
  }

  private static MemorySegment handle(Memory memory) {
    return ((Buffer) memory).handle;
  }

  @Override
  public Memory allocate(long bytes) {
    budget.take(bytes);
    try {
      return new Buffer(opencl.buffer(context, bytes), bytes, bytes);
    } catch (OpenCl.Failure failure) {
      budget.giveBack(bytes);
      throw failure.isMemory() ? budget.tooMuch(bytes) : failed(failure);
    }
  }

  @Override
  public long allocated() {
    return budget.taken();
  }

  @Override
  public Kernels build(String title, String head, Map<String, String> kernels) {
    var places = doing(() -> built.places(title, head, kernels));
    return (kernel, groups, width, height, arguments) ->
        doing(() -> prepared(places.get(kernel), groups, width, height, arguments));
  }

  private Work prepared(
      Built.Place place, long groups, int width, int height, List<Argument> arguments) {
    var kernel = opencl.kernel(place.module(), place.name());
    try (var arena = Arena.ofConfined()) {
      for (int number = 0; number < arguments.size(); number++) {
        opencl.argument(
            kernel,
            number,
            switch (arguments.get(number)) {
              case Argument.Buffer(var memory) -> arena.allocateFrom(ADDRESS, handle(memory));
              case Argument.Number(var value) -> arena.allocateFrom(JAVA_INT, value);
            });
      }
    }
    var sizes = Arena.ofAuto();
    var global = sizes.allocateFrom(JAVA_LONG, groups * width, height);
    var local = sizes.allocateFrom(JAVA_LONG, width, height);
    return new Work() {
      @Override
      public void enqueue() {
        run(() -> opencl.launch(queue, kernel, global, local));
      }

      @Override
      public void close() {
        run(() -> opencl.releaseKernel(kernel));
      }
    };
  }

  /** OpenCL has no such thing: it is asked for again. */
  @Override
  public Work recorded(Runnable body) {
    return new Work() {
      @Override
      public void enqueue() {
        body.run();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void upload(Memory to, MemorySegment from) {
    run(() -> staging.up(from, (at, piece) -> opencl.write(queue, handle(to), at, piece)));
  }

  @Override
  public void download(MemorySegment to, Memory from) {
    run(() -> staging.down(to, (at, piece) -> opencl.read(queue, handle(from), at, piece)));
  }

  @Override
  public void copy(Memory to, Memory from, long bytes) {
    run(() -> opencl.copy(queue, handle(to), handle(from), bytes));
  }

  @Override
  public void finish() {
    run(() -> opencl.finish(queue));
  }

  @Override
  public void close() {
    run(() -> built.modules().forEach(opencl::releaseProgram));
    run(() -> opencl.release(queue, context));
  }
}
