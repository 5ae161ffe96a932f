package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Program;
import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.train.TrainingPlan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a {@code train} declaration becomes; the ports of each program are those of {@link
 * dev.nnlang.runtime.train.TrainingPrograms}.
 */
public record TrainingProgramSet(
    Optional<Program> fit,
    Program initial,
    Program step,
    Program evaluate,
    Optional<Program> metrics,
    Program predict,
    Optional<Program> validate,
    Optional<Program> accumulate,
    Optional<Program> watch,
    Optional<Program> schedules,
    TrainingPlan plan,
    DataPlan data) {

  /** Every program there is. */
  public List<Program> all() {
    return Stream.of(
            fit,
            Optional.of(initial),
            Optional.of(step),
            Optional.of(evaluate),
            metrics,
            Optional.of(predict),
            validate,
            accumulate,
            watch,
            schedules)
        .flatMap(Optional::stream)
        .toList();
  }
}
