package dev.nnlang.compiler.elaborate;

import java.util.List;
import java.util.Map;

/**
 * The programs of a {@code train} declaration with the ends of long repeats only.
 *
 * @param stacks the repeats that are not whole
 * @param draws the paths of draws, by their sites
 */
public record LowTraining(
    TrainingProgramSet programs, List<Stack> stacks, Map<Long, String> draws) {
  public LowTraining {
    stacks = List.copyOf(stacks);
    draws = Map.copyOf(draws);
  }

  /** The site of a draw at a path. */
  public static long site(String path) {
    return Draws.site(path);
  }
}
