package dev.nnlang.compiler;

import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Attentions for tests of what computes a matrix in pieces: lengths that blocks do not divide,
 * other lengths of keys than queries, masks, biases, rows and blocks without any column.
 *
 * @param own values of a row of the result
 */
public record Attention(
    String name, String score, String value, int rows, int columns, int terms, int own) {
  private static final String TEXT =
      """
      fn subject : q[2, T, E], k[2, S, E], v[2, S, C], bias[T, S], w[S] -> o[2, T, C] {
          a[h, t, s] = SCORE
          WEIGHTS
          o[h, t, c] = sum[s](VALUE)
      }
      """;

  private static final String PRODUCT = "sum[e](q[h, t, e] * k[h, s, e])";
  private static final String SOFTMAX = "p[h, t, :] = softmax(a[h, t, :])";
  private static final String LOGARITHM =
      "p[h, t, s] = exp(a[h, t, s] - logsumexp[j: S](a[h, t, j]))";
  private static final String PLAIN = "p[h, t, s] * v[h, s, c]";

  private static Attention of(String name, String score, int rows, int columns) {
    return new Attention(name, score, PLAIN, rows, columns, 12, 10);
  }

  public static Stream<Attention> all() {
    return Stream.of(
        of("causal", "if s <= t then PRODUCT / sqrt(E) else -inf", 130, 130),
        of("bias", "PRODUCT + bias[t, s]", 70, 91),
        of("logarithm", "if s <= t then PRODUCT else -inf", 68, 68),
        of("cross", "PRODUCT * 0.3", 67, 200),
        of("few columns at the end", "if s > t then PRODUCT else -inf", 66, 131),
        of("rows without columns", "if s + 9 <= t then PRODUCT else -inf", 80, 80),
        new Attention("weighted", "PRODUCT", PLAIN + " * w[s]", 71, 69, 7, 33),
        new Attention("wide", "PRODUCT / 4", PLAIN, 64, 70, 100, 128),
        new Attention(
            "thrown away after",
            "PRODUCT",
            "(if s % 3 == t % 3 then p[h, t, s] / 0.9 else 0) * v[h, s, c]",
            77,
            65,
            16,
            16));
  }

  public static Attention named(String name) {
    return all().filter(s -> s.name.equals(name)).findFirst().orElseThrow();
  }

  public String text() {
    return TEXT.replace("SCORE", score.replace("PRODUCT", PRODUCT))
        .replace("VALUE", value)
        .replace("WEIGHTS", name.equals("logarithm") ? LOGARITHM : SOFTMAX)
        .replaceAll("\\bT\\b", Integer.toString(rows))
        .replaceAll("\\bS\\b", Integer.toString(columns))
        .replaceAll("\\bE\\b", Integer.toString(terms))
        .replaceAll("\\bC\\b", Integer.toString(own));
  }

  /**
   * Its result.
   *
   * @param arriving a gradient, so that all gradients are results, too: {@code o}
   */
  public Program program(Set<String> arriving) {
    var compilation = Compiler.open(new SourceFile("subject.nn", text()), Sources.none());
    var instance = Derivative.instance(compilation.workspace(), "subject", Map.of());
    var run = new Elaborate.Run(List.of(), Set.of(), Phase.INFERENCE, arriving);
    return Pipeline.run(Elaborate.run(instance.value().orElseThrow(), run));
  }

  public Map<String, Tensor> inputs(ElementType type) {
    var inputs = new LinkedHashMap<String, Tensor>();
    inputs.put("q", normal(type, 1, 2, rows, terms));
    inputs.put("k", normal(type, 2, 2, columns, terms));
    inputs.put("v", normal(type, 3, 2, columns, own));
    inputs.put("bias", normal(type, 4, rows, columns));
    inputs.put("w", normal(type, 5, columns));
    return inputs;
  }

  public Tensor arriving(ElementType type) {
    return normal(type, 6, 2, rows, own);
  }

  public static Tensor normal(ElementType type, long seed, int... shape) {
    var random = new Random(seed);
    var tensor = Tensor.zeros(type, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextGaussian());
    }
    return tensor;
  }

  @Override
  public String toString() {
    return name;
  }
}
