package dev.nnlang.runtime.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nnlang.runtime.tensor.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/** NVIDIA's library of matrix products, with the numbers of its header {@code cublasLt.h}. */
@SuppressWarnings("restricted")
final class CublasLt {
  static final String PROPERTY = "nn.cublaslt.library";

  private static final List<String> VERSIONS = List.of("13", "12", "11");

  // cudaDataType
  private static final int R_32F = 0;
  private static final int R_64F = 1;

  // cublasComputeType_t
  private static final int COMPUTE_32F = 68;
  private static final int COMPUTE_64F = 70;
  private static final int COMPUTE_32F_FAST_16BF = 75;
  private static final int COMPUTE_32F_FAST_TF32 = 77;

  // cublasLtMatmulDescAttributes_t
  private static final int TRANSA = 3;
  private static final int TRANSB = 4;
  private static final int EPILOGUE = 7;
  private static final int BIAS_POINTER = 8;

  // cublasLtEpilogue_t: DEFAULT, RELU, BIAS; the last two together are RELU_BIAS.
  private static final int DEFAULT = 1;
  private static final int AT_LEAST_ZERO = 2;
  private static final int BIAS = 4;

  // cublasLtMatrixLayoutAttribute_t
  private static final int BATCH_COUNT = 5;
  private static final int STRIDED_BATCH_OFFSET = 6;

  // cublasLtMatmulPreferenceAttributes_t
  private static final int MAX_WORKSPACE_BYTES = 1;

  /** Of a cublasLtMatmulHeuristicResult_t: an algorithm of 64, its workspace, its status, more. */
  private static final long FOUND_BYTES = 96;

  private static final long STATUS_AT = 72;

  /** cublasStatus_t: what is asked for is not done by this library, or not on this device. */
  private static final List<Integer> REFUSALS = List.of(7, 8, 15);

  private final MethodHandle create;
  private final MethodHandle destroy;
  private final MethodHandle descCreate;
  private final MethodHandle descDestroy;
  private final MethodHandle descSet;
  private final MethodHandle layoutCreate;
  private final MethodHandle layoutDestroy;
  private final MethodHandle layoutSet;
  private final MethodHandle preferenceCreate;
  private final MethodHandle preferenceDestroy;
  private final MethodHandle preferenceSet;
  private final MethodHandle heuristic;
  private final MethodHandle multiply;

  /** The system's, a toolkit's, or one that lies with Python's packages; none that is too old. */
  static Optional<CublasLt> find() {
    try {
      return NativeLibrary.find(PROPERTY, names()).map(CublasLt::new);
    } catch (NativeLibrary.Missing _) {
      return Optional.empty();
    }
  }

  static List<String> names() {
    return Toolkits.names("libcublasLt.so.", VERSIONS);
  }

  private CublasLt(NativeLibrary library) {
    create = library.function("cublasLtCreate", ADDRESS);
    destroy = library.function("cublasLtDestroy", ADDRESS);
    descCreate = library.function("cublasLtMatmulDescCreate", ADDRESS, JAVA_INT, JAVA_INT);
    descDestroy = library.function("cublasLtMatmulDescDestroy", ADDRESS);
    descSet =
        library.function("cublasLtMatmulDescSetAttribute", ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG);
    layoutCreate =
        library.function(
            "cublasLtMatrixLayoutCreate", ADDRESS, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    layoutDestroy = library.function("cublasLtMatrixLayoutDestroy", ADDRESS);
    layoutSet =
        library.function("cublasLtMatrixLayoutSetAttribute", ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG);
    preferenceCreate = library.function("cublasLtMatmulPreferenceCreate", ADDRESS);
    preferenceDestroy = library.function("cublasLtMatmulPreferenceDestroy", ADDRESS);
    preferenceSet =
        library.function(
            "cublasLtMatmulPreferenceSetAttribute", ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG);
    heuristic =
        library.function(
            "cublasLtMatmulAlgoGetHeuristic",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS);
    multiply =
        library.function(
            "cublasLtMatmul",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS);
  }

  private static void ok(String function, NativeLibrary.Call<Integer> call) {
    int status = NativeLibrary.call(call);
    if (status != 0) {
      throw new Cuda.Failure(function, status, "status " + status);
    }
  }

  private interface Giving {
    int into(MemorySegment out) throws Throwable;
  }

  private static MemorySegment made(String function, Giving giving) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(ADDRESS);
      ok(function, () -> giving.into(out));
      return out.get(ADDRESS, 0);
    }
  }

  /** For the context of this thread; empty if the library does not work with its driver. */
  Optional<MemorySegment> handle() {
    try {
      return Optional.of(made("cublasLtCreate", out -> (int) create.invokeExact(out)));
    } catch (Cuda.Failure _) {
      return Optional.empty();
    }
  }

  void destroy(MemorySegment handle) {
    ok("cublasLtDestroy", () -> (int) destroy.invokeExact(handle));
  }

  /**
   * Matrices by columns, which is how the library sees all memory.
   *
   * @param address of the device
   * @param turned whether the product takes them the other way round
   * @param rows as they lie, as are columns
   */
  record Matrices(
      long address, boolean turned, long rows, long columns, long line, int batch, long next) {}

  /**
   * A product {@code result = left * right} by columns, and how the library will compute it.
   *
   * @param bias address of a vector that is added to every column; 0 for none
   */
  record Wanted(
      Matrices left,
      Matrices right,
      Matrices result,
      long bias,
      boolean atLeastZero,
      ElementType real,
      Product.Rounding rounding) {
    private int type() {
      return real == ElementType.F64 ? R_64F : R_32F;
    }

    private int compute() {
      return real == ElementType.F64
          ? COMPUTE_64F
          : switch (rounding) {
            case NONE -> COMPUTE_32F;
            case TF32 -> COMPUTE_32F_FAST_TF32;
            case BF16 -> COMPUTE_32F_FAST_16BF;
          };
    }

    private int epilogue() {
      int both = (atLeastZero ? AT_LEAST_ZERO : 0) | (bias != 0 ? BIAS : 0);
      return both == 0 ? DEFAULT : both;
    }
  }

  /** A product that can be asked for until it is closed. */
  final class Prepared {
    private final Wanted wanted;
    private final MemorySegment handle;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment description;
    private final MemorySegment left;
    private final MemorySegment right;
    private final MemorySegment result;
    private final MemorySegment found = arena.allocate(FOUND_BYTES, Long.BYTES);
    private final MemorySegment one;
    private final MemorySegment zero;

    private Prepared(MemorySegment handle, Wanted wanted) {
      this.handle = handle;
      this.wanted = wanted;
      boolean wide = wanted.real() == ElementType.F64;
      one = wide ? arena.allocateFrom(JAVA_DOUBLE, 1) : arena.allocateFrom(JAVA_FLOAT, 1);
      zero = arena.allocate(Double.BYTES, Double.BYTES);
      description =
          made(
              "cublasLtMatmulDescCreate",
              out -> (int) descCreate.invokeExact(out, wanted.compute(), wanted.type()));
      set(
          descSet,
          description,
          TRANSA,
          arena.allocateFrom(JAVA_INT, wanted.left().turned() ? 1 : 0));
      set(
          descSet,
          description,
          TRANSB,
          arena.allocateFrom(JAVA_INT, wanted.right().turned() ? 1 : 0));
      set(descSet, description, EPILOGUE, arena.allocateFrom(JAVA_INT, wanted.epilogue()));
      if (wanted.bias() != 0) {
        set(descSet, description, BIAS_POINTER, arena.allocateFrom(JAVA_LONG, wanted.bias()));
      }
      left = layout(wanted.left());
      right = layout(wanted.right());
      result = layout(wanted.result());
    }

    private MemorySegment layout(Matrices m) {
      var layout =
          made(
              "cublasLtMatrixLayoutCreate",
              out ->
                  (int)
                      layoutCreate.invokeExact(
                          out, wanted.type(), m.rows(), m.columns(), m.line()));
      if (m.batch() > 1) {
        set(layoutSet, layout, BATCH_COUNT, arena.allocateFrom(JAVA_INT, m.batch()));
        set(layoutSet, layout, STRIDED_BATCH_OFFSET, arena.allocateFrom(JAVA_LONG, m.next()));
      }
      return layout;
    }

    /** Whether the library has a way with at most so many bytes of workspace. */
    private boolean isPossible(long workspace) {
      var preference =
          made("cublasLtMatmulPreferenceCreate", out -> (int) preferenceCreate.invokeExact(out));
      try {
        set(
            preferenceSet,
            preference,
            MAX_WORKSPACE_BYTES,
            arena.allocateFrom(JAVA_LONG, workspace));
        var count = arena.allocate(JAVA_INT);
        int status =
            NativeLibrary.call(
                () ->
                    (int)
                        heuristic.invokeExact(
                            handle,
                            description,
                            left,
                            right,
                            result,
                            result,
                            preference,
                            1,
                            found,
                            count));
        if (REFUSALS.contains(status)) {
          return false;
        }
        ok("cublasLtMatmulAlgoGetHeuristic", () -> status);
        return count.get(JAVA_INT, 0) == 1 && found.get(JAVA_INT, STATUS_AT) == 0;
      } finally {
        ok(
            "cublasLtMatmulPreferenceDestroy",
            () -> (int) preferenceDestroy.invokeExact(preference));
      }
    }

    /**
     * Asks for it.
     *
     * @param workspace as many bytes of the device as were said
     */
    void multiply(long workspace, long bytes, MemorySegment stream) {
      ok(
          "cublasLtMatmul",
          () ->
              (int)
                  multiply.invokeExact(
                      handle,
                      description,
                      one,
                      wanted.left().address(),
                      left,
                      wanted.right().address(),
                      right,
                      zero,
                      wanted.result().address(),
                      result,
                      wanted.result().address(),
                      result,
                      found,
                      workspace,
                      bytes,
                      stream));
    }

    void close() {
      for (var layout : List.of(left, right, result)) {
        ok("cublasLtMatrixLayoutDestroy", () -> (int) layoutDestroy.invokeExact(layout));
      }
      ok("cublasLtMatmulDescDestroy", () -> (int) descDestroy.invokeExact(description));
      arena.close();
    }
  }

  private static void set(MethodHandle setter, MemorySegment of, int attribute, MemorySegment to) {
    ok(
        "an attribute of cuBLASLt",
        () -> (int) setter.invokeExact(of, attribute, to, to.byteSize()));
  }

  /** Empty if the library does not take such a product. */
  Optional<Prepared> prepare(MemorySegment handle, Wanted wanted, long workspace) {
    var prepared = new Prepared(handle, wanted);
    if (!prepared.isPossible(workspace)) {
      prepared.close();
      return Optional.empty();
    }
    return Optional.of(prepared);
  }
}
