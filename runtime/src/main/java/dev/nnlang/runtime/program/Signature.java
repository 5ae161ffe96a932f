package dev.nnlang.runtime.program;

import java.util.List;
import java.util.NoSuchElementException;

/** A program's border: its open dimensions, what it reads, what it gives, what it updates. */
public record Signature(
    String name, List<String> open, List<Port> inputs, List<Port> outputs, List<String> updated) {
  public Signature {
    open = List.copyOf(open);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    updated = List.copyOf(updated);
  }

  public Port input(String port) {
    return find(inputs, port);
  }

  public Port output(String port) {
    return find(outputs, port);
  }

  public boolean hasInput(String port) {
    return inputs.stream().anyMatch(p -> p.name().equals(port));
  }

  public List<Port> inputs(Port.Role role) {
    return inputs.stream().filter(p -> p.role() == role).toList();
  }

  private static Port find(List<Port> ports, String name) {
    return ports.stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no port " + name));
  }
}
