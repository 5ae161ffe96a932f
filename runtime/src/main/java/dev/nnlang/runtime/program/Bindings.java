package dev.nnlang.runtime.program;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a session was given, and the open dimensions that follow from it. */
public final class Bindings {
  private final Signature signature;
  private final Map<String, Tensor> bound = new HashMap<>();
  private final Map<String, Long> stated = new HashMap<>();
  private Map<String, Long> dims = Map.of();
  private boolean settled;

  public Bindings(Signature signature) {
    this.signature = signature;
  }

  /** Keeps a tensor for an input, as {@link Session#bind} does, and gives its port. */
  public Port bind(String input, Tensor value) {
    if (!signature.hasInput(input)) {
      throw new IllegalArgumentException("no input " + input);
    }
    var port = signature.input(input);
    if (value.type() != port.type()) {
      throw new IllegalArgumentException(input + " wants " + port.type() + ", not " + value.type());
    }
    if (value.rank() != port.shape().size()) {
      throw new IllegalArgumentException(input + " wants shape " + port.shape() + ", not " + value);
    }
    var before = bound.put(input, value);
    if (before == null || !Arrays.equals(before.shape(), value.shape())) {
      settled = false;
    }
    return port;
  }

  /** What is bound to an input; null where nothing is. */
  public Tensor get(String input) {
    return bound.get(input);
  }

  /** States an open dimension, as {@link Session#dimension} does. */
  public void dimension(String name, long size) {
    if (!Long.valueOf(size).equals(stated.put(name, size))) {
      settled = false;
    }
  }

  /** Whether nothing has changed since {@link #settle} that the open dimensions depend on. */
  public boolean isSettled() {
    return settled;
  }

  /** Finds the open dimensions, and checks all shapes. */
  public Map<String, Long> settle() {
    dims = new TreeMap<>(stated);
    for (var port : signature.inputs()) {
      var value = bound.get(port.name());
      if (value == null) {
        throw new IllegalArgumentException("nothing is bound to " + port.name());
      }
      learn(port, value.shape());
    }
    for (var port : signature.inputs()) {
      int[] wanted = port.shape(dims);
      var value = bound.get(port.name());
      if (!Arrays.equals(wanted, value.shape())) {
        throw new IllegalArgumentException(
            port.name() + " wants shape " + Arrays.toString(wanted) + ", not " + value);
      }
    }
    // A dimension that nothing at the border shows is not used by any buffer, either.
    signature.open().forEach(name -> dims.putIfAbsent(name, 1L));
    settled = true;
    return dims;
  }

  private void learn(Port port, int[] shape) {
    for (int d = 0; d < shape.length; d++) {
      if (port.shape().get(d) instanceof Extent.Dim(var name)) {
        var known = dims.putIfAbsent(name, (long) shape[d]);
        if (known != null && known != shape[d]) {
          throw new IllegalArgumentException(
              port.name() + " has " + name + " = " + shape[d] + ", elsewhere it is " + known);
        }
      }
    }
  }

  /** The open dimensions as they were settled last. */
  public Map<String, Long> dims() {
    return dims;
  }
}
