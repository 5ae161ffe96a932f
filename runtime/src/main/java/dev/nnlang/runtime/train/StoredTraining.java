package dev.nnlang.runtime.train;

import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.data.SampleRange;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Signature;
import java.util.Map;
import java.util.Optional;

/**
 * A compiled {@code train} declaration in a form that can be written to a file: all programs that a
 * training runs, and of the prediction the border.
 *
 * @param sources a hash of each file that the program uses, by its path
 */
public record StoredTraining(
    Map<String, String> sources,
    TrainingPlan plan,
    DataPlan data,
    Optional<CompiledProgram.Parts> fit,
    CompiledProgram.Parts initial,
    CompiledProgram.Parts step,
    CompiledProgram.Parts evaluate,
    Optional<CompiledProgram.Parts> metrics,
    Signature predict,
    Optional<CompiledProgram.Parts> validate,
    Optional<SampleRange> inputRange,
    Optional<CompiledProgram.Parts> accumulate,
    Optional<CompiledProgram.Parts> watch,
    Optional<CompiledProgram.Parts> schedules) {

  /**
   * What to store.
   *
   * @param programs of bytecode, compiled but for the prediction
   */
  public static StoredTraining of(
      Map<String, String> sources, TrainingPlan plan, DataPlan data, TrainingPrograms programs) {
    return new StoredTraining(
        sources,
        plan,
        data,
        programs.fit().map(StoredTraining::parts),
        parts(programs.initial()),
        parts(programs.step()),
        parts(programs.evaluate()),
        programs.metrics().map(StoredTraining::parts),
        programs.predict().signature(),
        programs.validate().map(StoredTraining::parts),
        programs.inputRange(),
        programs.accumulate().map(StoredTraining::parts),
        programs.watch().map(StoredTraining::parts),
        programs.schedules().map(StoredTraining::parts));
  }

  private static CompiledProgram.Parts parts(Executable program) {
    return ((CompiledProgram) program).parts();
  }

  /** The programs, of which that for a prediction cannot be run. */
  public TrainingPrograms programs() {
    return new TrainingPrograms(
        fit.map(Loaded::new),
        new Loaded(initial),
        new Loaded(step),
        new Loaded(evaluate),
        metrics.map(Loaded::new),
        new BorderOnly(predict),
        validate.map(Loaded::new),
        inputRange,
        accumulate.map(Loaded::new),
        watch.map(Loaded::new),
        schedules.map(Loaded::new));
  }
}
