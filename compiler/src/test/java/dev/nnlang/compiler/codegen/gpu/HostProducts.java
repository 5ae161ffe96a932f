package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.runtime.gpu.Device;
import dev.nnlang.runtime.gpu.DeviceInfo;
import dev.nnlang.runtime.gpu.Products;
import dev.nnlang.runtime.tensor.ElementType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device with a library of products, which are computed on the host just as {@link Products}
 * says.
 *
 * @param asked what it was asked for, as text; grows
 */
record HostProducts(Device device, List<String> asked) implements Device {
  @Override
  public Optional<Products> products() {
    return Optional.of(
        wanted -> {
          asked.add(text(wanted));
          return Optional.of(
              new Work() {
                @Override
                public void enqueue() {
                  multiply(wanted);
                }

                @Override
                public void close() {}
              });
        });
  }

  private static String text(Products.Asked a) {
    return "%s%dx%d terms %d: %s * %s -> %s%s%s"
        .formatted(
            a.batch() == 1 ? "" : a.batch() + " of ",
            a.rows(),
            a.columns(),
            a.terms(),
            text(a.left(), a.batch()),
            text(a.right(), a.batch()),
            text(a.result(), a.batch()),
            a.bias().isPresent() ? " bias" : "",
            a.relu() ? " relu" : "");
  }

  private static String text(Products.Placed placed, int batch) {
    return placed.line()
        + (placed.turned() ? "'" : "")
        + (batch == 1 ? "" : " next " + placed.next());
  }

  private void multiply(Products.Asked a) {
    var left = values(a.left().memory(), a.real());
    var right = values(a.right().memory(), a.real());
    var result = values(a.result().memory(), a.real());
    var bias = a.bias().map(b -> values(b, a.real()));
    for (int m = 0; m < a.batch(); m++) {
      for (int r = 0; r < a.rows(); r++) {
        for (int c = 0; c < a.columns(); c++) {
          double sum = 0;
          for (int k = 0; k < a.terms(); k++) {
            sum += left[place(a.left(), m, r, k)] * right[place(a.right(), m, k, c)];
          }
          sum += bias.isPresent() ? bias.get()[c] : 0;
          result[place(a.result(), m, r, c)] = a.relu() ? Math.max(0, sum) : sum;
        }
      }
    }
    device.upload(a.result().memory(), MemorySegment.ofArray(result));
  }

  private static int place(Products.Placed placed, int matrix, int row, int column) {
    long line = placed.turned() ? column : row;
    long along = placed.turned() ? row : column;
    return Math.toIntExact(matrix * placed.next() + line * placed.line() + along);
  }

  private double[] values(Memory memory, ElementType real) {
    if (real != ElementType.F64) {
      throw new IllegalArgumentException("tests multiply in 64 bits");
    }
    var values = new double[(int) (memory.bytes() / Double.BYTES)];
    device.download(MemorySegment.ofArray(values), memory);
    return values;
  }

  @Override
  public Kernels build(String title, String head, Map<String, String> kernels) {
    return device.build(title, head, kernels);
  }

  @Override
  public DeviceInfo info() {
    return device.info();
  }

  @Override
  public Work recorded(Runnable body) {
    return device.recorded(body);
  }

  @Override
  public Memory allocate(long bytes) {
    return device.allocate(bytes);
  }

  @Override
  public long allocated() {
    return device.allocated();
  }

  @Override
  public void upload(Memory to, MemorySegment from) {
    device.upload(to, from);
  }

  @Override
  public void download(MemorySegment to, Memory from) {
    device.download(to, from);
  }

  @Override
  public void copy(Memory to, Memory from, long bytes) {
    device.copy(to, from, bytes);
  }

  @Override
  public void finish() {
    device.finish();
  }

  @Override
  public void close() {}
}
