package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Node;
import java.util.List;

/** What becomes of the values of a run that do not fill a vector. */
public enum Tail {
  /** The body is written again for them. */
  APART,
  /** The body is written once, and asks in each round which of its lanes exist. */
  MASKED;

  /** A body of more instructions is written once: to ask costs little beside much arithmetic. */
  private static final int MOST_WEIGHT_TWICE = 40;

  /** The form that suits a body of these equations. */
  static Tail of(List<Equation> equations) {
    return of(equations.stream().mapToInt(LaneForm::weight).sum());
  }

  /** The form that suits a body of one expression. */
  static Tail of(Node value) {
    return of(LaneForm.weight(List.of(value)));
  }

  private static Tail of(int weight) {
    return weight > MOST_WEIGHT_TWICE ? MASKED : APART;
  }
}
