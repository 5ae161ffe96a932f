package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.data.Element;
import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.data.ReaderCall;
import dev.nnlang.runtime.data.ReaderCall.Argument;
import dev.nnlang.runtime.data.ReaderCall.Value;
import dev.nnlang.runtime.data.SampleRange;
import dev.nnlang.runtime.data.SampleTensor;
import dev.nnlang.runtime.data.SourcePlan;
import dev.nnlang.runtime.data.Split;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.train.TrainingPlan.Batch;
import dev.nnlang.runtime.train.TrainingPlan.Better;
import dev.nnlang.runtime.train.TrainingPlan.Comparison;
import dev.nnlang.runtime.train.TrainingPlan.Condition;
import dev.nnlang.runtime.train.TrainingPlan.Gate;
import dev.nnlang.runtime.train.TrainingPlan.Length;
import dev.nnlang.runtime.train.TrainingPlan.Metric;
import dev.nnlang.runtime.train.TrainingPlan.Order;
import dev.nnlang.runtime.train.TrainingPlan.Result;
import dev.nnlang.runtime.train.TrainingPlan.Stall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Points on {@code y = 2 x - 1}, {@code kind} 0 or 1, and plans to learn the line. */
public final class Line {
  private static final Place LINE = new Place("line.nn", 9, 3);
  private static final Extent N = new Extent.Dim("N");

  private Line() {}

  /** The programs of a line that is found by steps of this size. */
  public static TrainingPrograms programs(double rate) {
    return new LinePrograms(rate).all();
  }

  static void write(Path folder, int points) throws IOException {
    var text = new StringBuilder("x,y,kind\n");
    for (int i = 0; i < points; i++) {
      double x = i * 2.0 / points;
      text.append(x).append(',').append(2 * x - 1).append(',').append(i % 2).append('\n');
    }
    Files.writeString(folder.resolve("line.csv"), text);
  }

  /** 100 points in a file of this folder. */
  public static void write(Path folder) throws IOException {
    write(folder, 100);
  }

  private static SourcePlan source(String name) {
    var call =
        new ReaderCall(
            "csv",
            List.of(
                Argument.of(new Value.Text("line.csv")),
                Argument.named("column", new Value.Text(name))));
    return new SourcePlan(name, List.of(N), new Element.Real(), call, LINE);
  }

  /** The data declaration. */
  public static DataPlan plan(Split split) {
    var kind =
        new SampleTensor(
            "kind",
            List.of(),
            new Element.Index("Kind", Extent.of(2), List.of()),
            Optional.of(new SampleTensor.Read("kind", List.of(new Extent.Dim("n")))),
            LINE);
    return new DataPlan(
        "Points",
        List.of(source("x"), source("y"), source("kind")),
        new SampleRange("n", List.of(Extent.of(0)), List.of(N)),
        1,
        split,
        List.of(kind));
  }

  /** Train, valid and test. */
  public static Split split() {
    return new Split.Shuffled(
        0,
        List.of(
            new Split.Share(Part.TRAIN, .7),
            new Split.Share(Part.VALID, .2),
            new Split.Share(Part.TEST, .1)),
        LINE);
  }

  static DataSet data(Path folder, Split split) throws ProblemException {
    return DataSet.open(plan(split), DataFolders.of(folder), ElementType.F64);
  }

  /** The data in this folder. */
  public static DataSet data(Path folder) throws ProblemException {
    return data(folder, split());
  }

  static TrainingPlan plan(
      Batch batch, Length length, Optional<Gate> gate, Optional<Stall> stop, Order order) {
    return new TrainingPlan(
        "Fit",
        "Line",
        "Points",
        batch,
        length,
        7,
        order,
        1,
        OptionalInt.empty(),
        gate,
        stop,
        List.of(new Metric("error", Metric.Kind.MEAN), new Metric("count", Metric.Kind.STATE)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        LINE);
  }

  /** So many epochs in batches of 16, and a stop that watches the validation loss. */
  public static TrainingPlan plan(long epochs) {
    return plan(
        new Batch.Examples(16),
        new Length.Epochs(epochs),
        Optional.empty(),
        Optional.of(stall("loss", 3)),
        Order.SHUFFLED);
  }

  static Stall stall(String figure, long epochs) {
    return new Stall(new Result(Part.VALID, figure), Better.LOWER, epochs, LINE);
  }

  static Gate gate(double below, long within) {
    return new Gate(8, new Condition("loss", Comparison.LESS, below), within, LINE);
  }
}
