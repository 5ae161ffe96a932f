package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.CompiledTraining;
import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.TrainingPlan;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * What a program of a plan is given to be measured: initial weights and the plan's data. Where
 * those are not there it gets numbers from 0 to 1, whose floor is an index that every dimension
 * has. How long kernels take hardly depends on values, as long as they are no subnormal numbers,
 * such as gradients become that see one batch for ever: so weights can be set back.
 */
final class MeasuredInputs {
  private static final String BATCH = "batch";

  private final Map<String, Tensor> initial;
  private final Map<String, Tensor> weights = new LinkedHashMap<>();
  private final Map<String, Tensor> sources = new LinkedHashMap<>();
  private final Map<String, Long> dims;
  private final long firstExample;
  private final long examples;
  private final Optional<String> missing;

  private MeasuredInputs(
      Map<String, Tensor> initial,
      Map<String, Tensor> sources,
      Map<String, Long> dims,
      long firstExample,
      long examples,
      Optional<String> missing) {
    this.initial = initial;
    this.sources.putAll(sources);
    this.dims = dims;
    this.firstExample = firstExample;
    this.examples = examples;
    this.missing = missing;
    initial.forEach((name, tensor) -> weights.put(name, tensor.copy()));
  }

  /**
   * Those of a plan.
   *
   * @param file of the program, beside which data may lie
   * @param real how reals are stored
   * @param most examples that a run will ask for
   * @throws ProblemException where data are there and wrong
   */
  static MeasuredInputs of(
      CompiledTraining plan, Path file, ElementType real, long most, int threads)
      throws ProblemException {
    var initial = initial(plan.programs().initial(), plan.plan().seed(), threads);
    try {
      var folders = PlanOptions.folders(file.toAbsolutePath().normalize().getParent());
      var data = DataSet.open(plan.data(), folders, real);
      var sources = new LinkedHashMap<String, Tensor>();
      plan.data().sources().forEach(s -> sources.put(s.name(), data.tensor(s.name())));
      var range = data.examples();
      return new MeasuredInputs(
          initial, sources, data.dims(), range.from(), range.count(), Optional.empty());
    } catch (ProblemException found) {
      if (found.problem().code() != ProblemCode.FILE_NOT_FOUND) {
        throw found;
      }
      var dims = dims(plan.data(), most);
      return new MeasuredInputs(
          initial,
          Map.of(),
          dims,
          bounds(plan.data().range().from(), dims).max().orElse(0),
          Long.MAX_VALUE,
          Optional.of(plan.data().name()));
    }
  }

  /** The examples of a batch of the plan; of one that takes all, a few. */
  static long batch(TrainingPlan plan) {
    return plan.batch() instanceof TrainingPlan.Batch.Examples(int count) ? count : 64;
  }

  /** The data that are not there, so that others were made up. */
  Optional<String> missing() {
    return missing;
  }

  static String note(String missing) {
    return "note: the files of " + missing + " are not there; numbers are made up instead";
  }

  private static Map<String, Tensor> initial(Executable program, long seed, int threads) {
    try (var session = program.open(threads)) {
      if (program.signature().hasInput("seed")) {
        session.bind("seed", seed);
      }
      session.run();
      var values = new LinkedHashMap<String, Tensor>();
      for (var port : program.signature().outputs()) {
        values.put(port.name(), session.output(port.name()));
      }
      return values;
    }
  }

  /** Sizes of sources such that there are enough examples. */
  private static Map<String, Long> dims(DataPlan plan, long most) {
    var names = new TreeSet<String>();
    plan.sources().forEach(source -> source.shape().forEach(e -> names(e, names)));
    for (long size = Math.max(1, most); ; size *= 2) {
      var dims = new HashMap<String, Long>();
      for (var name : names) {
        dims.put(name, size);
      }
      long from = bounds(plan.range().from(), dims).max().orElse(0);
      long to = bounds(plan.range().to(), dims).min().orElse(0);
      if (to - from >= most || names.isEmpty() || size > 1 << 20) {
        return dims;
      }
    }
  }

  private static LongStream bounds(List<Extent> bounds, Map<String, Long> dims) {
    return bounds.stream().mapToLong(bound -> bound.evaluate(dims));
  }

  private static void names(Extent extent, TreeSet<String> names) {
    if (extent instanceof Extent.Dim(var name)) {
      names.add(name);
    }
  }

  /** Gives a session all that its program asks for. */
  void bind(Session session, Signature signature, long batch) {
    var sizes = new HashMap<>(dims);
    sizes.put(BATCH, batch);
    for (var port : signature.inputs()) {
      var value =
          switch (port.role()) {
            case SOURCE -> sources.computeIfAbsent(port.name(), _ -> madeUp(port, sizes));
            case PARAMETER, FROZEN, STATE, OPTIMIZER ->
                weights.computeIfAbsent(port.name(), _ -> ones(port, sizes));
            case SCALAR -> Tensor.of(new long[] {1});
            case DATA -> port.name().equals("n") ? samples(batch) : madeUp(port, sizes);
            case OUTPUT -> throw new IllegalArgumentException("an output: " + port);
          };
      session.bind(port.name(), value);
    }
    for (var name : signature.open()) {
      var dim = new Extent.Dim(name);
      if (signature.inputs().stream().noneMatch(port -> port.shape().contains(dim))) {
        session.dimension(name, sizes.getOrDefault(name, 1L));
      }
    }
  }

  /** Makes the weights what they were at the start, however often the program has changed them. */
  void reset() {
    initial.forEach((name, tensor) -> weights.get(name).copyFrom(tensor));
  }

  private Tensor samples(long batch) {
    long[] numbers = new long[Math.toIntExact(batch)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = firstExample + i % examples;
    }
    return Tensor.of(numbers, numbers.length);
  }

  private static Tensor madeUp(Port port, Map<String, Long> sizes) {
    var tensor = Tensor.zeros(port.type(), port.shape(sizes));
    if (port.type() == ElementType.F32 || port.type() == ElementType.F64) {
      var random = new Random(1);
      for (int i = 0; i < tensor.size(); i++) {
        tensor.set(i, random.nextDouble());
      }
    }
    return tensor;
  }

  /** Of what no initial value is known: a mean or a deviation that is fitted to the data. */
  private static Tensor ones(Port port, Map<String, Long> sizes) {
    var tensor = Tensor.zeros(port.type(), port.shape(sizes));
    for (int i = 0; i < tensor.size(); i++) {
      tensor.set(i, 1);
    }
    return tensor;
  }
}
