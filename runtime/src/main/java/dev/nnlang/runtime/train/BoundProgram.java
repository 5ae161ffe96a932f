package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.Map;

/**
 * A program in a session, with the data, the weights and the seed bound; batches are given one by
 * one.
 */
final class BoundProgram implements AutoCloseable {
  private static final String BATCH = "batch";

  private final Signature signature;
  private final Session session;
  private Tensor values = Tensor.of(new long[0], 0);

  /**
   * Binds what stays the same from run to run.
   *
   * @param tensors by input name
   */
  BoundProgram(Executable program, int threads, DataSet data, Map<String, Tensor> tensors) {
    signature = program.signature();
    session = program.open(threads);
    for (var port : signature.inputs()) {
      var tensor = tensors.get(port.name());
      if (tensor != null) {
        session.bind(port.name(), tensor);
      } else if (port.role() == Port.Role.SOURCE) {
        session.bind(port.name(), data.tensor(port.name()));
      }
    }
    data.dims()
        .forEach(
            (dim, size) -> {
              if (signature.open().contains(dim) && !shown(dim)) {
                session.dimension(dim, size);
              }
            });
  }

  /** Whether a bound tensor's shape tells the dimension. */
  private boolean shown(String dim) {
    var extent = new Extent.Dim(dim);
    return signature.inputs().stream().anyMatch(port -> port.shape().contains(extent));
  }

  Signature signature() {
    return signature;
  }

  /** Gives a scalar, if the program asks for it. */
  void scalar(String name, long value) {
    if (signature.hasInput(name)) {
      session.bind(name, value);
    }
  }

  void bind(String input, Tensor tensor) {
    session.bind(input, tensor);
  }

  /** Runs on examples {@code from} to {@code to} of these values of the sample index. */
  void run(long[] examples, int from, int to) {
    examples(examples, from, to);
    session.run();
  }

  /** Makes the next run one on these examples. */
  void examples(long[] examples, int from, int to) {
    int size = to - from;
    if (signature.hasInput("n")) {
      if (values.size() != size) {
        values = Tensor.of(new long[size], size);
      }
      System.arraycopy(examples, from, values.longs(), 0, size);
      session.bind("n", values);
    } else if (signature.open().contains(BATCH) && !shown(BATCH)) {
      session.dimension(BATCH, size);
    }
  }

  /** About how many operations the next run takes. */
  long operations() {
    return session.operations();
  }

  void run() {
    session.run();
  }

  Tensor output(String name) {
    return session.output(name);
  }

  @Override
  public void close() {
    session.close();
  }
}
