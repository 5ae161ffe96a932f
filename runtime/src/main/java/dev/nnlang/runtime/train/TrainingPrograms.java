package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.SampleRange;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.Optional;

/**
 * The programs that were compiled for a plan, by what they compute; their ports are named so:
 *
 * <ul>
 *   <li>a source {@code table} by its name, a fit value {@code fit/mu}, role {@code SOURCE};
 *   <li>{@code n}: the values of the sample index in the batch, {@code INT[batch]}; {@code
 *       train_n}: those of the whole training part;
 *   <li>parameters and layer states by path, the optimizer's as {@code optimizer/PATH/NAME};
 *   <li>with {@code average}, the mean of a parameter over the steps {@code average/PATH};
 *   <li>a metric's value {@code metric/NAME}, its states {@code metric/NAME/STATE};
 *   <li>the states of a schedule that learns {@code optimizer/schedule.NAME/STATE}, and the results
 *       that feed it {@code figure/valid.loss}, reals of rank 0;
 *   <li>{@code seed}, {@code step} (from 1), {@code steps}: rank 0.
 * </ul>
 *
 * A port that a program does not need is absent from its signature.
 *
 * @param fit sources and {@code train_n} to the {@code fit} values, outputs by bare name; absent
 *     without {@code fit}
 * @param initial {@code seed} to the initial value of every parameter and state
 * @param step one optimizer step on a batch; outputs {@code loss} and the stateless metrics,
 *     updates parameters and states
 * @param evaluate a batch without training; outputs {@code loss} and the stateless metrics as batch
 *     means, updates metric states
 * @param metrics metric states to values; absent where no metric has state
 * @param accumulate with {@code accumulate}: a micro-batch, which adds its gradients to {@code
 *     accumulated/PATH}; then {@code step} takes no batch but {@code examples}, how many there were
 * @param watch a batch to the figures that {@code watch} looks at; absent where it looks at none
 * @param schedules results of an epoch to the next states of the schedules that learn from them;
 *     absent where none does
 * @param predict sources to the model's outputs, by name
 * @param validate sources and {@code n} to {@code sample/NAME} for each tensor that holds indices
 *     read as numbers; absent where there is none
 * @param inputRange the values of the sample index for which the reads of the model's inputs alone
 *     are inside, for prediction: a forecast needs no row for its target; absent where it is that
 *     of the data
 */
public record TrainingPrograms(
    Optional<Executable> fit,
    Executable initial,
    Executable step,
    Executable evaluate,
    Optional<Executable> metrics,
    Executable predict,
    Optional<Executable> validate,
    Optional<SampleRange> inputRange,
    Optional<Executable> accumulate,
    Optional<Executable> watch,
    Optional<Executable> schedules) {

  /** Prediction takes the examples that training takes. */
  public TrainingPrograms(
      Optional<Executable> fit,
      Executable initial,
      Executable step,
      Executable evaluate,
      Optional<Executable> metrics,
      Executable predict,
      Optional<Executable> validate) {
    this(
        fit,
        initial,
        step,
        evaluate,
        metrics,
        predict,
        validate,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The program of a step that sees the examples. */
  Executable onExamples() {
    return accumulate.orElse(step);
  }

  /** How these programs store reals. */
  public ElementType real() {
    return evaluate.signature().output("loss").type();
  }
}
