package dev.nnlang.compiler;

import dev.nnlang.compiler.codegen.gpu.GpuBackend;
import dev.nnlang.compiler.codegen.gpu.RoundedSums;
import dev.nnlang.compiler.codegen.jvm.JvmBackend;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.schedule.Choices;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.gpu.DeviceProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program of a plan, for those who run it to see how long that takes. */
public sealed interface Measurable {
  /** All programs of the plan, of which the initial values come. */
  CompiledTraining plan();

  /** Of the program: {@code Baseline_step}. */
  String name();

  /**
   * Where a kernel comes from: of a product that, else the last of its equations.
   *
   * @param why what that computes, in words: {@code Dense_1/y}
   * @param at the line, where one wrote it
   */
  record Place(String why, Optional<Span> at) {
    private static Place of(Kernel kernel) {
      var origins = kernel.equations().stream().map(Equation::origin).toList();
      var main = kernel instanceof Kernel.Contraction ? origins.getFirst() : origins.getLast();
      return new Place(main.why(), main.span());
    }
  }

  /**
   * For the processor.
   *
   * @param kernels where each comes from, by the numbers that {@link
   *     dev.nnlang.runtime.cpu.KernelTimes} counts in
   * @param many the form for many examples, if they have one of their own
   */
  record Compiled(
      CompiledTraining plan,
      String name,
      CompiledProgram program,
      List<Place> kernels,
      Optional<Many> many)
      implements Measurable {
    /**
     * @param least so many examples are enough
     */
    public record Many(long least, Compiled form) {}

    public Compiled {
      kernels = List.copyOf(kernels);
    }

    /** The form in which so many examples are computed. */
    public Compiled of(long examples) {
      return many.filter(m -> examples >= m.least).map(Many::form).orElse(this);
    }
  }

  /**
   * For a device.
   *
   * @param kernels where each comes from, by the equations that {@link
   *     dev.nnlang.runtime.gpu.LaunchTimes} names
   * @param rounded how exact its products are
   */
  record Offloaded(
      CompiledTraining plan,
      String name,
      DeviceProgram program,
      Map<String, Place> kernels,
      List<Rounded> rounded)
      implements Measurable {
    public Offloaded {
      kernels = Map.copyOf(kernels);
      rounded = List.copyOf(rounded);
    }
  }

  /**
   * How far sums in products are off, against 64 bits and relative to their usual size.
   *
   * @param terms of a sum
   * @param products how many add up so many
   * @param error with factors rounded as was asked for
   * @param exact the same without
   * @param text all of that in words
   */
  record Rounded(long terms, int products, double error, double exact, String text) {
    private static Rounded of(RoundedSums sums) {
      return new Rounded(
          sums.terms(), sums.products(), sums.error(), sums.exact(), sums.toString());
    }
  }

  static Compiled compiled(CompiledTraining plan, Program elaborated, Options.Precision precision) {
    var forms = Schedule.forms(Pipeline.run(elaborated));
    var name = elaborated.name();
    var many =
        forms
            .many()
            .map(m -> new Compiled.Many(m.least(), compiled(plan, name, m.plan(), precision)));
    var few = compiled(plan, name, forms.few(), precision);
    return new Compiled(plan, name, few.program, few.kernels, many);
  }

  private static Compiled compiled(
      CompiledTraining training, String name, Plan plan, Options.Precision precision) {
    var places = flat(plan.kernels()).stream().map(Place::of).toList();
    var program = JvmBackend.compile(plan, precision.code());
    return new Compiled(training, name, program, places, Optional.empty());
  }

  static Offloaded offloaded(
      CompiledTraining plan,
      Program elaborated,
      Options.Precision precision,
      Options.Backend.Kernels on) {
    var scheduled = Schedule.plan(Pipeline.run(elaborated), Choices.ON_DEVICE);
    var places = new LinkedHashMap<String, Place>();
    flat(scheduled.kernels())
        .forEach(kernel -> places.put(GpuBackend.names(kernel), Place.of(kernel)));
    var arithmetic = on.rounding().code();
    return new Offloaded(
        plan,
        elaborated.name(),
        GpuBackend.compile(scheduled, precision.element(), arithmetic, on.device()),
        places,
        RoundedSums.of(scheduled, arithmetic).stream().map(Rounded::of).toList());
  }

  /** Kernels with those of loops in the place of these. */
  private static List<Kernel> flat(List<Kernel> kernels) {
    var all = new ArrayList<Kernel>();
    for (var kernel : kernels) {
      if (kernel instanceof Kernel.Recurrence(_, _, var inside)) {
        all.addAll(flat(inside));
      } else {
        all.add(kernel);
      }
    }
    return all;
  }
}
