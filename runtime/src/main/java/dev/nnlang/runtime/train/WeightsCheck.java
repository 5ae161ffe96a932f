package dev.nnlang.runtime.train;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Holds stored weights against the border of the programs that are to use them. */
final class WeightsCheck {
  private WeightsCheck() {}

  static Weights check(Weights weights, TrainingPrograms programs, Path where)
      throws ProblemException {
    var wanted = new LinkedHashMap<String, Port>();
    for (var port : programs.step().signature().inputs(Port.Role.OPTIMIZER)) {
      if (port.name().startsWith("average/")) {
        wanted.put(port.name(), port);
      }
    }
    for (var port : programs.initial().signature().outputs()) {
      if (!port.name().startsWith("metric/")) {
        wanted.put(port.name(), port);
      }
    }
    var stored = new LinkedHashMap<String, Tensor>();
    stored.putAll(weights.parameters());
    stored.putAll(weights.states());
    // Weights that nobody will train on need no optimizer's state.
    boolean trainable = !weights.optimizer().isEmpty();
    stored.putAll(weights.optimizer());
    wanted
        .keySet()
        .removeIf(
            name -> !trainable && (name.startsWith("optimizer/") || name.startsWith("average/")));
    names(wanted.keySet(), stored.keySet(), where);
    var values = new LinkedHashMap<String, Tensor>();
    for (var port : wanted.values()) {
      values.put(port.name(), fitted(stored.get(port.name()), port, where));
    }
    var fit = new LinkedHashMap<String, Tensor>();
    if (programs.fit().isPresent()) {
      for (var port : programs.fit().get().signature().outputs()) {
        var value = weights.fit().get(port.name());
        if (value == null) {
          throw mismatch("fit value " + port.name() + " is not in the model", where).thrown();
        }
        fit.put(port.name(), converted(value, port.type()));
      }
    }
    return Weights.of(values, programs, fit);
  }

  private static void names(Set<String> wanted, Set<String> stored, Path where)
      throws ProblemException {
    var missing = new LinkedHashSet<>(wanted);
    missing.removeAll(stored);
    var extra = new LinkedHashSet<>(stored);
    extra.removeAll(wanted);
    if (!missing.isEmpty() || !extra.isEmpty()) {
      var found =
          missing.isEmpty()
              ? "the program has no " + first(extra)
              : "the model holds no " + first(missing);
      throw mismatch(found, where)
          .expected(
              "the same parameters; the program's own: "
                  + text(missing)
                  + "; the model's own: "
                  + text(extra))
          .thrown();
    }
  }

  private static String first(Set<String> names) {
    return names.iterator().next();
  }

  private static String text(Set<String> names) {
    return names.isEmpty() ? "none" : String.join(", ", names.stream().limit(12).toList());
  }

  private static Tensor fitted(Tensor value, Port port, Path where) throws ProblemException {
    int[] shape = port.shape(Map.of());
    if (!Arrays.equals(shape, value.shape())) {
      throw mismatch(
              port.name()
                  + " is "
                  + Arrays.toString(value.shape())
                  + " in the model, but "
                  + Arrays.toString(shape)
                  + " in the program",
              where)
          .thrown();
    }
    return converted(value, port.type());
  }

  private static Tensor converted(Tensor value, ElementType type) {
    if (value.type() == type) {
      return value;
    }
    var result = Tensor.zeros(type, value.shape());
    for (int i = 0; i < result.size(); i++) {
      result.set(i, value.get(i));
    }
    return result;
  }

  private static Problem mismatch(String found, Path where) {
    return Problem.of(ProblemCode.MODEL_MISMATCH, found)
        .mend(
            "the program changed since training: use the sources that lie with the model, or train again")
        .in(where.toString());
  }
}
