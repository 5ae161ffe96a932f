package dev.nnlang.runtime.train;

import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * All tensors of a model that are not data, by path; mutable, as programs update them in place.
 *
 * @param parameters frozen ones too
 * @param states of layers
 * @param optimizer states, {@code optimizer/PATH/NAME}, and means over the steps, {@code
 *     average/PATH}; may be empty where nothing is trained
 * @param fit values by bare name
 */
public record Weights(
    Map<String, Tensor> parameters,
    Map<String, Tensor> states,
    Map<String, Tensor> optimizer,
    Map<String, Tensor> fit) {
  private static final String AVERAGE = "average/";

  public Weights {
    parameters = sorted(parameters);
    states = sorted(states);
    optimizer = sorted(optimizer);
    fit = sorted(fit);
  }

  /** Sorts the initial values by what the programs do with each. */
  static Weights of(
      Map<String, Tensor> initial, TrainingPrograms programs, Map<String, Tensor> fit) {
    var step = programs.onExamples().signature();
    var evaluate = programs.evaluate().signature();
    var parameters = new LinkedHashMap<String, Tensor>();
    var states = new LinkedHashMap<String, Tensor>();
    var optimizer = new LinkedHashMap<String, Tensor>();
    initial.forEach(
        (name, tensor) -> {
          if (name.startsWith("metric/")) {
            // Begins afresh at each pass, and is no part of a model.
            return;
          }
          if (name.startsWith("optimizer/") || name.startsWith(AVERAGE)) {
            optimizer.put(name, tensor);
          } else if (isState(step, name) || isState(evaluate, name)) {
            states.put(name, tensor);
          } else {
            parameters.put(name, tensor);
          }
        });
    return new Weights(parameters, states, optimizer, fit);
  }

  private static boolean isState(Signature program, String name) {
    return program.inputs(Port.Role.STATE).stream().anyMatch(port -> port.name().equals(name));
  }

  /** By the names of programs' inputs. */
  Map<String, Tensor> byInput() {
    var all = new LinkedHashMap<String, Tensor>();
    all.putAll(parameters);
    all.putAll(states);
    all.putAll(optimizer);
    fit.forEach((name, tensor) -> all.put("fit/" + name, tensor));
    return all;
  }

  /** The number of trained values, frozen ones too. */
  public long count() {
    return parameters.values().stream().mapToLong(Tensor::size).sum();
  }

  /**
   * The same values for these programs: reals in their precision, or a problem that says which
   * tensor is missing, left over or of another shape (LR-54: a renumbering is detected, never
   * guessed).
   *
   * @param where the weights come from, for the message
   */
  public Weights checked(TrainingPrograms programs, Path where) throws ProblemException {
    return WeightsCheck.check(this, programs, where);
  }

  /** The values to work with: with {@code average} the means over the steps, which live on. */
  Weights averaged() {
    var means = new LinkedHashMap<>(parameters);
    optimizer.forEach(
        (name, mean) -> {
          if (name.startsWith(AVERAGE)) {
            means.put(name.substring(AVERAGE.length()), mean);
          }
        });
    return new Weights(means, states, optimizer, fit);
  }

  /** With storage of its own. */
  public Weights copy() {
    return new Weights(copy(parameters), copy(states), copy(optimizer), copy(fit));
  }

  /** Without the optimizer's: what the best parameters need. */
  Weights withoutOptimizer() {
    return new Weights(parameters, states, Map.of(), fit);
  }

  /** Overwrites parameters and states in place. */
  void restore(Weights other) {
    other.parameters.forEach((name, tensor) -> parameters.get(name).copyFrom(tensor));
    other.states.forEach((name, tensor) -> states.get(name).copyFrom(tensor));
  }

  private static Map<String, Tensor> copy(Map<String, Tensor> tensors) {
    var copies = new LinkedHashMap<String, Tensor>();
    tensors.forEach((name, tensor) -> copies.put(name, tensor.copy()));
    return copies;
  }

  private static Map<String, Tensor> sorted(Map<String, Tensor> tensors) {
    return Collections.unmodifiableMap(new TreeMap<>(tensors));
  }
}
