package dev.nnlang.compiler;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.LowTraining;
import dev.nnlang.compiler.elaborate.TrainingProgramSet;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.induction.Induction;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.train.TrainingPrograms;
import java.util.Optional;
import java.util.function.Function;

/**
 * The programs of a {@code train} declaration as something that runs. Of a long {@code repeat} only
 * the ends are compiled, where that says what all copies are.
 */
final class TrainingCompiler {
  private final Options options;
  private final Object lock = new Object();

  private TrainingCompiler(Options options) {
    this.options = options;
  }

  /** All programs, each compiled when it is first opened. */
  static Checked<Optional<CompiledTraining>> compile(Typed.Training typed, Options options) {
    var compiler = new TrainingCompiler(options);
    var low =
        options.backend() instanceof Options.Backend.Bytecode
            ? Elaborate.low(typed)
            : Optional.<LowTraining>empty();
    if (low.isPresent() && Independence.problems(low.get().programs().step()).isEmpty()) {
      return Checked.of(Optional.of(compiler.tall(low.get(), typed)));
    }
    return programs(typed).map(found -> found.map(compiler::whole));
  }

  /** The elaborated programs, with all copies. */
  static Checked<Optional<TrainingProgramSet>> programs(Typed.Training typed) {
    var set = Elaborate.training(typed);
    var problems = Independence.problems(set.step());
    return problems.isEmpty()
        ? Checked.of(Optional.of(set))
        : new Checked<>(Optional.empty(), problems);
  }

  /** Those programs, each compiled when it is first opened. */
  static CompiledTraining whole(TrainingProgramSet set, Options options) {
    return new TrainingCompiler(options).whole(set);
  }

  private CompiledTraining whole(TrainingProgramSet set) {
    return training(set, which -> whole(which.apply(set)));
  }

  private CompiledTraining tall(LowTraining low, Typed.Training typed) {
    var whole = new Whole(typed);
    return training(low.programs(), which -> tall(low, which, whole));
  }

  /** Which program of a set. */
  private interface Which extends Function<TrainingProgramSet, Program> {}

  private static CompiledTraining training(
      TrainingProgramSet set, Function<Which, Executable> compile) {
    var programs =
        new TrainingPrograms(
            set.fit().map(_ -> compile.apply(s -> s.fit().orElseThrow())),
            compile.apply(TrainingProgramSet::initial),
            compile.apply(TrainingProgramSet::step),
            compile.apply(TrainingProgramSet::evaluate),
            set.metrics().map(_ -> compile.apply(s -> s.metrics().orElseThrow())),
            compile.apply(TrainingProgramSet::predict),
            set.validate().map(_ -> compile.apply(s -> s.validate().orElseThrow())),
            Optional.empty(),
            set.accumulate().map(_ -> compile.apply(s -> s.accumulate().orElseThrow())),
            set.watch().map(_ -> compile.apply(s -> s.watch().orElseThrow())),
            set.schedules().map(_ -> compile.apply(s -> s.schedules().orElseThrow())));
    return new CompiledTraining(set.plan(), set.data(), programs);
  }

  /** What a device finds wrong is said before anything runs; on the processor nothing can be. */
  private Executable whole(Program program) {
    return switch (options.backend()) {
      case Options.Backend.Bytecode _ ->
          new Deferred(
              Border.of(program, options.precision().element()),
              () -> Pipeline.executable(program, options),
              lock);
      case Options.Backend.Interpreter _, Options.Backend.Kernels _ ->
          Pipeline.executable(program, options);
    };
  }

  private Executable tall(LowTraining low, Which which, Whole whole) {
    var program = which.apply(low.programs());
    var element = options.precision().element();
    return new Deferred(
        Induction.signature(Border.of(program, element), low)
            .orElseGet(() -> Border.of(which.apply(whole.set()), element)),
        () -> {
          var made = Pipeline.tall(program, low, options.precision());
          return made.isPresent()
              ? made.get()
              : Pipeline.executable(which.apply(whole.set()), options);
        },
        lock);
  }

  /** The programs with all copies, elaborated if one of them is needed. */
  private static final class Whole {
    private final Typed.Training typed;
    private TrainingProgramSet set;

    Whole(Typed.Training typed) {
      this.typed = typed;
    }

    synchronized TrainingProgramSet set() {
      if (set == null) {
        set = Elaborate.training(typed);
      }
      return set;
    }
  }
}
