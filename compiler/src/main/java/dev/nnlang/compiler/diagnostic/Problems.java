package dev.nnlang.compiler.diagnostic;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The order in which problems are shown, and the same problem shown once (LR-75). */
public final class Problems {
  private static final Comparator<Problem> BY_PLACE =
      Comparator.<Problem, String>comparing(problem -> problem.at().file().name())
          .thenComparingInt(problem -> problem.at().start())
          .thenComparing(Problem::severity)
          .thenComparingInt(problem -> problem.at().end())
          .thenComparing(Problem::code);

  private Problems() {}

  /** By file, line and column; of equal codes with equal titles at one place only the first. */
  public static List<Problem> ordered(List<? extends Problem> problems) {
    record Key(String file, int start, String code, String title) {}
    Map<Key, Problem> distinct = new LinkedHashMap<>();
    for (Problem problem : problems) {
      distinct.putIfAbsent(
          new Key(
              problem.at().file().name(),
              problem.at().start(),
              problem.code(),
              problem.report().title()),
          problem);
    }
    return distinct.values().stream().sorted(BY_PLACE).toList();
  }

  /** Whether any of them is an error. */
  public static boolean anyError(List<? extends Problem> problems) {
    return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
  }
}
