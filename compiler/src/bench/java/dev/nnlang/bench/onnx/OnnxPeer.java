package dev.nnlang.bench.onnx;

import dev.nnlang.bench.Row;
import dev.nnlang.bench.Task;

/** stub for now */
public final class OnnxPeer {
  public static boolean takes(Row row) {
    return false;
  }

  public static Task open(Row row, int threads) {
    throw new IllegalStateException();
  }
}
