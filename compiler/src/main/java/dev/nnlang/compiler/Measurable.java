package dev.nnlang.compiler;

import dev.nnlang.compiler.codegen.jvm.JvmBackend;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.runtime.cpu.CompiledProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program of a plan, for those who run it to see how long that takes.
 *
 * @param plan all programs of the plan, of which the initial values come
 * @param name of the program: {@code Baseline_step}
 * @param program compiled for the processor
 * @param kernels where each comes from, by the numbers that {@link
 *     dev.nnlang.runtime.cpu.KernelTimes} counts in
 */
public record Measurable(
    CompiledTraining plan, String name, CompiledProgram program, List<Place> kernels) {
  public Measurable {
    kernels = List.copyOf(kernels);
  }

  /**
   * Where a kernel comes from: of a product that, else the last of its equations.
   *
   * @param why what that computes, in words: {@code Dense_1/y}
   * @param at the line, where one wrote it
   */
  public record Place(String why, Optional<Span> at) {}

  static Measurable of(CompiledTraining plan, Program elaborated, Options.Precision precision) {
    var scheduled = Schedule.plan(Pipeline.run(elaborated));
    var places = new ArrayList<Place>();
    scheduled.kernels().forEach(kernel -> add(kernel, places));
    return new Measurable(
        plan, elaborated.name(), JvmBackend.compile(scheduled, precision.code()), places);
  }

  private static void add(Kernel kernel, List<Place> places) {
    if (kernel instanceof Kernel.Recurrence(_, _, var inside)) {
      inside.forEach(each -> add(each, places));
      return;
    }
    var origins = kernel.equations().stream().map(Equation::origin).toList();
    var main = kernel instanceof Kernel.Contraction ? origins.getFirst() : origins.getLast();
    places.add(new Place(main.why(), main.span()));
  }
}
