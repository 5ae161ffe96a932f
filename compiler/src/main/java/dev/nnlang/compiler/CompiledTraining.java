package dev.nnlang.compiler;

import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.train.StoredPrediction;
import dev.nnlang.runtime.train.StoredTraining;
import dev.nnlang.runtime.train.TrainingPlan;
import dev.nnlang.runtime.train.TrainingPrograms;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code train} declaration, ready to run: give it to the runtime's {@code Trainer}. Each program
 * is compiled when it is first opened.
 */
public record CompiledTraining(TrainingPlan plan, DataPlan data, TrainingPrograms programs) {
  /** The same with everything compiled now, for those who measure it. */
  public CompiledTraining now() {
    return new CompiledTraining(plan, data, programs(now(programs.predict())));
  }

  /**
   * All that a prediction needs, compiled, to be kept for the next process; empty where something
   * else than bytecode runs it.
   */
  public Optional<StoredPrediction> prediction() {
    var validate = programs.validate().map(CompiledTraining::now);
    if (now(programs.predict()) instanceof CompiledProgram predict
        && validate.stream().allMatch(CompiledProgram.class::isInstance)) {
      return Optional.of(
          StoredPrediction.of(data, programs, predict, validate.map(CompiledProgram.class::cast)));
    }
    return Optional.empty();
  }

  /**
   * All that a training needs, compiled, to be kept for the next process; of bytecode only.
   *
   * @param sources a hash of each file that the program uses, by its path
   */
  public StoredTraining training(Map<String, String> sources) {
    return StoredTraining.of(sources, plan, data, programs(programs.predict()));
  }

  /** All programs compiled now, but the prediction as it is given. */
  private TrainingPrograms programs(Executable predict) {
    return new TrainingPrograms(
        programs.fit().map(CompiledTraining::now),
        now(programs.initial()),
        now(programs.step()),
        now(programs.evaluate()),
        programs.metrics().map(CompiledTraining::now),
        predict,
        programs.validate().map(CompiledTraining::now),
        programs.inputRange(),
        programs.accumulate().map(CompiledTraining::now),
        programs.watch().map(CompiledTraining::now),
        programs.schedules().map(CompiledTraining::now));
  }

  private static Executable now(Executable program) {
    return program instanceof Deferred deferred ? deferred.now() : program;
  }
}
