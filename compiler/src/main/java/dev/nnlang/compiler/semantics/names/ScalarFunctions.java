package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Distribution;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.semantics.Typed.Reducer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The functions that the language itself has, by name. */
public final class ScalarFunctions {
  public static final Map<String, UnaryOp> UNARY =
      Map.ofEntries(
          Map.entry("abs", UnaryOp.ABS),
          Map.entry("sign", UnaryOp.SIGN),
          Map.entry("floor", UnaryOp.FLOOR),
          Map.entry("ceil", UnaryOp.CEIL),
          Map.entry("round", UnaryOp.ROUND),
          Map.entry("exp", UnaryOp.EXP),
          Map.entry("expm1", UnaryOp.EXPM1),
          Map.entry("log", UnaryOp.LOG),
          Map.entry("log1p", UnaryOp.LOG1P),
          Map.entry("sqrt", UnaryOp.SQRT),
          Map.entry("rsqrt", UnaryOp.RSQRT),
          Map.entry("sin", UnaryOp.SIN),
          Map.entry("cos", UnaryOp.COS),
          Map.entry("tan", UnaryOp.TAN),
          Map.entry("tanh", UnaryOp.TANH),
          Map.entry("erf", UnaryOp.ERF));

  public static final Map<String, BinaryOp> BINARY =
      Map.of("min", BinaryOp.MIN, "max", BinaryOp.MAX, "atan2", BinaryOp.ATAN2);

  public static final Map<String, Reducer> REDUCERS =
      Map.of(
          "sum", Reducer.SUM,
          "prod", Reducer.PROD,
          "mean", Reducer.MEAN,
          "max", Reducer.MAX,
          "min", Reducer.MIN,
          "any", Reducer.ANY,
          "all", Reducer.ALL,
          "argmax", Reducer.ARGMAX,
          "argmin", Reducer.ARGMIN,
          "logsumexp", Reducer.LOGSUMEXP);

  public static final Map<String, Distribution> DRAWS =
      Map.of(
          "uniform", Distribution.UNIFORM,
          "normal", Distribution.NORMAL,
          "truncated_normal", Distribution.TRUNCATED_NORMAL,
          "bernoulli", Distribution.BERNOULLI,
          "orthogonal", Distribution.ORTHOGONAL);

  /** Those that give an int in an integer position and a real elsewhere (LR-25). */
  public static final Set<String> ROUNDING = Set.of("floor", "ceil", "round");

  /** The forms that are no functions of numbers. */
  public static final Set<String> FORMS =
      Set.of("reshape", "grad", "stop_gradient", "repeat", "product", "rank", "real", "int");

  /** Values that need no declaration. */
  static final List<String> VALUES =
      List.of("inf", "pi", "batch", "training", "step", "steps", "fan_in", "fan_out", "params");

  private ScalarFunctions() {}

  /** How many arguments a distribution takes. */
  public static int arguments(Distribution distribution) {
    return switch (distribution) {
      case UNIFORM, NORMAL, TRUNCATED_NORMAL -> 2;
      case BERNOULLI -> 1;
      case ORTHOGONAL -> 0;
    };
  }

  /** Whether one may call it: a function, a reduction, a draw or a form. */
  public static boolean isCallable(String name) {
    return isScalar(name)
        || REDUCERS.containsKey(name)
        || DRAWS.containsKey(name)
        || FORMS.contains(name);
  }

  public static boolean isScalar(String name) {
    return UNARY.containsKey(name) || BINARY.containsKey(name);
  }

  public static boolean isKnown(String name) {
    return isCallable(name) || VALUES.contains(name);
  }

  /** All names, for suggestions. */
  public static Set<String> names() {
    var names = new TreeSet<>(VALUES);
    names.addAll(UNARY.keySet());
    names.addAll(BINARY.keySet());
    names.addAll(REDUCERS.keySet());
    names.addAll(DRAWS.keySet());
    names.addAll(FORMS);
    return names;
  }
}
