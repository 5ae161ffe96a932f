package dev.nnlang.compiler.semantics.problem;

import java.util.Arrays;
import java.util.List;

/** All kinds of problems that the package reports, for tests outside of it. */
public final class SemanticProblems {
  private SemanticProblems() {}

  public static Class<?>[] kinds() {
    return List.of(
            NameProblem.class,
            ConfigProblem.class,
            ShapeProblem.class,
            EquationProblem.class,
            DataProblem.class,
            PlanProblem.class)
        .stream()
        .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
        .toArray(Class<?>[]::new);
  }
}
