package dev.nnlang.compiler.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Operations on tensors, which the language writes as equations. */
final class TensorScripts {
  private TensorScripts() {}

  static Optional<String> of(OracleSet.Case each) {
    var y = each.file().get("out.y").shape();
    return equations(each, y)
        .map(body -> head(each) + " -> y" + brackets(y) + " {\n" + body + "}\n");
  }

  private static String head(OracleSet.Case each) {
    var names = new LinkedHashSet<String>();
    each.file().keySet().stream()
        .filter(n -> n.startsWith("in.") || n.startsWith("const."))
        .sorted()
        .forEach(names::add);
    var dims = each.op().equals("gather_rows") ? "dim Row = " + shape(each, "x")[0] + "\n" : "";
    return dims
        + "layer Subject : "
        + names.stream().map(n -> input(each, n)).collect(Collectors.joining(", "));
  }

  private static String input(OracleSet.Case each, String full) {
    var name = full.substring(full.indexOf('.') + 1);
    var shape = brackets(each.file().get(full).shape());
    if (each.op().equals("gather_rows")) {
      return name.equals("index")
          ? name + shape + ": index Row"
          : name + shape.replaceFirst("\\d+", "Row");
    }
    return name + shape;
  }

  private static Optional<String> equations(OracleSet.Case each, int[] y) {
    var left = "    y" + indices(y.length) + " = ";
    var binary = binary(each.op());
    if (binary.isPresent()) {
      var a = broadcast("a", shape(each, "a"), y.length);
      var b = broadcast("b", shape(each, "b"), y.length);
      return Optional.of(left + binary.get().formatted(a, b) + "\n");
    }
    var unary = unary(each.op());
    if (unary.isPresent()) {
      return Optional.of("    y = " + unary.get() + "\n");
    }
    if (each.op().startsWith("reduce_")) {
      return Optional.of(reduction(each, y));
    }
    return Optional.ofNullable(other(each, y, left));
  }

  private static Optional<String> binary(String op) {
    return Optional.ofNullable(
        switch (op) {
          case "add" -> "%s + %s";
          case "sub" -> "%s - %s";
          case "mul" -> "%s * %s";
          case "div" -> "%s / %s";
          case "maximum" -> "max(%s, %s)";
          case "minimum" -> "min(%s, %s)";
          default -> null;
        });
  }

  private static Optional<String> unary(String op) {
    return Optional.ofNullable(
        switch (op) {
          case "log", "sqrt", "rsqrt", "sin", "cos", "tan", "erf", "log1p", "expm1" -> op + "(x)";
          case "pow3" -> "x^3";
          case "pow2.5" -> "x^2.5";
          case "reciprocal" -> "1 / x";
          case "clamp" -> "if x < -0.5 then -0.5 else if x > 0.8 then 0.8 else x";
          case "neg" -> "-x";
          case "atan" -> "atan2(x, 1)";
          case "sinh" -> "(exp(x) - exp(-x)) / 2";
          case "cosh" -> "(exp(x) + exp(-x)) / 2";
          case "chain" -> "sin(exp(tanh(2 * x)) / (1 + x^2))";
          case "fanout" -> "sum(x) * sigmoid(x) + x * tanh(x)";
          default -> null;
        });
  }

  private static String other(OracleSet.Case each, int[] y, String left) {
    return switch (each.op()) {
      case "matmul" ->
          y.length == 2
              ? left + "sum[k](a[i0, k] * b[k, i1])\n"
              : left + "sum[k](a[i0, i1, k] * b[i0, k, i2])\n";
      case "softmax_matmul" ->
          """
              s[i, j] = sum[k](a[i, k] * b[k, j])
              p[i, :] = softmax(s[i, :])
              y[i, k] = sum[j](p[i, j] * b[k, j])
          """;
      case "transpose" -> {
        var perm = (List<?>) each.attributes().get("perm");
        var at = new String[y.length];
        for (int k = 0; k < y.length; k++) {
          at[((Number) perm.get(k)).intValue()] = "i" + k;
        }
        yield left + "x[" + String.join(", ", at) + "]\n";
      }
      case "reshape" -> "    y = reshape(x)\n";
      case "concat" -> "    y = concat(concat(a, b), c)\n";
      case "stack" -> left + "if i0 == 0 then a[i1, i2] else b[i1, i2]\n";
      case "slice" -> left + "x[i0 + 1, i1 + 2]\n";
      case "where" -> left + "if cond[i0, i1] == 1 then a[i0, i1] else b[i0, i1]\n";
      case "gather_rows" -> left + "x[index[i0], i1]\n";
      case "cumsum" -> left + "sum[s | s <= i1](x[i0, s])\n";
      case "l2_normalize" -> left + "x[i0, i1] / max(sqrt(sum[k](x[i0, k]^2)), 1e-12)\n";
      default -> null;
    };
  }

  private static String reduction(OracleSet.Case each, int[] y) {
    int rank = shape(each, "x").length;
    Set<Integer> axes =
        ((List<?>) each.attributes().get("axes"))
            .stream().map(a -> ((Number) a).intValue()).collect(Collectors.toSet());
    boolean keeps = Boolean.TRUE.equals(each.attributes().get("keepdims"));
    var left = new ArrayList<String>();
    for (int d = 0; d < rank; d++) {
      if (keeps && axes.contains(d)) {
        left.add("u" + d);
      } else if (!axes.contains(d)) {
        left.add("i" + d);
      }
    }
    var bound = axes.stream().sorted().map(d -> "k" + d).collect(Collectors.joining(", "));
    var at =
        IntStream.range(0, rank)
            .mapToObj(d -> (axes.contains(d) ? "k" : "i") + d)
            .collect(Collectors.joining(", "));
    var begin = "    y" + (left.isEmpty() ? "" : "[" + String.join(", ", left) + "]") + " = ";
    var reducer =
        Map.of("amax", "max").getOrDefault(each.op().substring(7), each.op().substring(7));
    return reducer.equals("var")
        ? begin
            + "mean[%1$s]((x[%2$s] - mean[%3$s](x[%4$s]))^2)\n"
                .formatted(bound, at, bound.replace('k', 'm'), at.replace('k', 'm'))
        : begin + "%s[%s](x[%s])\n".formatted(reducer, bound, at);
  }

  private static int[] shape(OracleSet.Case each, String input) {
    return each.file().get("in." + input).shape();
  }

  private static String indices(int rank) {
    return rank == 0
        ? ""
        : IntStream.range(0, rank)
            .mapToObj(d -> "i" + d)
            .collect(Collectors.joining(", ", "[", "]"));
  }

  /** A read of a smaller tensor for every element of a bigger one, as the reference broadcasts. */
  private static String broadcast(String name, int[] shape, int rank) {
    return name
        + IntStream.range(0, shape.length)
            .mapToObj(d -> shape[d] == 1 ? "0" : "i" + (rank - shape.length + d))
            .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String brackets(int[] shape) {
    return shape.length == 0 ? "" : Arrays.toString(shape);
  }
}
