package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Measurable;
import dev.nnlang.runtime.cpu.KernelTimes;
import dev.nnlang.runtime.file.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code nn explain --time}: where the time of a run goes, the slowest kernel first. */
final class TimeTable {
  /** Kernels below this part of the whole are summed up in one line. */
  private static final double WORTH_SHOWING = 0.01;

  private static final double NANOS_PER_MICRO = 1e3;

  /**
   * What was measured.
   *
   * @param program its name
   * @param batch examples of a run
   * @param isMadeUp whether the data were not there
   * @param shares of the kernels, the slowest first, over all runs
   * @param places where they come from, by their numbers
   */
  record Measured(
      String program,
      long batch,
      int threads,
      boolean isMadeUp,
      int runs,
      List<KernelTimes.Share> shares,
      List<Measurable.Place> places) {
    private double micros(KernelTimes.Share share) {
      return share.nanos() / NANOS_PER_MICRO / Math.max(1, runs);
    }

    private double all() {
      return shares.stream().mapToDouble(this::micros).sum();
    }

    /** {@code digits.nn:5}; nothing for what no line has written. */
    private Optional<String> at(KernelTimes.Share share) {
      return places.get(share.number()).at().map(span -> span.file().name() + ":" + span.line());
    }
  }

  private TimeTable() {}

  /** As text. */
  static String of(Measured it) {
    double all = it.all();
    var text = new StringBuilder();
    text.append("time of ").append(it.program).append(", batch = ").append(it.batch);
    text.append(", ").append(it.threads).append(it.threads == 1 ? " thread" : " threads");
    text.append(
        String.format(
            Locale.ROOT,
            ": %.1f us in %d kernels, over %d runs%n",
            all,
            it.shares.size(),
            it.runs));
    var table = new TextTable("rrrlll");
    table.row("us", "share", "kernel", "what it computes", "product", "line");
    int few = 0;
    double rest = 0;
    for (var share : it.shares) {
      double micros = it.micros(share);
      if (micros < WORTH_SHOWING * all) {
        few++;
        rest += micros;
        continue;
      }
      table.row(
          number(micros),
          percent(micros, all),
          Integer.toString(share.number()),
          what(it, share),
          share.product().map(p -> p.shape() + ", " + p.form()).orElse(""),
          it.at(share).orElse(""));
    }
    if (few > 0) {
      table.row(number(rest), percent(rest, all), "", few + " more, each below 1 %", "", "");
    }
    return text.append(table).toString();
  }

  /** What a kernel is there for, in the words of the program. */
  private static String what(Measured it, KernelTimes.Share share) {
    var why = it.places.get(share.number()).why();
    long others = share.what().chars().filter(c -> c == ',').count();
    return others == 0 ? why : why + " (and " + others + " more)";
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
    for (var share : it.shares) {
      double micros = it.micros(share);
      var kernel =
          Json.object()
              .with("kernel", share.number())
              .with("us", micros)
              .with("share", all == 0 ? 0 : micros / all)
              .with("what", share.what())
              .with("why", it.places.get(share.number()).why());
      if (share.product().isPresent()) {
        var product = share.product().get();
        kernel =
            kernel
                .with("product", product.shape().toString())
                .with("form", product.form().toString());
      }
      var at = it.at(share);
      kernels.add(at.isPresent() ? kernel.with("at", at.get()) : kernel);
    }
    return Json.object()
        .with("event", "time")
        .with("program", it.program)
        .with("batch", it.batch)
        .with("threads", it.threads)
        .with("made_up", new Json.Truth(it.isMadeUp))
        .with("runs", it.runs)
        .with("us", all)
        .with("kernels", new Json.Items(kernels));
  }
}
