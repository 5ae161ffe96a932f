package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.size.Atom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A set of equations with its border: what is given, what is wanted, what is carried over.
 *
 * @param name for texts and class names
 * @param nodes the interner that made every node in here
 * @param open dimensions that are known only when the program runs: {@code batch}, {@code T}
 * @param inputs tensors that the outside gives
 * @param equations in any order; reads define the order of work
 * @param derivatives {@code grad(e, x)} not yet resolved; empty after differentiation
 * @param outputs tensors that the outside reads after a run
 * @param updates state that takes its next value when a run has ended
 */
public record Program(
    String name,
    Nodes nodes,
    List<Atom.Dim> open,
    List<Input> inputs,
    List<Equation> equations,
    List<Derivative> derivatives,
    List<Output> outputs,
    List<Update> updates) {

  /** What an input is for: it decides where it lives and who fills it. */
  public enum Role {
    /** A batch of examples, or any plain argument. */
    DATA,
    /** A whole data set, bound once. */
    SOURCE,
    /** Trained by the optimizer. */
    PARAMETER,
    /** A parameter that is never updated. */
    FROZEN,
    /** {@code state} of a layer or a metric. */
    STATE,
    /** {@code state} of the optimizer. */
    OPTIMIZER,
    /** {@code seed}, {@code step}, {@code steps}: rank 0, of type {@code INT}. */
    SCALAR
  }

  public record Input(Tensor tensor, Role role) {}

  /** A tensor under the name by which the outside knows it: {@code p}, {@code loss}. */
  public record Output(String name, Tensor tensor) {}

  /** After a run {@code state} (an input) holds the value of {@code next}. */
  public record Update(Tensor state, Tensor next) {}

  /**
   * {@code result = d of / d by}, per example: {@code of} has only leading axes (the examples),
   * shared by {@code by} unless that is a parameter (LR-6, LR-91); {@code result} has the shape of
   * {@code by}, with the leading axes of {@code of} in front where {@code by} lacks them.
   */
  public record Derivative(Tensor result, Tensor of, Tensor by, Origin origin) {}

  public Program {
    open = List.copyOf(open);
    inputs = List.copyOf(inputs);
    equations = List.copyOf(equations);
    derivatives = List.copyOf(derivatives);
    outputs = List.copyOf(outputs);
    updates = List.copyOf(updates);
  }

  public Program withEquations(List<Equation> replaced) {
    return new Program(name, nodes, open, inputs, replaced, derivatives, outputs, updates);
  }

  public Optional<Tensor> input(String tensorName) {
    return inputs.stream().map(Input::tensor).filter(t -> t.name().equals(tensorName)).findFirst();
  }

  public Optional<Tensor> output(String outputName) {
    return outputs.stream()
        .filter(o -> o.name().equals(outputName))
        .map(Output::tensor)
        .findFirst();
  }

  /** The defining equation of every tensor that has one, in the order of {@link #equations}. */
  public Map<Tensor, Equation> definitions() {
    var map = new LinkedHashMap<Tensor, Equation>();
    equations.forEach(e -> map.put(e.tensor(), e));
    return map;
  }
}
