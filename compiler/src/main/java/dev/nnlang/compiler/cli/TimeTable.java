package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Measurable;
import dev.nnlang.runtime.file.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code nn profile}: where the time of a run goes, the slowest kernel first. */
final class TimeTable {
  /** Kernels below this part of the whole are summed up in one line. */
  private static final double WORTH_SHOWING = 0.01;

  private static final double NANOS_PER_MICRO = 1e3;

  /** What ran it. */
  sealed interface Where {
    /** The processor. */
    record Threads(int count) implements Where {
      @Override
      public String toString() {
        return count + (count == 1 ? " thread" : " threads");
      }
    }

    /**
     * A device, which runs one kernel after the other.
     *
     * @param rounded how exact products are
     */
    record Device(String name, List<Measurable.Rounded> rounded) implements Where {
      @Override
      public String toString() {
        return name + ", each kernel waiting for the one before";
      }
    }
  }

  /**
   * A kernel.
   *
   * @param nanos over all runs
   * @param place where it comes from
   * @param product its sizes, where it is one and the processor's
   * @param form of that, or what the device's kernel is called
   */
  record Line(
      int number,
      String what,
      long nanos,
      Measurable.Place place,
      Optional<String> product,
      Optional<String> form) {
    /** {@code digits.nn:5}; nothing for what no line has written. */
    private Optional<String> at() {
      return place.at().map(span -> span.file().name() + ":" + span.line());
    }

    private String how() {
      return Stream.of(product, form).flatMap(Optional::stream).collect(Collectors.joining(", "));
    }

    /** What it is there for, in the words of the program. */
    private String why() {
      long others = what.chars().filter(c -> c == ',').count();
      return others == 0 ? place.why() : place.why() + " (and " + others + " more)";
    }
  }

  /**
   * What was measured.
   *
   * @param program its name
   * @param batch examples of a run
   * @param isMadeUp whether the data were not there
   * @param lines the slowest first, over all runs
   */
  record Measured(
      String program, long batch, Where where, boolean isMadeUp, int runs, List<Line> lines) {
    private double micros(Line line) {
      return line.nanos() / NANOS_PER_MICRO / Math.max(1, runs);
    }

    private double all() {
      return lines.stream().mapToDouble(this::micros).sum();
    }
  }

  private TimeTable() {}

  /** As text. */
  static String of(Measured it) {
    double all = it.all();
    var text = new StringBuilder();
    text.append("time of ").append(it.program).append(", batch = ").append(it.batch);
    text.append(", ").append(it.where);
    text.append(
        String.format(
            Locale.ROOT, ": %.1f us in %d kernels, over %d runs%n", all, it.lines.size(), it.runs));
    var table = new TextTable("rrrlll");
    var how = it.where instanceof Where.Device ? "on the device" : "product";
    table.row("us", "share", "kernel", "what it computes", how, "line");
    int few = 0;
    double rest = 0;
    for (var line : it.lines) {
      double micros = it.micros(line);
      if (micros < WORTH_SHOWING * all) {
        few++;
        rest += micros;
        continue;
      }
      table.row(
          number(micros),
          percent(micros, all),
          Integer.toString(line.number()),
          line.why(),
          line.how(),
          line.at().orElse(""));
    }
    if (few > 0) {
      table.row(number(rest), percent(rest, all), "", few + " more, each below 1 %", "", "");
    }
    text.append(table);
    if (it.where instanceof Where.Device(_, var rounded)) {
      rounded.forEach(sums -> text.append(sums.text()).append('\n'));
    }
    return text.toString();
  }

  private static String number(double micros) {
    return String.format(Locale.ROOT, "%.1f", micros);
  }

  private static String percent(double micros, double all) {
    return String.format(Locale.ROOT, "%.1f%%", all == 0 ? 0 : 100 * micros / all);
  }

  /** The same for programs, with every kernel. */
  static Json.Members json(Measured it) {
    double all = it.all();
    var kernels = new ArrayList<Json>();
    for (var line : it.lines) {
      double micros = it.micros(line);
      var kernel =
          Json.object()
              .with("kernel", line.number())
              .with("us", micros)
              .with("share", all == 0 ? 0 : micros / all)
              .with("what", line.what())
              .with("why", line.place().why());
      for (var more :
          List.of(
              Map.entry("product", line.product()),
              Map.entry("form", line.form()),
              Map.entry("at", line.at()))) {
        if (more.getValue().isPresent()) {
          kernel = kernel.with(more.getKey(), more.getValue().get());
        }
      }
      kernels.add(kernel);
    }
    var head =
        Json.object().with("event", "time").with("program", it.program).with("batch", it.batch);
    var where =
        switch (it.where) {
          case Where.Threads(int count) -> head.with("threads", count);
          case Where.Device(var name, var rounded) ->
              head.with("device", name)
                  .with("sums", new Json.Items(rounded.stream().map(TimeTable::json).toList()));
        };
    return where
        .with("made_up", new Json.Truth(it.isMadeUp))
        .with("runs", it.runs)
        .with("us", all)
        .with("kernels", new Json.Items(kernels));
  }

  private static Json json(Measurable.Rounded sums) {
    return Json.object()
        .with("terms", sums.terms())
        .with("products", sums.products())
        .with("error", sums.error())
        .with("ieee_error", sums.exact());
  }
}
