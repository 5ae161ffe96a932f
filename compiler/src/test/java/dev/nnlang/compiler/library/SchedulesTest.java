package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Cases;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What each schedule gives in a run of twelve steps, as a table to be read. One that learns from
 * results, which stand in a second list, takes a step an epoch.
 */
class SchedulesTest {
  private static final int STEPS = 12;

  @TestFactory
  Stream<DynamicTest> tables() {
    return Cases.in(
        "library/schedules",
        input ->
            input
                .lines()
                .map(call -> row(call) + "   " + call)
                .collect(Collectors.joining("\n", "", "\n")));
  }

  private static final Pattern LEARNS =
      Pattern.compile("(?<name>\\w+)\\((?<config>[^)]*)\\)\\((?<figures>[^)]*)\\)");

  private static String row(String call) {
    var learns = LEARNS.matcher(call);
    var rates =
        learns.matches()
            ? learned(learns)
            : IntStream.rangeClosed(1, STEPS).mapToDouble(step -> rate(call, step));
    return rates
        .mapToObj(rate -> String.format(Locale.ROOT, "%7.4f", rate))
        .collect(Collectors.joining(" "));
  }

  /** The rates of steps between which the schedule is told these figures. */
  private static DoubleStream learned(Matcher call) {
    var settings = new LinkedHashMap<String, String>();
    for (var config : call.group("config").split(", ")) {
      settings.put(config.split(" = ")[0], config.split(" = ")[1]);
    }
    var rates = DoubleStream.builder();
    Map<String, Tensor> states = Map.of();
    for (var figure : call.group("figures").split(", ")) {
      var request =
          new Evaluation.Request(
              call.group("name"),
              settings,
              Map.of("figure", Tensor.of(new double[] {Double.parseDouble(figure)})),
              states,
              Map.of(),
              Evaluation.Phase.TRAINING,
              0,
              0,
              1,
              STEPS);
      var result = evaluated("", request);
      rates.add(result.outputs().get("value").get(0));
      states = result.states();
    }
    return rates.build();
  }

  /** Plain descent from 0 along a gradient of -1 goes as far as the rate. */
  private static double rate(String call, int step) {
    var request =
        new Evaluation.Request(
            "Descent",
            Map.of("lr", call),
            Map.of("w", Tensor.of(new double[1], 1), "g", Tensor.of(new double[] {-1}, 1)),
            Map.of(),
            Map.of(),
            Evaluation.Phase.TRAINING,
            0,
            0,
            step,
            STEPS);
    var program = "optimizer Descent(lr = 1.0) : w, g {\n    w' = w - lr * g\n}\n";
    return evaluated(program, request).outputs().get("w'").get(0);
  }

  private static Evaluation.Result evaluated(String program, Evaluation.Request request) {
    try {
      var result =
          Compiler.open(new SourceFile("descent.nn", program), Sources.none())
              .evaluate(request, new Options(Options.Precision.f64, Options.Backend.BYTECODE), 1);
      return result
          .value()
          .orElseThrow(() -> new AssertionError(request + ": " + result.problems()));
    } catch (Evaluation.Misfit e) {
      throw new AssertionError(request.toString(), e);
    }
  }

  @Test
  void everyScheduleIsInTheTable() throws IOException {
    var table =
        Files.readString(
            Path.of("src/test/resources/dev/nnlang/compiler/library/schedules/all.case"));
    for (var page : Page.all()) {
      if (page.file().equals("schedules.nn")) {
        assertTrue(
            table.contains("\n" + page.name() + "(") || table.startsWith(page.name() + "("),
            page.name());
      }
    }
  }
}
