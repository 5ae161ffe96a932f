package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.gpu.CublasLt.Matrices;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Products of a CUDA device by cuBLASLt. Descriptions are made and a way is chosen when a product
 * is placed; asking for it is one call, which a graph records.
 *
 * <p>That library sees memory by columns. What lies by rows is the same memory turned, so {@code
 * result = left * right} is asked for as {@code result' = right' * left'}.
 */
final class CudaProducts implements Products {
  /** What NVIDIA recommends for its newest devices. */
  private static final long WORKSPACE_BYTES = 32L << 20;

  private final CublasLt library;
  private final MemorySegment handle;
  private final MemorySegment stream;
  private final Device.Memory workspace;
  private final ToLongFunction<Device.Memory> address;

  private CudaProducts(
      CublasLt library,
      MemorySegment handle,
      MemorySegment stream,
      Device.Memory workspace,
      ToLongFunction<Device.Memory> address) {
    this.library = library;
    this.handle = handle;
    this.stream = stream;
    this.workspace = workspace;
    this.address = address;
  }

  /** Empty where cuBLASLt is not installed, or does not work with the driver. */
  static Optional<CudaProducts> open(
      Device device, MemorySegment stream, ToLongFunction<Device.Memory> address) {
    return CublasLt.find()
        .flatMap(
            library ->
                library
                    .handle()
                    .map(
                        handle ->
                            new CudaProducts(
                                library,
                                handle,
                                stream,
                                device.allocate(WORKSPACE_BYTES),
                                address)));
  }

  @Override
  public Optional<Device.Work> work(Asked asked) {
    var wanted =
        new CublasLt.Wanted(
            byColumns(asked.right(), asked.columns(), asked.terms(), asked.batch()),
            byColumns(asked.left(), asked.terms(), asked.rows(), asked.batch()),
            byColumns(asked.result(), asked.columns(), asked.rows(), asked.batch()),
            asked.bias().map(address::applyAsLong).orElse(0L),
            asked.atLeastZero(),
            asked.real(),
            asked.rounding());
    return library.prepare(handle, wanted, workspace.bytes()).map(this::work);
  }

  /**
   * @param rows of the turned matrices, as are columns
   */
  private Matrices byColumns(Products.Placed placed, int rows, int columns, int batch) {
    return new Matrices(
        address.applyAsLong(placed.memory()),
        placed.turned(),
        placed.turned() ? columns : rows,
        placed.turned() ? rows : columns,
        placed.line(),
        batch,
        placed.next());
  }

  private Device.Work work(CublasLt.Prepared prepared) {
    return new Device.Work() {
      @Override
      public void enqueue() {
        prepared.multiply(address.applyAsLong(workspace), workspace.bytes(), stream);
      }

      @Override
      public void close() {
        prepared.close();
      }
    };
  }

  void close() {
    workspace.close();
    library.destroy(handle);
  }
}
