package dev.nnlang.compiler.oracle;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The program under test for a case of the reference set: a layer {@code Subject} in the language,
 * with the case's tensors as inputs and its results as outputs. The names in the calls are the
 * standard library's; the compiler under test knows none of them.
 */
final class Subjects {
  private Subjects() {}

  /**
   * @param category {@code activation} or {@code loss}
   * @param op what the case calls it
   * @param attributes its settings: numbers, strings, booleans
   * @param shapes of every input, by name without {@code in.}
   * @return empty where the library's first part has no such declaration
   */
  static Optional<String> of(
      String category, String op, Map<String, Object> attributes, Map<String, int[]> shapes) {
    return switch (category) {
      case "activation" -> activation(op, attributes, shapes);
      case "loss" -> loss(op, attributes, shapes);
      default -> Optional.empty();
    };
  }

  private static Optional<String> activation(
      String op, Map<String, Object> attributes, Map<String, int[]> shapes) {
    var x = shapes.get("x");
    return switch (op) {
      case "softmax", "log_softmax" -> Optional.of(along(op, axis(attributes, x), x, x));
      case "glu" -> {
        int axis = axis(attributes, x);
        var half = x.clone();
        half[axis] /= 2;
        yield Optional.of(along("glu", axis, x, half));
      }
      case "prelu" ->
          Optional.of(
              "layer Subject : x%s, slope[4] -> y%s {\n    y[n, c, t] = if x[n, c, t] > 0 then x[n, c, t] else slope[c] * x[n, c, t]\n}\n"
                  .formatted(brackets(x), brackets(x)));
      default ->
          scalar(op, attributes)
              .map(
                  call ->
                      "layer Subject : x%s -> y%s {\n    y = %s\n}\n"
                          .formatted(brackets(x), brackets(x), call));
    };
  }

  /** A scalar activation applied to {@code x}. */
  private static Optional<String> scalar(String op, Map<String, Object> attributes) {
    return switch (op) {
      case "abs", "exp" -> Optional.of(op + "(x)");
      case "square" -> Optional.of("x^2");
      case "celu", "elu" -> Optional.of(op + "(alpha = " + attributes.get("alpha") + ")(x)");
      case "gelu" ->
          Optional.of("tanh".equals(attributes.get("approximate")) ? "gelu_tanh(x)" : "gelu(x)");
      case "hardsigmoid" -> Optional.of("hard_sigmoid(x)");
      case "hardswish" -> Optional.of("hard_swish(x)");
      case "hardtanh" -> Optional.of("hard_tanh(x)");
      case "leaky_relu" -> Optional.of("leaky_relu(slope = " + attributes.get("slope") + ")(x)");
      case "swish" -> Optional.of("swish(beta = " + attributes.get("beta") + ")(x)");
      case "log_sigmoid",
          "mish",
          "relu",
          "relu6",
          "selu",
          "sigmoid",
          "silu",
          "softplus",
          "softsign",
          "tanh" ->
          Optional.of(op + "(x)");
      default -> Optional.empty();
    };
  }

  private static int axis(Map<String, Object> attributes, int[] shape) {
    int axis = ((Number) attributes.get("axis")).intValue();
    return axis < 0 ? axis + shape.length : axis;
  }

  /** A function of one dimension, applied along {@code axis}. */
  private static String along(String function, int axis, int[] x, int[] y) {
    var items = new String[x.length];
    for (int i = 0; i < x.length; i++) {
      items[i] = i == axis ? ":" : "i" + i;
    }
    var at = String.join(", ", items);
    return "layer Subject : x%s -> y%s {\n    y[%s] = %s(x[%s])\n}\n"
        .formatted(brackets(x), brackets(y), at, function, at);
  }

  private static Optional<String> loss(
      String op, Map<String, Object> attributes, Map<String, int[]> shapes) {
    var reduction = (String) attributes.get("reduction");
    var whole = elementwise(op, attributes, shapes.containsKey("pos_weight"));
    if (whole.isPresent()) {
      return Optional.of(
          overElements(whole.get(), List.of("pred", "target"), reduction, shapes.get("pred")));
    }
    return switch (op) {
      case "cce_probs" ->
          Optional.of(perRow("categorical_cross_entropy", reduction, shapes, false));
      case "cce_logits" -> Optional.of(perRow("cross_entropy_dense()", reduction, shapes, false));
      case "sparse_cce" -> {
        var smoothing = attributes.getOrDefault("label_smoothing", 0.0);
        var call = "cross_entropy(label_smoothing = " + smoothing + ")";
        yield Optional.of(perRow(call, reduction, shapes, true));
      }
      case "nll" -> Optional.of(perRow("nll", reduction, shapes, true));
      case "cosine_distance" ->
          Optional.of(rows("cosine_distance", List.of("a", "b"), reduction, shapes));
      case "triplet" ->
          Optional.of(
              rows("triplet", List.of("anchor", "positive", "negative"), reduction, shapes));
      case "multi_margin" -> {
        var call =
            "multi_margin(margin = %s, power = %s)"
                .formatted(attributes.get("margin"), attributes.get("p"));
        yield Optional.of(perRow(call, reduction, shapes, true));
      }
      case "cosine_embedding" -> {
        var call = "cosine_embedding(margin = " + attributes.get("margin") + ")";
        yield Optional.of(rows(call, List.of("a", "b", "target"), reduction, shapes));
      }
      case "margin_ranking" -> {
        var call = "margin_ranking(margin = " + attributes.get("margin") + ")";
        yield Optional.of(rows(call, List.of("a", "b", "target"), reduction, shapes));
      }
      case "gaussian_nll" ->
          Optional.of(
              overElements(
                  "gaussian_nll", List.of("pred", "target", "var"), reduction, shapes.get("pred")));
      case "bce_with_logits" -> {
        var call = "balanced_binary_cross_entropy_with_logits";
        yield Optional.of(rows(call, List.of("pred", "target", "pos_weight"), reduction, shapes));
      }
      case "kl_div" -> Optional.of(divergence(attributes, reduction, shapes.get("pred")));
      default -> Optional.empty();
    };
  }

  private static Optional<String> elementwise(
      String op, Map<String, Object> attributes, boolean hasWeights) {
    return switch (op) {
      case "mse", "hinge", "squared_hinge", "log_cosh" -> Optional.of(op);
      case "l1" -> Optional.of("mae");
      case "hinge_embedding" ->
          Optional.of("hinge_embedding(margin = " + attributes.get("margin") + ")");
      case "huber" -> Optional.of("huber(delta = " + attributes.get("delta") + ")");
      case "smooth_l1" -> Optional.of("smooth_l1(beta = " + attributes.get("beta") + ")");
      case "bce" -> Optional.of("binary_cross_entropy");
      case "bce_with_logits" ->
          hasWeights ? Optional.empty() : Optional.of("binary_cross_entropy_with_logits");
      case "poisson_nll" -> Optional.of("poisson");
      default -> Optional.empty();
    };
  }

  /** A loss that averages over all elements it is given. */
  private static String overElements(
      String loss, List<String> inputs, String reduction, int[] shape) {
    var head =
        head(inputs, inputs.stream().collect(Collectors.toMap(Function.identity(), _ -> shape)));
    var whole = loss + "(" + String.join(", ", inputs) + ")";
    return switch (reduction) {
      case "mean" -> head + " -> loss {\n    loss = %s\n}\n".formatted(whole);
      case "sum" ->
          head
              + " -> loss {\n    loss = %d * %s\n}\n"
                  .formatted(Arrays.stream(shape).reduce(1, (a, b) -> a * b), whole);
      case "none" ->
          head
              + " -> loss%s {\n    loss[n, c] = %s(%s)\n}\n"
                  .formatted(
                      brackets(shape),
                      loss,
                      inputs.stream().map(i -> i + "[n, c]").collect(Collectors.joining(", ")));
      default -> throw new IllegalArgumentException(reduction);
    };
  }

  /** A loss over classes, which are the second dimension: {@code pred[n, c, ...]}. */
  private static String perRow(
      String loss, String reduction, Map<String, int[]> shapes, boolean labels) {
    var pred = shapes.get("pred");
    var others = new StringBuilder();
    for (int i = 2; i < pred.length; i++) {
      others.append(", i").append(i);
    }
    var classes = "dim Class = " + pred[1] + "\n";
    var named = pred.clone();
    var target = shapes.get("target");
    var head =
        classes
            + "layer Subject : pred"
            + brackets(named)
                .replaceFirst("\\[" + pred[0] + ", " + pred[1], "[" + pred[0] + ", Class")
            + ", target"
            + (labels
                ? brackets(target) + ": index Class"
                : brackets(target).replace(", " + pred[1], ", Class"));
    var at = "n" + others;
    var each =
        "each[%s] = %s(pred[n, :%s], target[%s])"
            .formatted(at, loss, others, labels ? at : "n, :" + others);
    return head + finish(each, reduction, pred[0]);
  }

  /** A loss over vectors or numbers, one a row; what has only a row is the same for all. */
  private static String rows(
      String loss, List<String> inputs, String reduction, Map<String, int[]> shapes) {
    int rows = shapes.get(inputs.getFirst())[0];
    var arguments =
        inputs.stream()
            .map(
                i -> {
                  var shape = shapes.get(i);
                  return i + (shape[0] != rows ? "" : shape.length == 1 ? "[n]" : "[n, :]");
                })
            .collect(Collectors.joining(", "));
    var each = "each[n] = " + loss + "(" + arguments + ")";
    return head(inputs, shapes) + finish(each, reduction, rows);
  }

  private static String finish(String each, String reduction, int rows) {
    return switch (reduction) {
      case "mean", "sum" ->
          " -> loss {\n    %s\n    loss = %s(each)\n}\n".formatted(each, reduction);
      case "none" -> " -> loss[%d] {\n    %s\n    loss = each\n}\n".formatted(rows, each);
      default -> throw new IllegalArgumentException(reduction);
    };
  }

  /** The reference gives log probabilities, the library takes probabilities. */
  private static String divergence(Map<String, Object> attributes, String reduction, int[] shape) {
    var head = head(List.of("pred", "target"), Map.of("pred", shape, "target", shape));
    boolean logTarget = Boolean.TRUE.equals(attributes.get("log_target"));
    var target = logTarget ? "exp(target[n, %s])" : "target[n, %s]";
    if (reduction.equals("none")) {
      // One element is a sum over one class.
      return head
          + " -> loss%s {\n    p[n, c, k: 1] = exp(pred[n, c])\n    t[n, c, k: 1] = %s\n    loss[n, c] = kl_divergence(p[n, c, :], t[n, c, :])\n}\n"
              .formatted(brackets(shape), target.formatted("c"));
    }
    var by =
        switch (reduction) {
          case "mean" -> shape[0] * shape[1];
          case "batchmean" -> shape[0];
          default -> 1;
        };
    return head
        + " -> loss {\n    p[n, c] = exp(pred[n, c])\n    t[n, c] = %s\n    each[n] = kl_divergence(p[n, :], t[n, :])\n    loss = sum(each) / %d\n}\n"
            .formatted(target.formatted("c"), by);
  }

  private static String head(List<String> inputs, Map<String, int[]> shapes) {
    return "layer Subject : "
        + inputs.stream().map(i -> i + brackets(shapes.get(i))).collect(Collectors.joining(", "));
  }

  private static String brackets(int[] shape) {
    return shape.length == 0 ? "" : Arrays.toString(shape);
  }
}
