package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.runtime.gpu.Device;
import dev.nnlang.runtime.gpu.Products;
import dev.nnlang.runtime.tensor.ElementType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A device with a library of products, which are computed on the host just as {@link Products}
 * says.
 */
final class HostProducts extends WrappedDevice {
  private final List<String> asked = new ArrayList<>();

  HostProducts(Device device) {
    super(device);
  }

  /** What it was asked for, as text. */
  List<String> asked() {
    return asked;
  }

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
            a.atLeastZero() ? " relu" : "");
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
          result[place(a.result(), m, r, c)] = a.atLeastZero() ? Math.max(0, sum) : sum;
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
}
