package dev.nnlang.compiler.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * An axis: which values it shows, and at which of them it has a mark.
 *
 * @param low the lowest value
 * @param high the highest, above {@code low}
 * @param isLogarithmic whether equal ratios are equally far apart; then {@code low} is above 0
 */
record Scale(double low, double high, boolean isLogarithmic) {
  /** From this ratio on, what is positive is shown by ratios. */
  private static final double WIDE = 30;

  private static final int MARKS = 7;

  /** For figures: a little more than they span; those that are not finite are left out. */
  static Scale of(double[] values) {
    var finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    double low = Arrays.stream(finite).min().orElse(0);
    double high = Arrays.stream(finite).max().orElse(1);
    if (low > 0 && high / low > WIDE) {
      return new Scale(low / 1.1, high * 1.1, true);
    }
    double room = low == high ? Math.max(Math.abs(low) * 0.1, 1e-6) : (high - low) * 0.05;
    return new Scale(low - room, high + room, false);
  }

  /** For what is counted. */
  static Scale counting(double[] values) {
    double low = Arrays.stream(values).min().orElse(0);
    double high = Arrays.stream(values).max().orElse(1);
    return new Scale(low, low == high ? low + 1 : high, false);
  }

  boolean holds(double value) {
    return Double.isFinite(value) && low <= value && value <= high;
  }

  /** How far along the axis a value stands, from 0 to 1. */
  double share(double value) {
    return isLogarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /** Round values along the axis. */
  List<Double> ticks() {
    return isLogarithmic ? powers() : even();
  }

  /** Those of what is counted. */
  List<Double> wholeTicks() {
    return even().stream().filter(tick -> tick == Math.rint(tick)).toList();
  }

  private List<Double> even() {
    double rough = (high - low) / MARKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = 10 * power;
    for (double factor : new double[] {5, 2, 1}) {
      step = factor * power >= rough ? factor * power : step;
    }
    var ticks = new ArrayList<Double>();
    for (long k = (long) Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
      ticks.add(k * step);
    }
    return ticks;
  }

  /** Powers of ten; 2 and 5 times them, too, where there are few. */
  private List<Double> powers() {
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    int every = Math.ceilDiv(last - first, 2 * MARKS);
    double[] factors = last - first <= 3 ? new double[] {1, 2, 5} : new double[] {1};
    var ticks = new ArrayList<Double>();
    for (int power = first; power <= last; power += every) {
      for (double factor : factors) {
        double tick = factor * Math.pow(10, power);
        if (holds(tick)) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  /** A mark in words: as few digits as it has. */
  static String text(double tick) {
    double size = Math.abs(tick);
    if (size != 0 && (size < 1e-4 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.0e", tick)
          .replaceAll("e([+-])0?(\\d)", "e$1$2")
          .replace("e+", "e");
    }
    var text = String.format(Locale.ROOT, "%.5f", tick).replaceAll("\\.?0+$", "");
    return text.equals("-0") ? "0" : text;
  }
}
