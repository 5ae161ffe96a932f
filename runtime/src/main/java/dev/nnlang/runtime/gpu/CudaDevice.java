package dev.nnlang.runtime.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A device by CUDA. */
final class CudaDevice implements Device {
  private final Cuda cuda;
  private final DeviceInfo info;
  private final int device;
  private final MemorySegment context;
  private final MemorySegment stream;
  private final Budget budget;
  private final MemorySegment pinned;
  private final Staging staging;
  private final CudaUploads uploads;
  private final Built built;

  /** Null until somebody asks for products. */
  private Optional<CudaProducts> products;

  /** The device, or the problem that there is nothing to compile kernels with. */
  static CudaDevice open(Cuda cuda, DeviceInfo info) throws ProblemException {
    var compiler = Nvrtc.find();
    if (compiler.isEmpty()) {
      throw Problem.of(
              ProblemCode.DEVICE_MISSING,
              "there is a CUDA driver, but not NVIDIA's run-time compiler: looked for "
                  + NativeLibrary.looked(Nvrtc.PROPERTY, Nvrtc.names()))
          .mend(
              "install NVRTC (with the CUDA toolkit, or Python's nvidia-cuda-nvrtc), or name it by"
                  + " -D"
                  + Nvrtc.PROPERTY
                  + "=FILE; --device cpu needs none")
          .thrown();
    }
    return new CudaDevice(cuda, compiler.get(), info);
  }

  private CudaDevice(Cuda cuda, Nvrtc compiler, DeviceInfo info) {
    this.cuda = cuda;
    this.info = info;
    this.device = cuda.device(info.name().number());
    this.context = cuda.context(device);
    cuda.current(context);
    this.stream = cuda.stream();
    this.built =
        new Built(
            (title, text) -> cuda.module(compiler.compile(title, text, cuda.capability(device))));
    this.budget = new Budget(info);
    this.pinned = cuda.pinned(Staging.BYTES);
    this.staging = new Staging(pinned);
    this.uploads = new CudaUploads(cuda, stream, bytes -> address(allocate(bytes)));
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  private <T> T doing(Supplier<T> call) {
    try {
      cuda.current(context);
      return call.get();
    } catch (Cuda.Failure failure) {
      throw new DeviceFailure(
          Problem.of(
                  ProblemCode.DEVICE_FAILED,
                  "%s (%s) failed: %s".formatted(info.name(), info.model(), failure.getMessage()))
              .mend("--device cpu does without it"));
    }
  }

  private void run(Runnable call) {
    doing(
        () -> {
          call.run();
          return null;
        });
  }

  private final class Buffer implements Memory {
    private final long address;
    private final long bytes;
    private final boolean whole;

    Buffer(long address, long bytes, boolean whole) {
      this.address = address;
      this.bytes = bytes;
      this.whole = whole;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public Memory part(long from, long length) {
      return new Buffer(address + from, length, false);
    }

    @Override
    public void close() {
      if (whole) {
        budget.giveBack(bytes);
        run(() -> cuda.free(address));
      }
    }
  }

  private static long address(Memory memory) {
    return ((Buffer) memory).address;
  }

  @Override
  public Memory allocate(long bytes) {
    budget.take(bytes);
    return doing(
        () -> {
          try {
            return new Buffer(cuda.allocate(bytes), bytes, true);
          } catch (Cuda.Failure failure) {
            budget.giveBack(bytes);
            throw failure.status == Cuda.OUT_OF_MEMORY ? budget.tooMuch(bytes) : failure;
          }
        });
  }

  /** Looked for when a product first asks: the library is large. */
  @Override
  public Optional<Products> products() {
    if (products == null) {
      products = doing(() -> CudaProducts.open(this, stream, CudaDevice::address));
    }
    return products.map(library -> asked -> doing(() -> library.work(asked)).map(this::guarded));
  }

  /** Failures of the library are those of the device. */
  private Work guarded(Work work) {
    return new Work() {
      @Override
      public void enqueue() {
        run(work::enqueue);
      }

      @Override
      public void close() {
        run(work::close);
      }
    };
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
    var function = cuda.function(place.module(), place.name());
    var arena = Arena.ofAuto();
    var pointers = arena.allocate(ADDRESS, Math.max(1, arguments.size()));
    for (int number = 0; number < arguments.size(); number++) {
      pointers.setAtIndex(
          ADDRESS,
          number,
          switch (arguments.get(number)) {
            case Argument.Buffer(var memory) -> arena.allocateFrom(JAVA_LONG, address(memory));
            case Argument.Number(var value) -> arena.allocateFrom(JAVA_INT, value);
          });
    }
    int count = Math.toIntExact(groups);
    return new Work() {
      @Override
      public void enqueue() {
        run(() -> cuda.launch(function, count, width, height, stream, pointers));
      }

      @Override
      public void close() {}
    };
  }

  /**
   * One graph, from the second run on: launching it costs the host a single call, however many
   * kernels there are. In the first run the driver may still load kernels, which no graph records.
   */
  @Override
  public Work recorded(Runnable body) {
    return new Work() {
      private boolean ran;
      private MemorySegment ready;

      @Override
      public void enqueue() {
        if (!ran) {
          body.run();
          ran = true;
          return;
        }
        if (ready == null) {
          ready = doing(() -> graph(body));
        }
        run(() -> cuda.launchGraph(ready, stream));
      }

      @Override
      public void close() {
        if (ready != null) {
          run(() -> cuda.destroyReady(ready));
        }
      }
    };
  }

  private MemorySegment graph(Runnable body) {
    cuda.beginCapture(stream);
    try {
      body.run();
    } catch (RuntimeException failed) {
      try {
        cuda.destroyGraph(cuda.endCapture(stream));
      } catch (Cuda.Failure alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
    var graph = cuda.endCapture(stream);
    try {
      return cuda.ready(graph);
    } finally {
      cuda.destroyGraph(graph);
    }
  }

  @Override
  public void upload(Memory to, MemorySegment from) {
    run(() -> uploads.copy(address(to), from));
  }

  @Override
  public void download(MemorySegment to, Memory from) {
    run(
        () ->
            staging.down(
                to,
                (at, piece) -> {
                  cuda.toHost(piece, address(from) + at, stream);
                  cuda.synchronize(stream);
                }));
  }

  @Override
  public void copy(Memory to, Memory from, long bytes) {
    run(() -> cuda.withinDevice(address(to), address(from), bytes, stream));
  }

  @Override
  public void finish() {
    run(() -> cuda.synchronize(stream));
  }

  @Override
  public void close() {
    run(() -> cuda.synchronize(stream));
    run(uploads::close);
    if (products != null) {
      products.ifPresent(library -> run(library::close));
    }
    run(() -> cuda.freePinned(pinned));
    run(() -> built.modules().forEach(cuda::unload));
    run(() -> cuda.destroy(stream));
    cuda.releaseContext(device);
  }
}
