package dev.nnlang.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Ratios of our time to the best peer's, with their spread over the rounds. */
final class Table {
  /**
   * What was measured of a row.
   *
   * @param times by engine: for each round, the time of its process in microseconds
   * @param failures by engine, what it failed with
   * @param load of the machine before a round, the largest
   */
  record Line(
      Row row,
      int threads,
      Map<Engine, List<Double>> times,
      Map<Engine, String> failures,
      double load) {

    /** The median of the rounds. */
    double time(Engine engine) {
      return median(rounds(engine));
    }

    private double[] rounds(Engine engine) {
      return times.get(engine).stream().mapToDouble(Double::doubleValue).toArray();
    }

    private List<Engine> peers() {
      return times.keySet().stream().filter(engine -> engine != Engine.OURS).toList();
    }

    boolean comparable() {
      return times.containsKey(Engine.OURS) && !peers().isEmpty();
    }

    /** The fastest of the peers, over all rounds. */
    Engine best() {
      return fastest(peers().stream()).orElseThrow();
    }

    /** How libtorch is fastest, over all rounds. */
    Optional<Engine> libtorch() {
      return fastest(peers().stream().filter(Engine::isLibtorch));
    }

    private Optional<Engine> fastest(Stream<Engine> some) {
      return some.min((a, b) -> Double.compare(time(a), time(b)));
    }

    /** Ours by a peer's, round by round. */
    double[] ratios(Engine peer) {
      var ours = rounds(Engine.OURS);
      var theirs = rounds(peer);
      var ratios = new double[Math.min(ours.length, theirs.length)];
      Arrays.setAll(ratios, i -> ours[i] / theirs[i]);
      return ratios;
    }

    /** A line for whoever waits. */
    String progress() {
      var text = new StringBuilder();
      times.forEach(
          (engine, _) -> text.append("  %s %s us".formatted(word(engine), number(time(engine)))));
      failures.forEach(
          (engine, cause) -> text.append("\n    %s: %s".formatted(word(engine), cause)));
      return "%-32s %d  load %.1f%s%n".formatted(row.name(), threads, load, text);
    }
  }

  private final List<Line> lines = new ArrayList<>();

  void add(Line line) {
    lines.add(line);
  }

  boolean failed() {
    return lines.stream().anyMatch(line -> !line.failures().isEmpty());
  }

  /** In Markdown. */
  String text() {
    var text = new StringBuilder();
    text.append(
        "\n| row | threads | ours, us | best peer, us | by | ours / peer | spread | ours / libtorch | load | others, us |\n");
    text.append("| --- | ---: | ---: | ---: | --- | ---: | --- | ---: | ---: | --- |\n");
    for (var line : lines) {
      text.append(line.comparable() ? compared(line) : alone(line));
    }
    text.append('\n');
    text.append(summary("the best peer", line -> Optional.of(line.best())));
    text.append(summary("libtorch", Line::libtorch));
    for (var line : lines) {
      line.failures()
          .forEach(
              (engine, cause) ->
                  text.append(
                      "FAILED %s, %d threads, %s: %s%n"
                          .formatted(line.row().name(), line.threads(), word(engine), cause)));
    }
    return text.toString();
  }

  private String summary(String whose, Function<Line, Optional<Engine>> peer) {
    var ratios =
        lines.stream()
            .filter(Line::comparable)
            .flatMap(line -> peer.apply(line).map(line::ratios).stream())
            .mapToDouble(Table::median)
            .toArray();
    return ratios.length == 0
        ? ""
        : "by %s, %d rows: at or under 1.0: %d, under 0.7: %d; geometric mean %.2f%n"
            .formatted(
                whose,
                ratios.length,
                Arrays.stream(ratios).filter(r -> r <= 1).count(),
                Arrays.stream(ratios).filter(r -> r < 0.7).count(),
                Math.exp(Arrays.stream(ratios).map(Math::log).average().orElseThrow()));
  }

  /**
   * How near operations on one thread come to what the core can do: products to its multiply-adds,
   * the others, which read and write a large matrix, to copies, and to a loop that copies.
   */
  String shares(Machine.Peak peak) {
    var text =
        new StringBuilder(
            "\n" + peak + "\n\n| operation, 1 thread | ours | of the peak | of the loop |\n");
    text.append("| --- | ---: | ---: | ---: |\n");
    for (var line : lines) {
      if (line.threads() == 1
          && line.row() instanceof Row.Op(var operation)
          && line.times().containsKey(Engine.OURS)) {
        double seconds = line.time(Engine.OURS) / 1e6;
        text.append(
            switch (operation) {
              case Operation.Product product ->
                  share(product.name(), product.flops() / seconds, "GFLOP/s", peak.flops(), "");
              case Operation.OnRows onRows -> {
                double rate = onRows.bytes() / seconds;
                var ofLoop = "%.2f".formatted(rate / peak.loopBytes());
                yield share(onRows.name(), rate, "GB/s", peak.bytes(), ofLoop);
              }
            });
      }
    }
    return text.toString();
  }

  private static String share(String name, double rate, String unit, double peak, String ofLoop) {
    return "| %s | %.1f %s | %.2f | %s |%n".formatted(name, rate / 1e9, unit, rate / peak, ofLoop);
  }

  private static String compared(Line line) {
    var best = line.best();
    var ratios = line.ratios(best);
    var others =
        line.peers().stream()
            .filter(engine -> engine != best)
            .map(engine -> word(engine) + " " + number(line.time(engine)))
            .collect(Collectors.joining(", "));
    return "| %s | %d | %s | %s | %s | **%.2f** | %.2f to %.2f | %s | %.1f | %s |%n"
        .formatted(
            line.row().name(),
            line.threads(),
            number(line.time(Engine.OURS)),
            number(line.time(best)),
            word(best),
            median(ratios),
            Arrays.stream(ratios).min().orElseThrow(),
            Arrays.stream(ratios).max().orElseThrow(),
            line.libtorch().map(e -> "%.2f".formatted(median(line.ratios(e)))).orElse(""),
            line.load(),
            others);
  }

  private static String alone(Line line) {
    var all = new EnumMap<>(line.times());
    var text =
        all.keySet().stream()
            .map(engine -> word(engine) + " " + number(line.time(engine)))
            .collect(Collectors.joining(", "));
    return "| %s | %d | | | | | | | %.1f | %s |%n"
        .formatted(line.row().name(), line.threads(), line.load(), text);
  }

  static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String word(Engine engine) {
    return engine.name().toLowerCase(Locale.ROOT);
  }

  /** Three digits that count. */
  private static String number(double value) {
    return value >= 100
        ? "%.0f".formatted(value)
        : value >= 10 ? "%.1f".formatted(value) : "%.2f".formatted(value);
  }
}
