package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.RandomPrograms;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
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
      var expected = run(new InterpretedProgram(each.program(), signature), each);
      var plan = Schedule.plan(each.program());
      var got =
          run(GpuBackend.compile(plan, ElementType.F64, Arithmetic.ieee, TestDevice.get()), each);
      for (int i = 0; i < expected.size(); i++) {
        if (!same(expected.get(i), got.get(i))) {
          different.add("seed " + seed + ", output " + signature.outputs().get(i).name());
        }
      }
    }
    System.out.println("random programs on a device: seeds 0 .. " + (PROGRAMS - 1));
    assertEquals(List.of(), different);
  }

  private static List<Tensor> run(Executable executable, RandomPrograms.Case each) {
    try (var session = executable.open(1)) {
      each.inputs(ElementType.F64).forEach(session::bind);
      each.dims().forEach(session::dimension);
      session.run();
      return executable.signature().outputs().stream()
          .map(port -> session.output(port.name()))
          .toList();
    }
  }

  /** Reductions may be associated otherwise; all else is the same arithmetic. */
  private static boolean same(Tensor a, Tensor b) {
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
