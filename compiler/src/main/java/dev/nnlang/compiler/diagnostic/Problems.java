package dev.nnlang.compiler.diagnostic;

import java.util.ArrayList;
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
    record Place(String file, int start, String code) {}
    Map<Place, List<Problem>> byPlace = new LinkedHashMap<>();
    for (Problem problem : problems) {
      Place place = new Place(problem.at().file().name(), problem.at().start(), problem.code());
      List<Problem> there = byPlace.computeIfAbsent(place, _ -> new ArrayList<>(1));
      if (there.stream().noneMatch(other -> sameTitle(other, problem))) {
        there.add(problem);
      }
    }
    return byPlace.values().stream().flatMap(List::stream).sorted(BY_PLACE).toList();
  }

  /** Words cost time, so they are made only for problems that meet at one place. */
  private static boolean sameTitle(Problem one, Problem other) {
    return one.report().title().equals(other.report().title());
  }

  /** Whether any of them is an error. */
  public static boolean anyError(List<? extends Problem> problems) {
    return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
  }
}
