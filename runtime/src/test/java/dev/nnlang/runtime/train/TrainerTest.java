package dev.nnlang.runtime.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.data.Split;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.TrainingEvent.Ending;
import dev.nnlang.runtime.train.TrainingPlan.Batch;
import dev.nnlang.runtime.train.TrainingPlan.Gate;
import dev.nnlang.runtime.train.TrainingPlan.Length;
import dev.nnlang.runtime.train.TrainingPlan.Order;
import dev.nnlang.runtime.train.TrainingPlan.Stall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  @TempDir Path dir;

  private final List<TrainingEvent> events = new ArrayList<>();

  @BeforeEach
  void points() throws Exception {
    Line.write(dir);
  }

  private static TrainingPlan plan(
      Batch batch, Length length, Optional<Gate> gate, Optional<Stall> stop) {
    return Line.plan(batch, length, gate, stop, Order.SHUFFLED);
  }

  private Trainer trainer(TrainingPlan plan, double rate) throws ProblemException {
    return trainer(plan, rate, Line.split());
  }

  private Trainer trainer(TrainingPlan plan, double rate, Split split) throws ProblemException {
    return new Trainer(
        plan, Line.programs(rate), Line.data(dir, split), 1, events::add, () -> false);
  }

  private <E extends TrainingEvent> List<E> heard(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static void assertSame(Map<String, Tensor> a, Map<String, Tensor> b) {
    assertEquals(a.keySet(), b.keySet());
    a.forEach((name, tensor) -> assertArrayEquals(tensor.doubles(), b.get(name).doubles(), name));
  }

  @Test
  void learnsTheLine() throws Exception {
    var outcome = trainer(Line.plan(60), .2).train();
    var weights = outcome.weights();
    assertEquals(2, weights.parameters().get("a").get(0), 1e-3);
    double mu = weights.fit().get("mu").get(0);
    double intercept = weights.parameters().get("b").get(0) - 2 * mu;
    assertEquals(-1, intercept, 1e-3);
    assertTrue(outcome.test().orElseThrow().scalar("loss").orElseThrow() < 1e-6);
    assertEquals(List.of("a", "b"), List.copyOf(weights.parameters().keySet()));
    assertEquals(List.of("Counter_1/seen"), List.copyOf(weights.states().keySet()));
  }

  @Test
  void theFitSeesTheTrainingExamplesAlone() throws Exception {
    var data = Line.data(dir);
    double mean =
        Arrays.stream(data.parts().values(Part.TRAIN))
            .mapToDouble(n -> data.tensor("x").get((int) n))
            .average()
            .orElseThrow();
    double mu = trainer(Line.plan(1), .1).train().weights().fit().get("mu").get(0);
    assertEquals(mean, mu, 1e-12);
  }

  @Test
  void theLastSmallerBatchIsUsedAndWeighsByItsExamples() throws Exception {
    // 70 examples in batches of 32, 32 and 6; a rate of 0 keeps the line where it is.
    var plan =
        plan(new Batch.Examples(32), new Length.Epochs(2), Optional.empty(), Optional.empty());
    var trainer = trainer(plan, 0);
    var outcome = trainer.train();
    assertEquals(6, outcome.state().step());
    assertEquals(140, outcome.weights().states().get("Counter_1/seen").get(0));
    var epoch = heard(TrainingEvent.Epoch.class).getFirst();
    double exact = trainer.evaluate(outcome.weights(), Part.TRAIN).scalar("loss").orElseThrow();
    // The steps see noise of 1e-6 on x, the evaluation does not.
    assertEquals(exact, epoch.train().scalar("loss").orElseThrow(), 1e-5);
    assertEquals(
        List.of("loss", "error", "count"),
        List.copyOf(epoch.valid().orElseThrow().scalars().keySet()));
  }

  @Test
  void metricsWithStateStartAfreshAtEachPass() throws Exception {
    trainer(Line.plan(3), .1).train();
    for (var epoch : heard(TrainingEvent.Epoch.class)) {
      assertEquals(20, epoch.valid().orElseThrow().scalar("count").orElseThrow());
      assertTrue(epoch.train().scalar("count").isEmpty());
    }
    var done = heard(TrainingEvent.Done.class).getFirst();
    assertEquals(10, done.test().orElseThrow().scalar("count").orElseThrow());
  }

  @Test
  void batchAllIsOneStepAnEpoch() throws Exception {
    var plan = plan(new Batch.All(), new Length.Epochs(5), Optional.empty(), Optional.empty());
    assertEquals(5, trainer(plan, .1).train().state().step());
    assertEquals(70, heard(TrainingEvent.Step.class).getFirst().done());
  }

  @Test
  void stepsEndInTheMiddleOfAnEpoch() throws Exception {
    var plan =
        plan(new Batch.Examples(16), new Length.Steps(7), Optional.empty(), Optional.empty());
    var outcome = trainer(plan, .1).train();
    assertEquals(Ending.COMPLETED, outcome.ending());
    assertEquals(7, outcome.state().step());
    assertEquals(2, heard(TrainingEvent.Epoch.class).size());
    assertEquals(102, outcome.weights().states().get("Counter_1/seen").get(0));
  }

  @Test
  void accumulatedBatchesMakeOneStep() throws Exception {
    var one = Line.plan(3);
    var plan = changed(one, new Batch.Examples(8), 2, OptionalInt.empty());
    assertSame(
        trainer(one, .1).train().weights().parameters(),
        trainer(plan, .1).train().weights().parameters());
  }

  private static TrainingPlan changed(
      TrainingPlan plan, Batch batch, int accumulate, OptionalInt evaluate) {
    return new TrainingPlan(
        plan.name(),
        plan.model(),
        plan.data(),
        batch,
        plan.length(),
        plan.seed(),
        plan.order(),
        accumulate,
        evaluate,
        plan.first(),
        plan.stop(),
        plan.metrics(),
        plan.watch(),
        plan.checkpoint(),
        plan.from(),
        plan.declared());
  }

  @Test
  void evaluatesAsManyExamplesAsThePlanSays() throws Exception {
    var one = Line.plan(1);
    trainer(one, .1).train();
    double all =
        heard(TrainingEvent.Epoch.class)
            .getLast()
            .valid()
            .orElseThrow()
            .scalar("count")
            .orElseThrow();
    trainer(changed(one, one.batch(), 1, OptionalInt.of(3)), .1).train();
    double some =
        heard(TrainingEvent.Epoch.class)
            .getLast()
            .valid()
            .orElseThrow()
            .scalar("count")
            .orElseThrow();
    assertEquals(3, some);
    assertTrue(all > 3);
    var note = heard(TrainingEvent.Started.class).getLast().notes().getLast();
    assertTrue(note.startsWith("evaluate = 3: "), note);
  }

  @Test
  void stopsWhenStalledAndKeepsTheBest() throws Exception {
    // A rate of 0 betters nothing after the first epoch.
    var outcome = trainer(Line.plan(50), 0).train();
    assertEquals(Ending.STALLED, outcome.ending());
    assertEquals(4, heard(TrainingEvent.Epoch.class).size());
    assertEquals(1, heard(TrainingEvent.Done.class).getFirst().keptEpoch());
    assertEquals(70, outcome.weights().states().get("Counter_1/seen").get(0));
  }

  @Test
  void withoutValidationStopWatchesTraining() throws Exception {
    trainer(Line.plan(50), 0, new Split.Whole()).train();
    assertEquals(
        List.of("the split has no part valid, so stop watches train.loss"),
        heard(TrainingEvent.Started.class).getFirst().notes());
    assertEquals(Optional.empty(), heard(TrainingEvent.Done.class).getFirst().test());
  }

  @Test
  void theSameSeedGivesTheSameBits() throws Exception {
    var first = trainer(Line.plan(5), .1).train().weights();
    assertSame(first.parameters(), trainer(Line.plan(5), .1).train().weights().parameters());
  }

  @Test
  void anInterruptedRunGoesOnAsIfItHadNotBeen() throws Exception {
    var whole = trainer(Line.plan(6), .1).train();
    var wholeEpochs = heard(TrainingEvent.Epoch.class);
    // Steps 5 and 10 end epochs; all others lie within one.
    for (int stop : new int[] {1, 5, 7, 10, 29}) {
      events.clear();
      int[] steps = {0};
      var data = Line.data(dir);
      var plan = Line.plan(6);
      var programs = Line.programs(.1);
      var first = new Trainer(plan, programs, data, 1, events::add, () -> ++steps[0] == stop);
      var half = first.train();
      assertEquals(Ending.INTERRUPTED, half.ending());
      assertEquals(stop, half.state().step());
      assertEquals(Optional.empty(), half.test());
      var second = new Trainer(plan, programs, data, 1, events::add, () -> false);
      var rest = second.resume(half.weights().copy(), half.state());
      assertSame(whole.weights().parameters(), rest.weights().parameters());
      assertSame(whole.weights().states(), rest.weights().states());
      assertSame(whole.weights().optimizer(), rest.weights().optimizer());
      var epochs = heard(TrainingEvent.Epoch.class);
      for (int e = 0; e < 6; e++) {
        assertEquals(wholeEpochs.get(e).json(), epochs.get(e).json());
      }
    }
  }

  @Test
  void theGateTrainsACopy() throws Exception {
    var gated =
        plan(
            new Batch.Examples(16),
            new Length.Epochs(4),
            Optional.of(Line.gate(1e-3, 500)),
            Optional.empty());
    var plain =
        plan(new Batch.Examples(16), new Length.Epochs(4), Optional.empty(), Optional.empty());
    var withGate = trainer(gated, .1).train().weights();
    assertEquals(1, heard(TrainingEvent.GatePassed.class).size());
    assertTrue(events.getFirst() instanceof TrainingEvent.GateStep);
    var without = trainer(plain, .1).train().weights();
    assertSame(without.parameters(), withGate.parameters());
    assertSame(without.states(), withGate.states());
  }

  @Test
  void aGateThatStaysClosedEndsTheRun() throws Exception {
    var plan =
        plan(
            new Batch.All(),
            new Length.Epochs(4),
            Optional.of(Line.gate(-1, 20)),
            Optional.empty());
    var e = assertThrows(ProblemException.class, () -> trainer(plan, 0).train());
    var text = e.problem().toString().replaceAll("is [0-9.]+\n", "is L\n");
    assertEquals(
        """
        error[E0852]: the model did not learn 8 examples by heart: after 20 steps loss is L
          --> line.nn:9:3
          expected: loss < -1.0 within 20 steps
          help: look at the loss, the labels and the learning rate; or raise within, or leave first out to train anyway""",
        text);
    assertEquals(List.of(), heard(TrainingEvent.Started.class));
  }

  @Test
  void aLossThatIsNoNumberIsAProblem() throws Exception {
    var plan = plan(new Batch.All(), new Length.Epochs(200), Optional.empty(), Optional.empty());
    var e = assertThrows(ProblemException.class, () -> trainer(plan, 1e6).train());
    var text = e.problem().toString().replaceAll("is (NaN|Infinity) at.*", "is L");
    assertEquals(
        """
        error[E0851]: the loss is L
          --> line.nn:9:3
          expected: a finite number
          help: try a smaller learning rate or clip = norm(1.0); look for a log, a root or a division in the loss""",
        text);
  }

  @Test
  void refusesFiguresThatAreNotThere() {
    var plan =
        plan(
            new Batch.All(),
            new Length.Epochs(1),
            Optional.empty(),
            Optional.of(Line.stall("auc", 3)));
    var e = assertThrows(ProblemException.class, () -> trainer(plan, .1));
    assertEquals(
        """
        error[E0853]: there is no figure auc
          --> line.nn:9:3
          expected: one of loss, error, count""",
        e.problem().toString());
    var state =
        plan(
            new Batch.All(),
            new Length.Epochs(1),
            Optional.empty(),
            Optional.of(Line.stall("count", 3)));
    e = assertThrows(ProblemException.class, () -> trainer(state, .1, new Split.Whole()));
    assertEquals(
        """
        error[E0853]: there is no figure train.count
          --> line.nn:9:3
          expected: a part valid in split: count has state, and steps carry none""",
        e.problem().toString());
  }

  @Test
  void numbersThatBecomeClassesAreCheckedBeforeTraining() throws Exception {
    var file = dir.resolve("line.csv");
    Files.writeString(file, Files.readString(file).replaceFirst(",1\n", ",2\n"));
    var e = assertThrows(ProblemException.class, () -> trainer(Line.plan(1), .1).train());
    assertEquals(
        """
        error[E0815]: kind of example n = 1 is 2, outside index Kind
          --> DIR/line.csv:3:12
          expected: 0 to 1, as Kind has 2 values
          declared: line.nn:9:3""",
        e.problem().toString().replace(dir.toString(), "DIR"));
    Files.writeString(file, Files.readString(file).replaceFirst(",2\n", ",0.5\n"));
    e = assertThrows(ProblemException.class, () -> trainer(Line.plan(1), .1).train());
    assertEquals("E0816", e.problem().code().code());
    assertEquals(List.of(), events);
  }

  @Test
  void ascendingOrderIsNotShuffled() throws Exception {
    var ascending =
        Line.plan(
            new Batch.Examples(16),
            new Length.Epochs(1),
            Optional.empty(),
            Optional.empty(),
            Order.ASCENDING);
    var shuffled =
        plan(new Batch.Examples(16), new Length.Epochs(1), Optional.empty(), Optional.empty());
    double a = trainer(ascending, .1).train().weights().parameters().get("a").get(0);
    double b = trainer(shuffled, .1).train().weights().parameters().get("a").get(0);
    assertFalse(a == b);
  }
}
