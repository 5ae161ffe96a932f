package dev.nnlang.compiler.oracle;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cases whose program is a {@link Script}: layers, tensor operations and small models. */
final class Scripted {
  private final OracleSet.Case each;
  private final Script script;
  private final Options options;
  private final Options.Precision precision;

  private Scripted(OracleSet.Case each, Script script, Options options) {
    this.each = each;
    this.script = script;
    this.options = options;
    this.precision = options.precision();
  }

  /** What differs. A case without a program is a failure: all of these can be written. */
  static Optional<List<String>> run(OracleSet.Case each, Options options) {
    return program(each)
        .map(text -> new Scripted(each, Script.of(text), options).run())
        .or(() -> Optional.of(List.of("no program for " + each.op())));
  }

  private static Optional<String> program(OracleSet.Case each) {
    return switch (each.category()) {
      case "layer" -> LayerScripts.of(each);
      case "tensor" -> TensorScripts.of(each);
      case "model" -> ModelScripts.of(each.op());
      default -> throw new IllegalArgumentException(each.category());
    };
  }

  private List<String> run() {
    var inputs = new LinkedHashMap<String, Tensor>();
    each.tensors("in.", precision).forEach((n, t) -> inputs.put(n, script.view(n, t)));
    each.tensors("const.", precision).forEach((n, t) -> inputs.put(n, script.view(n, t)));
    var sources = each.tensors("param.", precision);
    sources.putAll(each.tensors("state.", precision));
    var upstream = new LinkedHashMap<String, Tensor>();
    each.tensors("upstream.", precision).forEach((n, t) -> upstream.put(n, script.view(n, t)));
    if (each.category().equals("model")) {
      upstream.put("loss", shares(inputs.values().iterator().next().shape()[0]));
    }
    var phase = script.training() ? Evaluation.Phase.TRAINING : Evaluation.Phase.INFERENCE;
    var request =
        new Evaluation.Request(
            "Subject", Map.of(), inputs, script.parameters(sources), upstream, phase, 0, 0, 1, 1);
    var compilation =
        Compiler.open(new SourceFile(each.id() + ".nn", script.text()), Sources.none());
    try {
      var result = compilation.evaluate(request, options, 1);
      return result
          .value()
          .map(this::compare)
          .orElseGet(
              () -> List.of("does not compile: " + result.problems() + "\n" + script.text()));
    } catch (Evaluation.Misfit | RuntimeException e) {
      return List.of("fails: " + e + "\n" + script.text());
    }
  }

  /** The loss of a batch is the mean of its examples' losses. */
  private Tensor shares(int examples) {
    var shares = Tensor.zeros(precision.element(), examples);
    for (int i = 0; i < examples; i++) {
      shares.set(i, 1.0 / examples);
    }
    return shares;
  }

  private List<String> compare(Evaluation.Result result) {
    var differences = new ArrayList<String>();
    for (var expected : each.expected()) {
      var got = found(expected, result);
      if (got.isEmpty()) {
        differences.add("no " + expected);
      } else {
        each.difference(expected, got.get(), precision).ifPresent(differences::add);
      }
    }
    return differences;
  }

  private Optional<double[]> found(String expected, Evaluation.Result result) {
    int dot = expected.indexOf('.');
    var name = expected.substring(dot + 1);
    var reference = each.file().get(expected);
    return switch (expected.substring(0, dot)) {
      case "out" ->
          Optional.ofNullable(result.outputs().get(name))
              .map(OracleTest::doubles)
              .map(got -> reference.rank() == 0 ? mean(got) : got)
              .map(got -> script.unview(name, got, reference.shape()));
      case "grad" ->
          result.gradients().containsKey(name) && each.file().containsKey("in." + name)
              ? Optional.of(
                  script.unview(
                      name, OracleTest.doubles(result.gradients().get(name)), reference.shape()))
              : script.collect(name, each.file().get("param." + name), result.gradients());
      case "state_after" -> states(name, result);
      default -> throw new IllegalArgumentException(expected);
    };
  }

  /** In inference a state stays as it is. */
  private Optional<double[]> states(String name, Evaluation.Result result) {
    var before = each.file().get("state." + name);
    return script.training()
        ? script.collect(name, before, result.states())
        : Optional.of(OracleTest.doubles(before));
  }

  private static double[] mean(double[] values) {
    return new double[] {Arrays.stream(values).average().orElseThrow()};
  }
}
