package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import java.util.stream.Stream;

/** Walks stages. */
final class Stages {
  private Stages() {}

  static Stream<Equation> equations(Stage stage) {
    return switch (stage) {
      case Stage.Compute(var equation, _) -> Stream.of(equation);
      case Stage.Sweep sweep -> sweep.equations().stream();
      case Stage.Time(_, _, _, var stages) -> stages.stream().flatMap(Stages::equations);
    };
  }
}
