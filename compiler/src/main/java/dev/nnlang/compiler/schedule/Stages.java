package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import java.util.ArrayList;
import java.util.List;

/** Walks stages. */
final class Stages {
  private Stages() {}

  static List<Equation> equations(Stage stage) {
    return switch (stage) {
      case Stage.Compute(var equation, _) -> List.of(equation);
      case Stage.Sweep sweep -> sweep.equations();
      case Stage.Time(_, _, _, var stages) -> equations(stages);
    };
  }

  static List<Equation> equations(List<Stage> stages) {
    var all = new ArrayList<Equation>();
    stages.forEach(s -> all.addAll(equations(s)));
    return all;
  }
}
