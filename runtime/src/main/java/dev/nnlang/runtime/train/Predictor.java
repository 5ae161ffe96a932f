package dev.nnlang.runtime.train;

import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.data.Examples;
import dev.nnlang.runtime.data.SourcePlan;
import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Applies a trained model, with the preprocessing of {@code sample} and {@code fit}, to other files
 * (LR-77): they take the place of the sources that the model's inputs are made of.
 */
public final class Predictor {
  private static final int BATCH = 256;

  private final DataPlan plan;
  private final TrainingPrograms programs;
  private final Weights weights;
  private final Map<String, List<String>> vocabularies;

  /** A predictor with weights that were checked against the programs. */
  public Predictor(
      DataPlan plan,
      TrainingPrograms programs,
      Weights weights,
      Map<String, List<String>> vocabularies) {
    this.plan = plan;
    this.programs = programs;
    this.weights = weights;
    this.vocabularies = Map.copyOf(vocabularies);
  }

  /**
   * What the model says.
   *
   * @param index the sample index's name
   * @param examples its values, one a row
   * @param outputs by name, the examples first
   */
  public record Predictions(String index, Examples examples, Map<String, Tensor> outputs) {}

  /** The sources that the model's inputs reach, in the order declared. */
  public List<String> sources() {
    var reached =
        programs.predict().signature().inputs(Port.Role.SOURCE).stream().map(Port::name).toList();
    return plan.sources().stream().map(SourcePlan::name).filter(reached::contains).toList();
  }

  /** For each reached source one file, found as the program's own are: give a full path. */
  public Map<String, String> everywhere(String file) {
    var files = new LinkedHashMap<String, String>();
    sources().forEach(source -> files.put(source, file));
    return files;
  }

  /** All reached sources are read from one file. */
  public Predictions predict(String file, DataFolders folders, int threads)
      throws ProblemException {
    return predict(everywhere(file), folders, threads);
  }

  /**
   * Some sources are read from other files, the rest of the reached ones as the program says.
   *
   * @param files by source
   */
  public Predictions predict(Map<String, String> files, DataFolders folders, int threads)
      throws ProblemException {
    return predict(files, folders, threads, _ -> true).orElseThrow();
  }

  /**
   * As before, if somebody agrees to about so many operations on reals ({@link
   * dev.nnlang.runtime.program.Session#operations}); else nothing is computed.
   */
  public Optional<Predictions> predict(
      Map<String, String> files, DataFolders folders, int threads, LongPredicate agrees)
      throws ProblemException {
    var reached = sources();
    for (var source : files.keySet()) {
      if (!reached.contains(source)) {
        throw Problem.of(ProblemCode.READER_ARGUMENT, "the model's inputs read no source " + source)
            .expected("one of " + String.join(", ", reached))
            .thrown();
      }
    }
    var sources = new ArrayList<SourcePlan>();
    for (var source : plan.sources()) {
      if (files.containsKey(source.name())) {
        sources.add(Replacement.of(source, files.get(source.name())));
      } else if (reached.contains(source.name())) {
        sources.add(source);
      }
    }
    var narrowed =
        new DataPlan(
            plan.name(), sources, plan.range(), plan.window(), plan.split(), plan.tensors());
    var data = DataSet.open(narrowed, folders, programs.real(), vocabularies);
    return predict(data, threads, agrees);
  }

  private Optional<Predictions> predict(DataSet data, int threads, LongPredicate agrees)
      throws ProblemException {
    var examples = data.examples(programs.inputRange().orElse(plan.range()));
    long[] values = new long[(int) examples.count()];
    Arrays.setAll(values, i -> examples.from() + i);
    if (programs.validate().isPresent() && reads(programs.validate().get(), data)) {
      SampleCheck.check(programs.validate().get(), data, values, weights.byInput(), threads);
    }
    var outputs = new LinkedHashMap<String, Tensor>();
    try (var program = new BoundProgram(programs.predict(), threads, data, weights.byInput())) {
      program.scalar("step", 0);
      program.scalar("steps", 0);
      program.scalar("seed", 0);
      for (int from = 0; from < values.length; from += BATCH) {
        int to = Math.min(values.length, from + BATCH);
        program.examples(values, from, to);
        // A cast does not overflow: it gives the largest number.
        double batches = Math.ceilDiv(values.length, BATCH);
        if (from == 0 && !agrees.test((long) (batches * program.operations()))) {
          return Optional.empty();
        }
        program.run();
        for (var port : program.signature().outputs()) {
          append(outputs, port, program.output(port.name()), from, values.length);
        }
      }
    }
    return Optional.of(new Predictions(plan.range().index(), examples, outputs));
  }

  /** Whether all sources of a program were opened. */
  private static boolean reads(Executable program, DataSet data) {
    return program.signature().inputs(Port.Role.SOURCE).stream()
        .map(Port::name)
        .allMatch(name -> name.startsWith("fit/") || data.has(name));
  }

  private static void append(
      Map<String, Tensor> outputs, Port port, Tensor batch, int from, int count) {
    boolean perExample =
        !port.shape().isEmpty() && port.shape().getFirst().equals(new Extent.Dim("batch"));
    if (!perExample) {
      // Does not depend on the example.
      outputs.put(port.name(), batch);
      return;
    }
    int[] shape = batch.shape();
    int each = batch.size() / shape[0];
    shape[0] = count;
    var all = outputs.computeIfAbsent(port.name(), _ -> Tensor.zeros(batch.type(), shape));
    for (int i = 0; i < batch.size(); i++) {
      switch (batch.type()) {
        case F32 -> all.floats()[from * each + i] = batch.floats()[i];
        case F64 -> all.doubles()[from * each + i] = batch.doubles()[i];
        case INT, BOOL -> all.longs()[from * each + i] = batch.longs()[i];
      }
    }
  }
}
