package dev.nnlang.runtime.train;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@code from = "dir"}: parameters and layer states of another model that have the path and the
 * shape of one here are taken; the others stay fresh.
 */
final class WarmStart {
  private WarmStart() {}

  /** Overwrites what matches; gives sentences that say what was taken and what was not. */
  static List<String> take(Weights weights, Weights other, String where) throws ProblemException {
    var fresh = new ArrayList<String>();
    int taken = 0;
    for (var entry : weights.parameters().entrySet()) {
      var given = other.parameters().get(entry.getKey());
      if (matches(entry.getValue(), given)) {
        fill(entry.getValue(), given);
        var average = weights.optimizer().get("average/" + entry.getKey());
        if (average != null) {
          fill(average, given);
        }
        taken++;
      } else {
        fresh.add(
            given == null
                ? entry.getKey() + " (not there)"
                : "%s (%s here, %s there)"
                    .formatted(
                        entry.getKey(),
                        Arrays.toString(entry.getValue().shape()),
                        Arrays.toString(given.shape())));
      }
    }
    if (taken == 0) {
      throw Problem.of(
              ProblemCode.MODEL_MISMATCH,
              "no parameter of that model has the path and shape of one here")
          .expected("parameters such as " + first(weights.parameters()))
          .mend("it holds " + first(other.parameters()) + "; name the parts alike in both models")
          .in(where)
          .thrown();
    }
    weights
        .states()
        .forEach(
            (path, state) -> {
              var given = other.states().get(path);
              if (matches(state, given)) {
                fill(state, given);
              }
            });
    var notes = new ArrayList<String>();
    notes.add(
        "%d of %d parameters come from %s".formatted(taken, weights.parameters().size(), where));
    if (!fresh.isEmpty()) {
      notes.add("fresh: " + String.join(", ", fresh));
    }
    return notes;
  }

  private static boolean matches(Tensor own, Tensor given) {
    return given != null && Arrays.equals(own.shape(), given.shape());
  }

  private static void fill(Tensor own, Tensor given) {
    for (int i = 0; i < own.size(); i++) {
      own.set(i, given.get(i));
    }
  }

  private static String first(Map<String, Tensor> parameters) {
    return String.join(", ", parameters.keySet().stream().limit(4).toList());
  }
}
