package dev.nnlang.compiler.equation;

import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * The interpreter behind the face of a compiled program: {@code --interpret}. It computes in double
 * precision whatever the border's precision is; only what crosses the border is rounded.
 */
public final class InterpretedProgram implements Executable {
  private final Program program;
  private final Signature signature;

  /**
   * @param signature the border of {@code program}, which states the precision
   */
  public InterpretedProgram(Program program, Signature signature) {
    this.program = program;
    this.signature = signature;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public Session open(int threads) {
    return new Interpretation();
  }

  private final class Interpretation implements Session {
    private final Map<String, Tensor> bound = new HashMap<>();
    private final Map<String, Long> stated = new HashMap<>();
    private Map<String, Tensor> outputs = Map.of();

    @Override
    public void bind(String input, Tensor value) {
      var port = signature.input(input);
      if (port.type() != value.type() || port.shape().size() != value.rank()) {
        throw new IllegalArgumentException(input + " is " + value + ", expected " + port);
      }
      bound.put(input, value);
    }

    @Override
    public void dimension(String name, long size) {
      stated.put(name, size);
    }

    @Override
    public void run() {
      var dims = dimensions();
      var inputs = new HashMap<String, Values>();
      for (var port : signature.inputs()) {
        var value = bound.get(port.name());
        if (value == null) {
          throw new IllegalArgumentException("no value for the input " + port.name());
        }
        if (!java.util.Arrays.equals(port.shape(dims), value.shape())) {
          throw new IllegalArgumentException(port.name() + " is " + value + ", expected " + port);
        }
        inputs.put(port.name(), values(value));
      }
      var results = Interpreter.run(program, inputs, dims);
      var fresh = new HashMap<String, Tensor>();
      for (var output : program.outputs()) {
        var port = signature.output(output.name());
        var tensor = Tensor.zeros(port.type(), port.shape(dims));
        store(results.get(output.tensor()), tensor);
        fresh.put(output.name(), tensor);
      }
      outputs = fresh;
      // All next values are known before any state takes its own.
      program.updates().forEach(u -> store(results.get(u.next()), bound.get(u.state().name())));
    }

    /** The open dimensions, stated or shown by a bound tensor that has one bare. */
    private Map<String, Long> dimensions() {
      var dims = new HashMap<>(stated);
      for (var port : signature.inputs()) {
        var value = bound.get(port.name());
        for (int i = 0; value != null && i < port.shape().size(); i++) {
          if (port.shape().get(i) instanceof dev.nnlang.runtime.program.Extent.Dim(var name)) {
            long size = value.shape()[i];
            var known = dims.putIfAbsent(name, size);
            if (known != null && known != size) {
              throw new IllegalArgumentException(
                  name + " is " + known + " and, in " + port.name() + ", " + size);
            }
          }
        }
      }
      return dims;
    }

    @Override
    public Tensor output(String name) {
      var found = outputs.get(name);
      if (found == null) {
        throw new IllegalArgumentException("no output " + name);
      }
      return found;
    }

    @Override
    public void close() {
      bound.clear();
    }
  }

  private static Values values(Tensor tensor) {
    return switch (tensor.type()) {
      case F32 -> {
        var reals = new double[tensor.size()];
        for (int i = 0; i < reals.length; i++) {
          reals[i] = tensor.floats()[i];
        }
        yield new Values.Reals(reals);
      }
      case F64 -> new Values.Reals(tensor.doubles().clone());
      case INT, BOOL -> new Values.Wholes(tensor.longs().clone());
    };
  }

  private static void store(Values values, Tensor into) {
    switch (values) {
      case Values.Reals(var reals) -> {
        for (int i = 0; i < reals.length; i++) {
          into.set(i, reals[i]);
        }
      }
      case Values.Wholes(var wholes) -> System.arraycopy(wholes, 0, into.longs(), 0, wholes.length);
    }
  }
}
