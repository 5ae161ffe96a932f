package dev.nnlang.compiler.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every case of the reference set, through generated code, in both precisions, at the set's own
 * tolerances. The set is not part of the repository: where it is not at hand the test is skipped,
 * and says so.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OracleTest {
  /** Cases that the language cannot say yet, and why. The list may only become shorter. */
  private static final Map<String, String> NOT_COVERED = Map.of();

  private final Map<String, int[]> counts = new TreeMap<>();

  static boolean present() {
    return OracleSet.folder().isPresent();
  }

  @ParameterizedTest
  @EnumSource(Options.Precision.class)
  @EnabledIf("present")
  void casesPass(Options.Precision precision, @TempDir Path folder) {
    var failures = new ArrayList<String>();
    var options = new Options(precision, Options.Backend.BYTECODE);
    for (var each : OracleSet.cases()) {
      var category = each.category();
      var outcome = run(each, options, folder);
      var count = counts.computeIfAbsent(category + " " + precision, _ -> new int[3]);
      if (outcome.isEmpty()) {
        count[2]++;
        assertTrue(NOT_COVERED.containsKey(each.id()), "no program for " + each.id());
      } else if (outcome.get().isEmpty()) {
        count[0]++;
      } else {
        count[1]++;
        failures.add(each.id() + " " + precision + ": " + String.join("; ", outcome.get()));
      }
    }
    assertEquals(List.of(), failures);
  }

  @AfterAll
  void table() {
    System.out.println("reference cases          passed  failed  not covered");
    counts.forEach((k, c) -> System.out.printf("%-24s %6d  %6d  %6d%n", k, c[0], c[1], c[2]));
    NOT_COVERED.forEach((id, why) -> System.out.println("not covered: " + id + ": " + why));
    for (var entry : counts.entrySet()) {
      assertTrue(entry.getValue()[0] > 0, "nothing was tested: " + entry.getKey());
    }
  }

  /** What differs; absent where the library has no such declaration. */
  static Optional<List<String>> run(OracleSet.Case each, Options options, Path folder) {
    return switch (each.category()) {
      case "optimizer" -> Optimizers.run(each, options, folder);
      case "layer", "tensor", "model" -> Scripted.run(each, options);
      default -> subject(each, options);
    };
  }

  private static Optional<List<String>> subject(OracleSet.Case each, Options options) {
    var precision = options.precision();
    var inputs = each.tensors("in.", precision);
    inputs.putAll(each.tensors("param.", precision));
    var shapes = new LinkedHashMap<String, int[]>();
    inputs.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    var program = Subjects.of(each.category(), each.op(), each.attributes(), shapes);
    if (program.isEmpty()) {
      return Optional.empty();
    }
    var request =
        Evaluation.Request.of("Subject", inputs).withUpstream(each.tensors("upstream.", precision));
    var compilation =
        Compiler.open(new SourceFile(each.id() + ".nn", program.get()), Sources.none());
    try {
      var result = compilation.evaluate(request, options, 1);
      if (result.value().isEmpty()) {
        return Optional.of(
            List.of("does not compile: " + result.problems() + "\n" + program.get()));
      }
      return Optional.of(compare(each, result.value().get(), precision));
    } catch (Evaluation.Misfit | RuntimeException e) {
      return Optional.of(List.of("fails: " + e));
    }
  }

  private static List<String> compare(
      OracleSet.Case each, Evaluation.Result result, Options.Precision precision) {
    var differences = new ArrayList<String>();
    for (var expected : each.expected()) {
      int dot = expected.indexOf('.');
      var name = expected.substring(dot + 1);
      var got =
          expected.startsWith("out.") ? result.outputs().get(name) : result.gradients().get(name);
      if (got == null) {
        differences.add("no " + expected);
      } else {
        each.difference(expected, doubles(got), precision).ifPresent(differences::add);
      }
    }
    return differences;
  }

  static double[] doubles(Tensor tensor) {
    var values = new double[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.get(i);
    }
    return values;
  }
}
