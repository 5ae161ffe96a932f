package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.codegen.RandomRuns;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.RandomPrograms;
import dev.nnlang.compiler.schedule.Choices;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Kernels compute what the interpreter computes, on random programs. */
@EnabledIf("dev.nnlang.compiler.codegen.gpu.TestDevice#present")
class RandomOnDeviceTest {
  /** A driver compiles each kernel anew: {@code -Dprograms=N} looks at more. */
  private static final int PROGRAMS = Integer.getInteger("programs", 50);

  @Test
  void kernelsComputeWhatTheInterpreterComputes() {
    var different = new ArrayList<String>();
    for (long seed = 0; seed < PROGRAMS; seed++) {
      var each = RandomPrograms.program(seed);
      var signature = Border.of(each.program(), ElementType.F64);
      var expected = RandomRuns.run(new InterpretedProgram(each.program(), signature), each, 1);
      var plan = Schedule.plan(each.program(), Choices.ON_DEVICE);
      var compiled = GpuBackend.compile(plan, ElementType.F64, Arithmetic.ieee, TestDevice.get());
      RandomRuns.compare("seed " + seed, expected, RandomRuns.run(compiled, each, 1), different);
    }
    System.out.println("random programs on a device: seeds 0 .. " + (PROGRAMS - 1));
    assertEquals(List.of(), different);
  }
}
