package dev.nnlang.bench;

import java.util.ArrayList;
import java.util.List;

/** A single operation, declared in {@code operations.nn}. */
public sealed interface Operation {
  /** {@code c[i, j] = sum[k](a[i, k] * b[k, j])}. */
  record Product(int rows, int columns, int depth) implements Operation {
    @Override
    public String name() {
      return "product/" + rows + "x" + columns + "x" + depth;
    }

    /** Multiplications and additions. */
    double flops() {
      return 2.0 * rows * columns * depth;
    }
  }

  /** What reads each row of a matrix, and writes one of the same size. */
  record OnRows(Kind kind, int rows, int columns) implements Operation {
    @Override
    public String name() {
      return kind.word + "/" + rows + "x" + columns;
    }

    /** Of the matrix read and the one written. */
    double bytes() {
      return 2.0 * Float.BYTES * rows * columns;
    }
  }

  /** What is done with a row. */
  enum Kind {
    SOFTMAX("softmax_rows"),
    LAYER_NORM("layer_norm"),
    /** {@code gelu(x * 1.5 + 0.5) + x}, gelu by erf. */
    GELU_CHAIN("gelu_chain"),
    /** The same with the approximation by tanh. */
    GELU_TANH_CHAIN("gelu_tanh_chain"),
    BIAS_RELU("bias_relu");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As in the table and in the file. */
    public String word() {
      return word;
    }
  }

  String name();

  static List<Operation> all() {
    var all = new ArrayList<Operation>();
    for (int size = 64; size <= 2048; size *= 2) {
      all.add(new Product(size, size, size));
    }
    all.add(new Product(128, 512, 784));
    all.add(new Product(8192, 256, 256));
    all.add(new Product(64, 10, 512));
    all.add(new Product(1, 512, 784));
    all.add(new Product(2048, 2048, 16));
    all.add(new OnRows(Kind.SOFTMAX, 4096, 1024));
    all.add(new OnRows(Kind.LAYER_NORM, 4096, 1024));
    all.add(new OnRows(Kind.GELU_CHAIN, 16384, 1024));
    all.add(new OnRows(Kind.GELU_TANH_CHAIN, 16384, 1024));
    all.add(new OnRows(Kind.BIAS_RELU, 65536, 256));
    return all;
  }
}
