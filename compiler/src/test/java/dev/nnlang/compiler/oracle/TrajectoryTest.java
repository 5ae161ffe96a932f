package dev.nnlang.compiler.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole training runs of the reference set, from its parameters on its batches: the loss before
 * every step and the parameters after the last are its own, within its tolerances. Nothing in them
 * is random, so a wrong gradient, optimizer, clip or scale of the loss shows at once.
 */
class TrajectoryTest {
  @TempDir private Path folder;

  static boolean present() {
    return OracleSet.folder().isPresent();
  }

  static Stream<Arguments> runs() {
    return OracleSet.trajectories().stream()
        .flatMap(
            run ->
                Stream.of(Options.Precision.values())
                    .map(precision -> Arguments.of(run.name(), precision, run)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("runs")
  @EnabledIf("present")
  void reproduces(String name, Options.Precision precision, OracleSet.Trajectory run)
      throws ProblemException {
    var start = new LinkedHashMap<String, Tensor>();
    run.tensors("init.").forEach((of, tensor) -> start.put(path(of), in(precision, tensor)));
    var data = new LinkedHashMap<String, Tensor>();
    run.tensors("data.").forEach((of, tensor) -> data.put(of, Rehearsal.joined(tensor)));
    var losses = new ArrayList<Double>();
    var last = new LinkedHashMap<String, Tensor>();
    new Rehearsal(new Options(precision, Options.Backend.BYTECODE), folder, start)
        .run(
            program(name + ".nn"),
            path -> Optional.of(Parser.parse(program(path))),
            data,
            (loss, values) -> {
              losses.add(loss);
              last.putAll(values);
            });
    var differences = new ArrayList<String>();
    run.loss(losses.stream().mapToDouble(l -> l).toArray(), precision).ifPresent(differences::add);
    run.tensors("final.")
        .forEach(
            (of, _) ->
                run.parameter("final." + of, OracleTest.doubles(last.get(path(of))), precision)
                    .ifPresent(differences::add));
    assertEquals(List.of(), differences);
  }

  /** {@code b.0.n1.weight} is {@code b/0/n1/weight}; a layer whose name is a number gets one. */
  private static String path(String name) {
    return name.replaceFirst("^(?=[0-9])", "layer").replace('.', '/');
  }

  private static Tensor in(Options.Precision precision, Tensor tensor) {
    var converted = Tensor.zeros(precision.element(), tensor.shape());
    for (int i = 0; i < tensor.size(); i++) {
      converted.set(i, tensor.get(i));
    }
    return converted;
  }

  private static SourceFile program(String name) {
    try (var in = TrajectoryTest.class.getResourceAsStream("trajectory/" + name)) {
      return new SourceFile(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
