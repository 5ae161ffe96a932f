package dev.nnlang.compiler;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.codegen.gpu.GpuBackend;
import dev.nnlang.compiler.codegen.jvm.JvmBackend;
import dev.nnlang.compiler.differentiate.Differentiate;
import dev.nnlang.compiler.elaborate.LowTraining;
import dev.nnlang.compiler.equation.EquationText;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.induction.Induction;
import dev.nnlang.compiler.schedule.Choices;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.simplify.Simplify;
import dev.nnlang.compiler.stabilise.Stabilise;
import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The compiler's table of contents: what happens to equations, in order. */
public final class Pipeline {
  /** A pass over the equations of a program. */
  public record Stage(String name, UnaryOperator<Program> pass) {}

  public static final List<Stage> STAGES =
      List.of(
          new Stage("stabilise", Stabilise::rewrite),
          new Stage("differentiate", Differentiate::resolve),
          new Stage("simplify", Simplify::rewrite));

  private static final String FIRST = "elaborate";
  private static final String LAST = "schedule";

  private Pipeline() {}

  /** What {@code nn explain --after} takes, in order. */
  public static List<String> names() {
    var names = new ArrayList<String>();
    names.add(FIRST);
    STAGES.forEach(stage -> names.add(stage.name()));
    names.add(LAST);
    return names;
  }

  /** Through all stages. */
  public static Program run(Program program) {
    return after(program, LAST);
  }

  /** Up to a stage, and with it. */
  static Program after(Program program, String last) {
    var current = program;
    if (last.equals(FIRST)) {
      return current;
    }
    for (var stage : STAGES) {
      current = stage.pass().apply(current);
      if (stage.name().equals(last)) {
        return current;
      }
    }
    return current;
  }

  /** How the plan of a program is laid out on a device, where products are computed so. */
  static String onDevice(Program elaborated, Options.Rounding rounding) {
    return GpuBackend.describe(planOnDevice(run(elaborated)), ElementType.F32, rounding.code());
  }

  /** The text form of what a stage gives. */
  static String text(Program elaborated, String stage) {
    var program = after(elaborated, stage);
    return switch (stage) {
      case LAST -> Schedule.forms(program).toString();
      default -> EquationText.of(program);
    };
  }

  /** From elaborated equations to something that runs. */
  public static Executable executable(Program elaborated, Options options) {
    var program = run(elaborated);
    var precision = options.precision().code();
    return switch (options.backend()) {
      case Options.Backend.Bytecode _ -> JvmBackend.compile(Schedule.forms(program), precision);
      case Options.Backend.Interpreter _ ->
          new InterpretedProgram(program, Border.of(program, options.precision().element()));
      case Options.Backend.Kernels(var device, var rounding) ->
          GpuBackend.compile(
              planOnDevice(program), options.precision().element(), rounding.code(), device);
    };
  }

  /**
   * Bytecode of a whole program from one with the ends of stacks; empty, if it has no such form.
   */
  static Optional<CompiledProgram> tall(
      Program elaborated, LowTraining of, Options.Precision precision) {
    if (!Induction.isPossible(elaborated, of)) {
      return Optional.empty();
    }
    return JvmBackend.compile(Schedule.forms(run(elaborated)), plan -> tall(plan, of, precision));
  }

  private static Optional<CompiledProgram.Parts> tall(
      Plan plan, LowTraining of, Options.Precision precision) {
    return Induction.parts(
        JvmBackend.parts(plan, precision.code()),
        of,
        steps -> JvmBackend.blocks(plan, steps.stream().map(plan.kernels()::get).toList()));
  }

  static Plan planOnDevice(Program program) {
    return Schedule.plan(program, Choices.ON_DEVICE);
  }
}
