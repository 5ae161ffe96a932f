package dev.nnlang.runtime.train;

import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.data.SampleRange;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Signature;
import java.util.Optional;

/**
 * All that a prediction needs of a compiled {@code train} declaration, in a form that can be
 * written to a file: two programs whole, of others the border by which stored weights are judged.
 */
public record StoredPrediction(
    DataPlan data,
    CompiledProgram.Parts predict,
    Optional<CompiledProgram.Parts> validate,
    Optional<SampleRange> inputRange,
    Signature initial,
    Signature step,
    Signature evaluate,
    Optional<Signature> fit,
    Optional<Signature> accumulate) {

  /**
   * What to store.
   *
   * @param predict the program of that name, compiled
   * @param validate the program of that name, compiled
   */
  public static StoredPrediction of(
      DataPlan data,
      TrainingPrograms programs,
      CompiledProgram predict,
      Optional<CompiledProgram> validate) {
    return new StoredPrediction(
        data,
        predict.parts(),
        validate.map(CompiledProgram::parts),
        programs.inputRange(),
        programs.initial().signature(),
        programs.step().signature(),
        programs.evaluate().signature(),
        programs.fit().map(Executable::signature),
        programs.accumulate().map(Executable::signature));
  }

  /** The programs, of which only those for a prediction can be run. */
  public TrainingPrograms programs() {
    return new TrainingPrograms(
        fit.map(BorderOnly::new),
        new BorderOnly(initial),
        new BorderOnly(step),
        new BorderOnly(evaluate),
        Optional.empty(),
        new CompiledProgram(predict),
        validate.map(CompiledProgram::new),
        inputRange,
        accumulate.map(BorderOnly::new),
        Optional.empty(),
        Optional.empty());
  }
}
