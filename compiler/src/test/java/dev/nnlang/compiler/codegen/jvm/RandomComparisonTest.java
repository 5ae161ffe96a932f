package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.codegen.RandomRuns;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.RandomPrograms;
import dev.nnlang.compiler.schedule.Choices;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.schedule.Recompute;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Generated code computes what the interpreter computes, on 2,000 random programs. */
class RandomComparisonTest {
  private static final int PROGRAMS = 2000;
  private static final int THREADS = 2;

  @Test
  void compiledEqualsInterpreted() {
    var different = new ArrayList<String>();
    int changed = 0;
    for (long seed = 0; seed < PROGRAMS; seed++) {
      var each = RandomPrograms.program(seed);
      var signature = Border.of(each.program(), ElementType.F64);
      var expected =
          RandomRuns.run(new InterpretedProgram(each.program(), signature), each, THREADS);
      var plan = Schedule.plan(each.program());
      RandomRuns.compare("seed " + seed, expected, run(plan, each), different);
      // Whatever the cost says: all that can be computed again.
      var all = Schedule.plan(each.program(), Choices.BY_COST.with(Recompute.Choice.ALWAYS));
      if (!all.savings().equals(plan.savings())) {
        RandomRuns.compare(
            "seed " + seed + ", all computed again", expected, run(all, each), different);
        changed++;
      }
    }
    System.out.println("random programs compared: seeds 0 .. " + (PROGRAMS - 1));
    System.out.println("compared again with all values computed again: " + changed);
    assertTrue(changed > PROGRAMS / 20, "programs with something to compute again: " + changed);
    assertEquals(List.of(), different);
  }

  private static List<Tensor> run(Plan plan, RandomPrograms.Case each) {
    return RandomRuns.run(JvmBackend.compile(plan, Precision.F64), each, THREADS);
  }
}
