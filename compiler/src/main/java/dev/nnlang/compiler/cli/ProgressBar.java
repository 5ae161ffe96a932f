package dev.nnlang.compiler.cli;

import java.util.Locale;

/**
 * One line that is drawn over itself: how far, with what figures, at what speed, how much longer.
 * Drawn at most ten times a second, so that it costs nothing; where nobody watches, never.
 */
final class ProgressBar {
  private static final long INTERVAL_NANOS = 100_000_000L;
  private static final int MOST_CELLS = 24;
  private static final int LEAST_CELLS = 5;
  private static final String[] EIGHTHS = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

  private final Output output;
  private final String title;
  private final long total;
  private final long started = System.nanoTime();
  private long drawn;
  private boolean shown;

  ProgressBar(Output output, String title, long total) {
    this.output = output;
    this.title = title;
    this.total = Math.max(total, 1);
  }

  /** Shows that {@code done} of the total is done; {@code figures} stand behind the bar. */
  void at(long done, String figures) {
    long now = System.nanoTime();
    if (!output.live() || now - drawn < INTERVAL_NANOS) {
      return;
    }
    drawn = now;
    shown = true;
    double share = Math.min(1, (double) done / total);
    double seconds = (now - started) / 1e9;
    var left = done > 0 ? "  " + duration(seconds / done * (total - done)) + " left" : "";
    output.err().print("\r\u001b[K" + line(share, figures, left));
    output.err().flush();
  }

  /** The line, no wider than the terminal: a line that wraps could not be drawn over. */
  private String line(double share, String figures, String left) {
    int room = output.width() - 1;
    var plain = title + " " + percent(share) + "  " + figures;
    if (plain.length() + left.length() <= room) {
      plain += left;
    }
    int cells = Math.min(MOST_CELLS, room - plain.length());
    if (cells < LEAST_CELLS) {
      return plain.length() <= room ? plain : plain.substring(0, Math.max(0, room - 1)) + "…";
    }
    var drawn = output.paintProgress(Output.Ink.CYAN, bar(share, cells));
    return title + " " + drawn + plain.substring(title.length() + 1);
  }

  /** Takes the line away, so that other text may follow. */
  void hide() {
    if (shown) {
      output.err().print("\r\u001b[K");
      output.err().flush();
      shown = false;
    }
  }

  static String bar(double share, int cells) {
    int eighths = (int) Math.round(share * cells * 8);
    var full = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
    return full + "·".repeat(cells - full.length());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, " %3d%%", (int) (share * 100));
  }

  /** {@code 0.4 s}, {@code 12 s}, {@code 3 min 20 s}, {@code 2 h 05 min}. */
  static String duration(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 120) {
      return whole + " s";
    }
    return whole < 7200
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
  }
}
