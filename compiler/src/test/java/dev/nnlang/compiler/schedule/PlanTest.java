package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.Cases;
import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.Nodes;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Equations in, plan out, as text. */
class PlanTest {
  @TestFactory
  Stream<DynamicTest> plans() {
    return Cases.in(
        "schedule/plans",
        text -> Schedule.plan(EquationParser.parse(text, new Nodes())).toString());
  }

  /** Where matrices are in memory in blocks of rows. */
  @TestFactory
  Stream<DynamicTest> plansInRows() {
    var inRows = Choices.BY_COST.with(Choices.Matrices.IN_ROWS);
    return Cases.in(
        "schedule/rows",
        text -> Schedule.plan(EquationParser.parse(text, new Nodes()), inRows).toString());
  }

  /** Programs that have a plan of their own for many examples. */
  @TestFactory
  Stream<DynamicTest> forms() {
    return Cases.in(
        "schedule/forms",
        text -> Schedule.forms(EquationParser.parse(text, new Nodes())).toString());
  }

  @TestFactory
  Stream<DynamicTest> plansForDevices() {
    return Cases.in(
        "schedule/device",
        text ->
            Schedule.plan(EquationParser.parse(text, new Nodes()), Choices.ON_DEVICE).toString());
  }
}
