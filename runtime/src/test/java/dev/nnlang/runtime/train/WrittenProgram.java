package dev.nnlang.runtime.train;

import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A program whose body is Java, for tests: from inputs to outputs and, primed, the updated states.
 */
final class WrittenProgram implements Executable {
  private final String name;
  private final Function<Map<String, Tensor>, Map<String, Tensor>> body;
  private final List<Port> inputs = new ArrayList<>();
  private final List<Port> outputs = new ArrayList<>();
  private final List<String> updated = new ArrayList<>();

  WrittenProgram(String name, Function<Map<String, Tensor>, Map<String, Tensor>> body) {
    this.name = name;
    this.body = body;
  }

  WrittenProgram input(String port, Port.Role role, ElementType type, Extent... shape) {
    inputs.add(new Port(port, role, type, List.of(shape)));
    return this;
  }

  WrittenProgram output(String port, Extent... shape) {
    outputs.add(new Port(port, Port.Role.OUTPUT, ElementType.F64, List.of(shape)));
    return this;
  }

  WrittenProgram updates(String... states) {
    updated.addAll(Arrays.asList(states));
    return this;
  }

  @Override
  public Signature signature() {
    return new Signature(name, List.of("batch", "N", "count"), inputs, outputs, updated);
  }

  @Override
  public Session open(int threads) {
    return new Run();
  }

  private final class Run implements Session {
    private final Map<String, Tensor> bound = new HashMap<>();
    private Map<String, Tensor> results = new LinkedHashMap<>();

    @Override
    public void bind(String input, Tensor value) {
      var port = signature().input(input);
      if (port.type() != value.type() || port.shape().size() != value.rank()) {
        throw new IllegalArgumentException(input + " is " + value);
      }
      bound.put(input, value);
    }

    @Override
    public void dimension(String dim, long size) {
      if (!signature().open().contains(dim)) {
        throw new IllegalArgumentException(dim);
      }
    }

    @Override
    public void run() {
      for (var port : inputs) {
        if (!bound.containsKey(port.name())) {
          throw new IllegalStateException(name + ": " + port.name() + " is not bound");
        }
      }
      results = body.apply(bound);
      updated.forEach(state -> bound.get(state).copyFrom(results.get(state + "'")));
    }

    @Override
    public Tensor output(String output) {
      return results.get(signature().output(output).name()).copy();
    }

    @Override
    public void close() {}
  }
}
