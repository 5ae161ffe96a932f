package dev.nnlang.compiler.lsp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the language itself knows by name, in words: everything else is a {@code .nn} file. */
record BuiltIns(String signature, String text) {
  private static final Map<String, BuiltIns> ALL = new LinkedHashMap<>();

  static {
    reduction("sum", "the sum");
    reduction("prod", "the product");
    reduction("mean", "the mean");
    reduction("max", "the largest; the first of equals gets the gradient");
    reduction("min", "the smallest; the first of equals gets the gradient");
    reduction("any", "whether one is true");
    reduction("all", "whether all are true");
    reduction("argmax", "the index of the first largest");
    reduction("argmin", "the index of the first smallest");
    reduction("logsumexp", "the logarithm of the sum of exponentials, stable");
    scalar("abs", "the magnitude; slope 0 at 0");
    scalar("sign", "-1, 0 or 1; slope 0");
    scalar("floor", "rounded down; an int in integer positions; slope 0");
    scalar("ceil", "rounded up; an int in integer positions; slope 0");
    scalar("round", "rounded to the nearest, halves to even; slope 0");
    scalar("exp", "e to the power x; slope exp(x)");
    scalar("expm1", "exp(x) - 1, exact near 0; slope exp(x)");
    scalar("log", "the natural logarithm; slope 1 / x");
    scalar("log1p", "log(1 + x), exact near 0; slope 1 / (1 + x)");
    scalar("sqrt", "the square root; slope 1 / (2 sqrt(x))");
    scalar("rsqrt", "1 / sqrt(x)");
    scalar("sin", "the sine; slope cos(x)");
    scalar("cos", "the cosine; slope -sin(x)");
    scalar("tan", "the tangent; slope 1 + tan(x)^2");
    scalar("erf", "the error function; slope 2 / sqrt(pi) exp(-x^2)");
    add("atan2", "atan2(y, x)", "the angle of the point (x, y)");
    add("real", "real(i)", "an int, an index or a truth as a real number");
    add("int", "int(x)", "a real cut to an int");
    add("reshape", "reshape(x)", "the same elements, row-major, in the shape of the left side");
    add("grad", "grad(e, x)", "the derivative of the scalar e by x, an expression like any other");
    add("stop_gradient", "stop_gradient(x)", "x, through which no gradient flows");
    add("repeat", "repeat(n, Layer(...))", "a chain of n independent copies");
    add("product", "product(S)", "the number of elements of a run of dimensions");
    add("rank", "rank(S)", "how many dimensions a run has");
    add("uniform", "~ uniform(low, high)", "drawn evenly between the two");
    add("normal", "~ normal(mean, deviation)", "drawn from the bell curve");
    add("truncated_normal", "~ truncated_normal(mean, deviation)", "normal within two deviations");
    add("bernoulli", "~ bernoulli(p)", "1 with probability p, else 0");
    add("orthogonal", "~ orthogonal()", "a matrix with orthonormal rows or columns, for params");
    add("batch", "batch", "all that a declaration is mapped over, as one dimension");
    add("training", "training", "whether this is the program that trains; decided when compiling");
    add("params", "params", "every trained parameter, in the loss of a plan");
    add("step", "step", "the number of the optimizer's step, from 1");
    add("steps", "steps", "how many steps the run has");
    add("fan_in", "fan_in", "how many inputs reach an output through the parameter");
    add("fan_out", "fan_out", "how many outputs an input reaches through the parameter");
    add("inf", "inf", "infinity");
    add("pi", "pi", "3.14159...");
  }

  private static void reduction(String name, String text) {
    add(
        name,
        name + "[i, j: N | guard](...)",
        text + " over the indices; without a binder, over all");
  }

  private static void scalar(String name, String text) {
    add(name, name + "(x)", text);
  }

  private static void add(String name, String signature, String text) {
    ALL.put(name, new BuiltIns(signature, text));
  }

  static Optional<BuiltIns> of(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  static Map<String, BuiltIns> all() {
    return ALL;
  }
}
