package dev.nnlang.bench;

import dev.nnlang.compiler.CompiledTraining;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.cpu.KernelTimes;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * A network compiled by this compiler: the programs that {@code nn train} and {@code predict} run.
 */
final class Ours {
  private static final long SEED = 7;

  private final Executable initial;
  private final Executable step;
  private final Executable predict;
  private final int batch;
  private final int examples;
  private final int classes;

  /**
   * A compiled plan with a made-up data set.
   *
   * @param batch examples of a training step
   * @param examples of the data set
   * @param classes how many values a label or an id has
   */
  Ours(CompiledTraining training, int batch, int examples, int classes) {
    this(
        training.programs().initial(),
        training.programs().step(),
        training.programs().predict(),
        batch,
        examples,
        classes);
  }

  private Ours(
      Executable initial,
      Executable step,
      Executable predict,
      int batch,
      int examples,
      int classes) {
    this.initial = initial;
    this.step = step;
    this.predict = predict;
    this.batch = batch;
    this.examples = examples;
    this.classes = classes;
  }

  static Ours of(Network network) {
    return new Ours(
        compile(network.file()), network.batch(), network.examples(), network.classes());
  }

  /** The same, whose steps and predictions add up in {@code times} how long each kernel ran. */
  Ours timed(KernelTimes times) {
    return new Ours(
        initial,
        ((CompiledProgram) step).timed(times),
        ((CompiledProgram) predict).timed(times),
        batch,
        examples,
        classes);
  }

  /** The first {@code train} of a file, or the problems as an exception's message. */
  static CompiledTraining compile(Path file) {
    try {
      return compile(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CompiledTraining compile(String name, String text) {
    var compilation = Compiler.open(new SourceFile(name, text), Sources.none());
    var checked = compilation.training(Optional.empty(), Map.of(), Options.standard());
    return checked.value().orElseThrow(() -> failed(checked.problems())).now();
  }

  static IllegalStateException failed(List<Problem> problems) {
    return new IllegalStateException(
        new TerminalRenderer(TerminalRenderer.Colour.NONE).render(problems));
  }

  /** Initial weights, made-up data, and what comes of two steps on them. */
  Fixture fixture(int threads) {
    var sources = sources();
    var initial = initial(threads);
    var weights = copies(initial);
    var untrained = predict(weights, sources, Network.MOST_EXAMPLES, threads);
    var losses = new float[2];
    try (var session = step.open(threads)) {
      bind(session, step, weights, sources, batch);
      for (int step = 0; step < losses.length; step++) {
        bindScalar(session, "step", step + 1);
        session.run();
        losses[step] = session.output("loss").floats()[0];
      }
    }
    var output = predict(weights, sources, Network.MOST_EXAMPLES, threads);
    return new Fixture(
        withoutOptimizer(initial),
        withoutOptimizer(weights),
        input(sources),
        sources.get("labels"),
        Tensor.of(losses, losses.length),
        untrained,
        output);
  }

  private static Tensor input(Map<String, Tensor> sources) {
    return sources.entrySet().stream()
        .filter(e -> !e.getKey().equals("labels"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static Map<String, Tensor> copies(Map<String, Tensor> tensors) {
    var copies = new LinkedHashMap<String, Tensor>();
    tensors.forEach((name, tensor) -> copies.put(name, tensor.copy()));
    return copies;
  }

  private static Map<String, Tensor> withoutOptimizer(Map<String, Tensor> weights) {
    var kept = new LinkedHashMap<>(weights);
    kept.keySet().removeIf(name -> name.startsWith("optimizer/"));
    return kept;
  }

  private Map<String, Tensor> initial(int threads) {
    var program = initial;
    try (var session = program.open(threads)) {
      if (program.signature().hasInput("seed")) {
        session.bind("seed", SEED);
      }
      session.run();
      var values = new LinkedHashMap<String, Tensor>();
      program
          .signature()
          .outputs()
          .forEach(port -> values.put(port.name(), session.output(port.name())));
      return values;
    }
  }

  /** A data set of normal numbers and uniform ids, the same in every process. */
  private Map<String, Tensor> sources() {
    var random = new Random(SEED);
    var sources = new LinkedHashMap<String, Tensor>();
    for (var port : step.signature().inputs(Port.Role.SOURCE)) {
      int[] shape = port.shape(Map.of("N", (long) examples));
      var tensor = Tensor.zeros(port.type(), shape);
      for (int i = 0; i < tensor.size(); i++) {
        tensor.set(
            i, port.type() == ElementType.F32 ? random.nextGaussian() : random.nextInt(classes));
      }
      sources.put(port.name(), tensor);
    }
    return sources;
  }

  private Tensor predict(
      Map<String, Tensor> weights, Map<String, Tensor> sources, int count, int threads) {
    var program = predict;
    try (var session = program.open(threads)) {
      bind(session, program, weights, sources, count);
      session.run();
      return session.output(program.signature().outputs().getFirst().name());
    }
  }

  /** A training step from the fixture's weights; it must give the fixture's losses again. */
  Task step(Fixture fixture, int threads) {
    var initial = initial(threads);
    initial.putAll(copies(fixture.initial()));
    var steps = new Steps(initial, threads);
    fixture.checkLosses(steps.loss(), steps.loss());
    steps.reset();
    return steps;
  }

  /** A training step from fresh weights. */
  Task step(int threads) {
    return new Steps(initial(threads), threads);
  }

  private final class Steps implements Task {
    private final Map<String, Tensor> initial;
    private final Map<String, Tensor> weights;
    private final Session session;
    private long number;

    Steps(Map<String, Tensor> initial, int threads) {
      this.initial = initial;
      weights = copies(initial);
      session = step.open(threads);
      bind(session, step, weights, sources(), batch);
    }

    @Override
    public void run() {
      number++;
      bindScalar(session, "step", number);
      session.run();
    }

    float loss() {
      run();
      return session.output("loss").floats()[0];
    }

    @Override
    public void reset() {
      number = 0;
      weights.forEach((name, tensor) -> tensor.copyFrom(initial.get(name)));
    }

    @Override
    public void close() {
      session.close();
    }
  }

  /** A prediction with the fixture's trained weights. */
  Task prediction(Fixture fixture, int count, int threads) {
    var session = predicting(copies(fixture.trained()), count, threads);
    session.run();
    var output = predict.signature().outputs().getFirst().name();
    fixture.checkTrained(count, session.output(output).floats());
    return task(session);
  }

  /** A prediction with fresh weights. */
  Task prediction(int count, int threads) {
    return task(predicting(initial(threads), count, threads));
  }

  private Session predicting(Map<String, Tensor> weights, int count, int threads) {
    var program = predict;
    var session = program.open(threads);
    bind(session, program, weights, sources(), count);
    return session;
  }

  private static Task task(Session session) {
    return new Task() {
      @Override
      public void run() {
        session.run();
      }

      @Override
      public void close() {
        session.close();
      }
    };
  }

  private void bind(
      Session session,
      Executable program,
      Map<String, Tensor> weights,
      Map<String, Tensor> sources,
      int count) {
    for (var port : program.signature().inputs()) {
      switch (port.role()) {
        case PARAMETER, FROZEN, STATE, OPTIMIZER ->
            session.bind(port.name(), weights.get(port.name()));
        case SOURCE -> session.bind(port.name(), sources.get(port.name()));
        case DATA ->
            session.bind(port.name(), Tensor.of(LongStream.range(0, count).toArray(), count));
        case SCALAR -> session.bind(port.name(), 1);
        case OUTPUT -> throw new IllegalStateException("an output among the inputs: " + port);
      }
    }
  }

  private void bindScalar(Session session, String name, long value) {
    if (step.signature().hasInput(name)) {
      session.bind(name, value);
    }
  }
}
