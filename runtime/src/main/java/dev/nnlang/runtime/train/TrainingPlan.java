package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.problem.Place;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A {@code train} declaration as the compiler hands it over; loss, optimizer and clip are inside
 * the programs.
 *
 * @param name of the declaration
 * @param model and its configs, as written, for people
 * @param data and its configs, as written, for people
 * @param batch examples a step
 * @param length of the run
 * @param seed of initial values, draws and the order of examples
 * @param order of examples in an epoch
 * @param accumulate how many batches make one step
 * @param evaluate at most so many examples of the part {@code valid} after an epoch, evenly spread
 *     over it; all where it is empty
 * @param first a gate that the run must pass
 * @param stop when to end early
 * @param metrics in the order written; their names are unique (LR-50)
 * @param watch what to look for in the run
 * @param checkpoint when to save on the way
 * @param from where the parameters come from, where they are not fresh
 * @param declared where the declaration stands
 */
public record TrainingPlan(
    String name,
    String model,
    String data,
    Batch batch,
    Length length,
    long seed,
    Order order,
    int accumulate,
    OptionalInt evaluate,
    Optional<Gate> first,
    Optional<Stall> stop,
    List<Metric> metrics,
    Optional<Watched> watch,
    Optional<Checkpoints> checkpoint,
    Optional<Start> from,
    Place declared) {
  public TrainingPlan {
    metrics = List.copyOf(metrics);
  }

  /** How many examples make a batch. */
  public sealed interface Batch {
    record Examples(int count) implements Batch {}

    /** {@code batch = all}: one step an epoch on the whole training part. */
    record All() implements Batch {}
  }

  /** How long to train. */
  public sealed interface Length {
    record Epochs(long count) implements Length {}

    record Steps(long count) implements Length {}
  }

  /** In which order an epoch sees its examples. */
  public enum Order {
    /** {@code shuffle = true}: a fresh one each epoch. */
    SHUFFLED,
    /** {@code shuffle = false}: ascending. */
    ASCENDING
  }

  /**
   * {@code first = overfit(...)}.
   *
   * @param samples how many training examples
   * @param within how many steps
   */
  public record Gate(int samples, Condition until, long within, Place declared) {}

  /** {@code loss < 0.01}: a figure of the training examples, {@code loss} or a metric's name. */
  public record Condition(String result, Comparison comparison, double value) {
    public boolean holds(double figure) {
      return switch (comparison) {
        case LESS -> figure < value;
        case LESS_OR_EQUAL -> figure <= value;
        case GREATER -> figure > value;
        case GREATER_OR_EQUAL -> figure >= value;
      };
    }

    @Override
    public String toString() {
      return result + " " + comparison.symbol() + " " + value;
    }
  }

  /** How a figure is compared. */
  public enum Comparison {
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String symbol;

    Comparison(String symbol) {
      this.symbol = symbol;
    }

    public String symbol() {
      return symbol;
    }
  }

  /**
   * {@code stop = stalled(valid.loss, epochs = 5)}: end when the figure was not bettered for so
   * many epochs, and keep the best parameters.
   *
   * @param better which figure is the better one
   */
  public record Stall(Result watched, Better better, long epochs, Place declared) {}

  /** The direction of improvement. */
  public enum Better {
    LOWER,
    HIGHER;

    /** Whether {@code figure} beats {@code best}; NaN beats nothing, and everything beats NaN. */
    public boolean beats(double figure, double best) {
      if (Double.isNaN(best)) {
        return !Double.isNaN(figure);
      }
      return this == LOWER ? figure < best : figure > best;
    }
  }

  /** {@code valid.loss}, {@code train.accuracy}; the name is {@code loss} or a metric's. */
  public record Result(Part part, String name) {
    @Override
    public String toString() {
      return part.word() + "." + name;
    }
  }

  /** A metric of the plan. */
  public record Metric(String name, Kind kind) {
    /** How batches make one figure. */
    public enum Kind {
      /** Averaged over examples. */
      MEAN,
      /** Carried over the pass in states and read at its end (LR-20). */
      STATE
    }
  }

  /**
   * {@code watch = [vanishing, dead]}.
   *
   * @param parameters all that are trained, in the order of the source
   * @param weights those among them that are multiplied with something: of rank 2 and more
   * @param activations every use of one, in the order of the source
   */
  public record Watched(
      Set<Sickness> sicknesses, List<Site> parameters, List<Site> weights, List<Site> activations) {
    public Watched {
      sicknesses = Set.copyOf(sicknesses);
      parameters = List.copyOf(parameters);
      weights = List.copyOf(weights);
      activations = List.copyOf(activations);
    }

    public boolean looksFor(Sickness sickness) {
      return sicknesses.contains(sickness);
    }
  }

  /**
   * A part of the model that is watched.
   *
   * @param port the front part of its figures' names in the program
   * @param name for people: {@code Dense_1/w}, {@code Block_2/relu_1}
   * @param at the line of the program that makes it
   */
  public record Site(String port, String name, Place at) {}

  /**
   * {@code checkpoint = every(200)}, {@code keep = 3}.
   *
   * @param every so many steps
   * @param keep so many of them, the newest
   */
  public record Checkpoints(long every, int keep, Place declared) {}

  /** {@code from = "runs/First"}, or {@code from = First}: the result of that plan. */
  public sealed interface Start {
    Place declared();

    /** A model folder; relative to the program. */
    record Folder(String path, Place declared) implements Start {}

    record Plan(String name, Place declared) implements Start {}
  }
}
