package dev.nnlang.compiler.diagnostic;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the names that a misspelt one may have meant. */
public final class NearNames {
  private NearNames() {}

  /** The nearest name, if one is near enough to be worth saying. */
  public static Optional<String> nearest(String wanted, Collection<String> known) {
    return near(wanted, known).stream().findFirst();
  }

  /** At most three near names, the nearest first. */
  public static List<String> near(String wanted, Collection<String> known) {
    record Ranked(String name, int distance) {}
    // A third of the letters may differ: more than that is another word.
    int limit = Math.max(1, (wanted.length() + 1) / 3);
    return known.stream()
        .distinct()
        .filter(name -> !name.equals(wanted))
        .filter(name -> Math.abs(name.length() - wanted.length()) <= limit)
        .map(name -> new Ranked(name, rank(wanted, name)))
        .filter(ranked -> ranked.distance <= 2 * limit)
        .sorted(Comparator.comparingInt(Ranked::distance).thenComparing(Ranked::name))
        .limit(3)
        .map(Ranked::name)
        .toList();
  }

  /** Twice the edit distance without regard to case; 1 if only case and underscores differ. */
  private static int rank(String wanted, String name) {
    String a = wanted.toLowerCase(Locale.ROOT);
    String b = name.toLowerCase(Locale.ROOT);
    return a.replace("_", "").equals(b.replace("_", "")) ? 1 : 2 * distance(a, b);
  }

  /** Insertions, deletions, replacements and swaps of neighbours (Damerau 1964, restricted). */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
