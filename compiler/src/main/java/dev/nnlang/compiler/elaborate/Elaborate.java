package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Poly;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The face of the package: typed declarations in, programs out. */
public final class Elaborate {
  private Elaborate() {}

  /**
   * How a declaration is run by itself.
   *
   * @param batch the extents of the leading dimensions beyond the declared ones, outermost first
   * @param shared inputs that have no such dimensions: the same for all examples
   * @param phase which of the two programs
   * @param upstream outputs for which a gradient comes in as {@code upstream/NAME}; with any, the
   *     program gives {@code gradient/NAME} for every real input and every trained parameter
   */
  public record Run(List<Poly> batch, Set<String> shared, Phase phase, Set<String> upstream) {
    public Run {
      batch = List.copyOf(batch);
      shared = Set.copyOf(shared);
      upstream = Set.copyOf(upstream);
    }

    /** On one batch dimension, {@code batch}, of any size. */
    public static Run batched(Phase phase) {
      return new Run(List.of(Typed.Dimension.batch().size()), Set.of(), phase, Set.of());
    }

    public Run with(Set<String> gradients) {
      return new Run(batch, shared, phase, gradients);
    }
  }

  /**
   * A program that computes the outputs of a fn, activation, loss, metric, layer, model or schedule
   * from its inputs, by their declared names; parameters and states by path. A loss gives its mean
   * over the batch (LR-80). An optimizer takes {@code w}, {@code g} and its states and gives {@code
   * w'} and theirs.
   */
  public static Program run(Typed.Instance instance, Run run) {
    return SingleRun.of(instance, run);
  }

  /** From {@code seed} to the first value of every parameter and state of an instance, by path. */
  public static Program initial(Typed.Instance instance) {
    return SingleRun.initial(instance);
  }

  /**
   * What a call of a body is called in the names of a program's equations, {@code softmax_1}; a
   * layer's is its path.
   */
  public static String name(Typed.Body body, Typed.Call call) {
    var path = call.instance().path();
    return path.isEmpty() ? Places.of(body).label(call) : path;
  }

  /** All programs of a {@code train} declaration. */
  public static TrainingProgramSet training(Typed.Training training) {
    return new TrainingElaborator(training, Optional.empty()).programs();
  }

  /**
   * The same with the ends of long repeats only; empty where none is long, or all copies are looked
   * at one by one.
   */
  public static Optional<LowTraining> low(Typed.Training training) {
    if (!training.settings().watch().isEmpty()) {
      return Optional.empty();
    }
    var low = new LowStacks();
    var programs = new TrainingElaborator(training, Optional.of(low)).programs();
    return low.stacks().isEmpty()
        ? Optional.empty()
        : Optional.of(new LowTraining(programs, List.copyOf(low.stacks()), low.draws()));
  }
}
