package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.RandomPrograms;
import dev.nnlang.compiler.schedule.Choices;
import dev.nnlang.compiler.schedule.Recompute;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Generated code computes what the interpreter computes, on 2,000 random programs. */
class RandomComparisonTest {
  private static final int PROGRAMS = 2000;

  @Test
  void compiledEqualsInterpreted() {
    var different = new ArrayList<String>();
    int changed = 0;
    for (long seed = 0; seed < PROGRAMS; seed++) {
      var each = RandomPrograms.program(seed);
      var signature = Border.of(each.program(), ElementType.F64);
      var expected = run(new InterpretedProgram(each.program(), signature), each);
      var plan = Schedule.plan(each.program());
      compare(seed, "", expected, run(JvmBackend.compile(plan, Precision.F64), each), different);
      // Whatever the cost says: all that can be computed again.
      var all = Schedule.plan(each.program(), Choices.BY_COST.with(Recompute.Choice.ALWAYS));
      if (!all.savings().equals(plan.savings())) {
        var got = run(JvmBackend.compile(all, Precision.F64), each);
        compare(seed, ", all computed again", expected, got, different);
        changed++;
      }
    }
    System.out.println("random programs compared: seeds 0 .. " + (PROGRAMS - 1));
    System.out.println("compared again with all values computed again: " + changed);
    assertTrue(changed > PROGRAMS / 20, "programs with something to compute again: " + changed);
    assertEquals(List.of(), different);
  }

  private static void compare(
      long seed, String how, List<Tensor> expected, List<Tensor> got, List<String> different) {
    for (int i = 0; i < expected.size(); i++) {
      if (!same(expected.get(i), got.get(i))) {
        different.add("seed " + seed + how + ", output " + i);
      }
    }
  }

  private static List<Tensor> run(Executable executable, RandomPrograms.Case each) {
    try (var session = executable.open(2)) {
      each.inputs(ElementType.F64).forEach(session::bind);
      each.dims().forEach(session::dimension);
      session.run();
      return executable.signature().outputs().stream()
          .map(port -> session.output(port.name()))
          .toList();
    }
  }

  /** Reductions may be associated otherwise; all else is the same arithmetic. */
  static boolean same(Tensor a, Tensor b) {
    for (int i = 0; i < a.size(); i++) {
      double x = a.get(i);
      double y = b.get(i);
      boolean equal = x == y || Double.isNaN(x) && Double.isNaN(y);
      if (!equal && !(Math.abs(x - y) <= 1e-9 * (1 + Math.abs(x)))) {
        return false;
      }
    }
    return a.size() == b.size();
  }
}
