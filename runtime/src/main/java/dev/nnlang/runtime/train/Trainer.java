package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.data.Parts;
import dev.nnlang.runtime.data.Shuffle;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.train.TrainingEvent.Ending;
import dev.nnlang.runtime.train.TrainingPlan.Batch;
import dev.nnlang.runtime.train.TrainingPlan.Length;
import dev.nnlang.runtime.train.TrainingState.Best;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Trains a model: fits, draws initial values, checks the samples, passes the gate, then steps
 * through epochs of batches, evaluates after each, and at the end tests the kept parameters.
 *
 * <p>The order of examples in epoch {@code e} depends on the seed and {@code e} alone, and the step
 * program on the seed, the step and the example, so a resumed run gives the same bits as one that
 * was never interrupted.
 */
public final class Trainer {
  private final TrainingPlan plan;
  private final TrainingPrograms programs;
  private final DataSet data;
  private final Parts parts;
  private final int threads;
  private final TrainingListener listener;
  private final BooleanSupplier interrupted;
  private final long[] train;
  private final long[] valid;
  private final List<String> notes = new ArrayList<>();
  private Checkpoint checkpoint = _ -> {};

  /**
   * Looks at the data, and refuses a plan that they cannot serve.
   *
   * @param threads for every program; results do not depend on it
   * @param interrupted asked after each step; true ends the run there
   */
  public Trainer(
      TrainingPlan plan,
      TrainingPrograms programs,
      DataSet data,
      int threads,
      TrainingListener listener,
      BooleanSupplier interrupted)
      throws ProblemException {
    this.plan = plan;
    this.programs = programs;
    this.data = data;
    this.parts = data.parts();
    this.threads = threads;
    this.listener = listener;
    this.interrupted = interrupted;
    this.train = parts.values(Part.TRAIN);
    if (train.length == 0) {
      throw Problem.of(ProblemCode.SETTING, "the split has no part train")
          .mend("add train = 0.8 to split")
          .at(plan.declared())
          .thrown();
    }
    this.valid = parts.has(Part.VALID) ? spread(parts.values(Part.VALID)) : new long[0];
    Watch.check(plan, parts);
  }

  /** At most as many as the plan evaluates, the first among them, at equal distances. */
  private long[] spread(long[] all) {
    int most = plan.evaluate().orElse(all.length);
    if (all.length <= most) {
      return all;
    }
    long[] some = new long[most];
    for (int i = 0; i < most; i++) {
      some[i] = all[(int) ((long) i * all.length / most)];
    }
    return some;
  }

  /** A whole run, from fresh parameters. */
  public Outcome train() throws ProblemException {
    return resume(fresh(), TrainingState.start());
  }

  /**
   * A whole run that begins with what another model has learned (LR-54: by path and shape): the
   * rest is fresh, and the run says which.
   *
   * @param where the other model is, for the note
   */
  public Outcome trainFrom(Weights other, String where) throws ProblemException {
    var weights = fresh();
    notes.addAll(WarmStart.take(weights, other, where));
    return resume(weights, TrainingState.start());
  }

  /** What a run starts with: drawn by the plan's seed, and fitted to the training examples. */
  public Weights fresh() {
    var fit = Initial.fit(programs, data, parts, threads);
    return Weights.of(Initial.all(programs, plan.seed(), threads), programs, fit);
  }

  /** Asks to be given the run's state every so many steps, as the plan wants it. */
  public void saveTo(Checkpoint wanted) {
    this.checkpoint = wanted;
  }

  /** Writes what a run could go on from. */
  public interface Checkpoint {
    void save(Outcome outcome) throws ProblemException;
  }

  /** Goes on where an interrupted run stopped; one that took no step begins with the gate. */
  public Outcome resume(Weights weights, TrainingState state) throws ProblemException {
    checkSamples(weights);
    if (plan.first().isPresent() && state.step() == 0) {
      var gate = new GateRun(plan, programs, data, order(1), stepsInAll(), threads, listener);
      if (!gate.pass(weights.copy(), plan.first().get(), interrupted)) {
        listener.on(new TrainingEvent.Interrupted(0, 1));
        return outcome(Ending.INTERRUPTED, weights, state, Optional.empty());
      }
    }
    return run(weights, state);
  }

  /** The figures of a part under given weights: {@code nn test}. */
  public Figures evaluate(Weights weights, Part part) throws ProblemException {
    if (!parts.has(part)) {
      throw Problem.of(ProblemCode.SETTING, "the split has no part " + part.word())
          .at(plan.declared())
          .thrown();
    }
    checkSamples(weights);
    try (var evaluator = evaluator(weights)) {
      return evaluator.evaluate(parts.values(part));
    }
  }

  private void checkSamples(Weights weights) throws ProblemException {
    if (programs.validate().isPresent()) {
      var all =
          Arrays.stream(Part.values())
              .flatMapToLong(part -> LongStream.of(parts.values(part)))
              .toArray();
      SampleCheck.check(programs.validate().get(), data, all, weights.byInput(), threads);
    }
  }

  private Outcome run(Weights weights, TrainingState from) throws ProblemException {
    long steps = stepsInAll();
    listener.on(started(weights, steps, from.step() + 1));
    try (var stepping = stepping(weights, steps);
        var evaluator = evaluator(weights);
        var schedules = schedules(weights, steps).orElse(null);
        var checkup = Checkup.of(plan, programs, data, weights, steps, threads).orElse(null)) {
      var state = from;
      while (!state.ended() && state.step() < steps) {
        var order = order(state.epoch());
        var epoch =
            new EpochRun(
                plan, stepping, Optional.ofNullable(checkup), state, order, batch(), steps);
        var stopped = epoch.run(listener, interrupted, (step, then) -> save(weights, step, then));
        if (stopped.isPresent()) {
          listener.on(new TrainingEvent.Interrupted(stopped.get().step(), stopped.get().epoch()));
          return outcome(Ending.INTERRUPTED, weights, stopped.get(), Optional.empty());
        }
        state = endOfEpoch(epoch, state, evaluator, Optional.ofNullable(schedules), weights, steps);
      }
      return finish(weights, evaluator, state, steps);
    }
  }

  private void save(Weights weights, long step, Supplier<TrainingState> state)
      throws ProblemException {
    if (plan.checkpoint().filter(c -> step % c.every() == 0).isPresent()) {
      checkpoint.save(outcome(Ending.INTERRUPTED, weights, state.get(), Optional.empty()));
    }
  }

  /** Evaluates, lets schedules learn, keeps the best, and decides whether to go on. */
  private TrainingState endOfEpoch(
      EpochRun epoch,
      TrainingState before,
      Evaluator evaluator,
      Optional<Schedules> schedules,
      Weights weights,
      long steps)
      throws ProblemException {
    var trained = epoch.figures();
    var valid =
        parts.has(Part.VALID)
            ? Optional.of(evaluator.evaluate(this.valid))
            : Optional.<Figures>empty();
    schedules.ifPresent(s -> s.learn(epoch.step(), parts, trained, valid));
    var best = before.best();
    long stalled = 0;
    Optional<Boolean> isBest = Optional.empty();
    boolean ended = epoch.step() >= steps;
    if (plan.stop().isPresent()) {
      var stop = plan.stop().get();
      double figure = Watch.figure(stop.watched(), parts, trained, valid);
      boolean better = best.isEmpty() || stop.better().beats(figure, best.get().figure());
      isBest = Optional.of(better);
      if (better) {
        var kept = weights.averaged().withoutOptimizer().copy();
        best = Optional.of(new Best(figure, before.epoch(), kept));
      } else {
        stalled = before.stalled() + 1;
        ended |= stalled >= stop.epochs();
      }
    }
    listener.on(
        new TrainingEvent.Epoch(
            before.epoch(), epoch.step(), trained, valid, isBest, epoch.seconds()));
    return new TrainingState(epoch.step(), before.epoch() + 1, 0, Map.of(), best, stalled, ended);
  }

  private Outcome finish(Weights weights, Evaluator evaluator, TrainingState state, long steps) {
    long epochs = state.epoch() - 1;
    weights.restore(state.best().map(Best::weights).orElseGet(() -> weights.averaged().copy()));
    var test =
        parts.has(Part.TEST)
            ? Optional.of(evaluator.evaluate(parts.values(Part.TEST)))
            : Optional.<Figures>empty();
    var ending = state.step() < steps ? Ending.STALLED : Ending.COMPLETED;
    long kept = state.best().map(Best::epoch).orElse(epochs);
    listener.on(new TrainingEvent.Done(ending, epochs, state.step(), kept, test));
    return outcome(ending, weights, state, test);
  }

  private Outcome outcome(
      Ending ending, Weights weights, TrainingState state, Optional<Figures> test) {
    return new Outcome(ending, weights, state, data.vocabularies(), test);
  }

  private TrainingEvent.Started started(Weights weights, long steps, long first) {
    var counts = new EnumMap<Part, Integer>(Part.class);
    for (var part : Part.values()) {
      if (parts.has(part)) {
        counts.put(part, parts.count(part));
      }
    }
    var notes = new ArrayList<>(parts.notes());
    notes.addAll(this.notes);
    notes.addAll(Watch.notes(plan, parts));
    if (parts.has(Part.VALID) && valid.length < parts.count(Part.VALID)) {
      notes.add(
          "evaluate = %d: so many of the %d examples of valid are evaluated after an epoch"
              .formatted(valid.length, parts.count(Part.VALID)));
    }
    var epochs =
        plan.length() instanceof Length.Epochs(var count)
            ? OptionalLong.of(count)
            : OptionalLong.empty();
    return new TrainingEvent.Started(
        plan.name(), counts, weights.count(), epochs, steps, first, notes);
  }

  private Evaluator evaluator(Weights weights) {
    return new Evaluator(plan, programs, data, weights.averaged(), evaluationBatch(), threads);
  }

  private Optional<Schedules> schedules(Weights weights, long steps) {
    return programs.schedules().map(_ -> new Schedules(programs, data, weights, steps));
  }

  private Stepping stepping(Weights weights, long steps) {
    return new Stepping(plan, programs, data, weights, evaluationBatch(), steps, threads);
  }

  /** Examples a step: with {@code accumulate}, of all its batches together (LR-78). */
  private int batch() {
    return switch (plan.batch()) {
      case Batch.All _ -> train.length;
      case Batch.Examples(var count) ->
          (int) Math.min((long) count * plan.accumulate(), train.length);
    };
  }

  private int evaluationBatch() {
    return switch (plan.batch()) {
      case Batch.All _ -> train.length;
      case Batch.Examples(var count) -> count;
    };
  }

  private long stepsInAll() {
    return switch (plan.length()) {
      case Length.Epochs(var count) -> count * ((train.length + batch() - 1L) / batch());
      case Length.Steps(var count) -> count;
    };
  }

  private long[] order(long epoch) {
    long[] order = train.clone();
    switch (plan.order()) {
      case SHUFFLED -> Shuffle.shuffle(order, plan.seed(), epoch);
      case ASCENDING -> {
        // As the split gives them.
      }
    }
    return order;
  }
}
