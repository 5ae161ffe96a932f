package dev.nnlang.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A time loop whose examples have nothing to do with each other, ready to run: each thread goes
 * through all rounds with examples of its own. So threads meet once and not in every round, and
 * what a round carries to the next one stays in the cache of the core that needs it.
 */
final class SharedLoop implements Runnable {
  /** Examples of a thread, at least: each of them reads all matrices, which is worth it then. */
  private static final int LEAST = 8;

  /** Rows of a product that are computed together, at most: what is packed of them stays near. */
  private static final int MOST_ROWS = 192;

  private final Step.Loop step;
  private final CompiledProgram program;
  private final Frame frame;
  private final ProductForms forms;
  private final Workers workers;
  private final Map<String, Long> dims;
  private final int index;
  private final int rounds;
  private final int examples;
  private final List<Bench> benches = new ArrayList<>();
  private final Workers.Job job = this::work;

  /** One thread's place of work: the products are in its body, too. */
  private record Bench(Frame frame, List<Product> products, Runnable[] body) {}

  /** What it takes of a matrix that all threads read. */
  private final List<Reals> packed = new ArrayList<>();

  /** Told of a product of the first thread before the step is taken. */
  interface Listener {
    void isProduct(Product product);
  }

  /** Whether a loop can be shared by so many threads, and is worth it. */
  static boolean fits(Step.Loop step, Map<String, Long> dims, int threads) {
    return threads > 1
        && step.examples().isPresent()
        && step.examples().get().evaluate(dims) >= (long) LEAST * threads
        && step.body().stream().allMatch(SharedLoop::fits);
  }

  private static boolean fits(Step step) {
    return switch (step) {
      case Step.Nest _ -> true;
      case Step.Product product -> product.kept() == Step.Kept.IN_LOOP;
      case Step.Fixed _, Step.Loop _, Step.RowBlocks _ -> false;
    };
  }

  /**
   * A loop.
   *
   * @param frames for each thread one that it may change: what is in {@code frame} comes into it
   *     for each run
   * @param index of the round's number in a frame's {@code dims}
   * @param timed makes the steps of the first thread, in their order, such that they are measured
   */
  SharedLoop(
      Step.Loop step,
      CompiledProgram program,
      Frame frame,
      List<Frame> frames,
      ProductForms forms,
      Workers workers,
      Map<String, Long> dims,
      int index,
      Listener listener,
      UnaryOperator<Runnable> timed) {
    this.step = step;
    this.program = program;
    this.frame = frame;
    this.forms = forms;
    this.workers = workers;
    this.dims = dims;
    this.index = index;
    this.rounds = Math.toIntExact(step.rounds().evaluate(dims));
    this.examples = Math.toIntExact(step.examples().orElseThrow().evaluate(dims));
    for (int thread = 0; thread < workers.count(); thread++) {
      var own = frames.get(thread);
      own.read(frame);
      var products = new ArrayList<Product>();
      var body = new ArrayList<Runnable>();
      for (var each : step.body()) {
        var work = work(each, own, thread, products);
        if (thread > 0) {
          body.add(work);
          continue;
        }
        if (each instanceof Step.Product) {
          listener.isProduct(products.getLast());
        }
        body.add(timed.apply(work));
      }
      benches.add(new Bench(own, products, body.toArray(Runnable[]::new)));
    }
    int line = Reals.line(program.real());
    for (var product : benches.getFirst().products()) {
      packed.add(Reals.of(program.real(), line + product.sharedLength()));
    }
  }

  private Runnable work(Step step, Frame own, int thread, List<Product> products) {
    int from = Workers.share(thread, workers.count(), examples);
    int to = Workers.share(thread + 1, workers.count(), examples);
    return switch (step) {
      case Step.Nest(var code, var items, _, _) -> {
        int each = each(Math.toIntExact(items.evaluate(dims)));
        var kernel = program.kernel(code);
        int[] slots = code.slots();
        yield () -> kernel.run(own, slots, from * each, to * each);
      }
      case Step.Product product -> {
        int batch = Math.toIntExact(product.batch().evaluate(dims));
        int rows = Math.toIntExact(product.rows().evaluate(dims));
        boolean hasMatrices = batch > 1;
        int each = each(hasMatrices ? batch : rows);
        int most = hasMatrices ? rows : Math.ceilDiv(examples, workers.count()) * each;
        var made =
            new Product(
                product,
                program,
                own,
                forms,
                workers.count(),
                batch,
                rows,
                Math.toIntExact(product.columns().evaluate(dims)),
                Math.toIntExact(product.depth().evaluate(dims)),
                Math.ceilDiv(most, Math.ceilDiv(most, MOST_ROWS)),
                Optional.empty());
        products.add(made);
        yield hasMatrices
            ? () -> made.matrices(from * each, to * each)
            : () -> made.rows(from * each, to * each);
      }
      case Step.Fixed _, Step.Loop _, Step.RowBlocks _ ->
          throw new IllegalStateException("not shared: " + step.what());
    };
  }

  /** How many of so many an example has. */
  private int each(int all) {
    if (all % examples != 0) {
      throw new IllegalStateException(all + " are not of " + examples + " examples");
    }
    return all / examples;
  }

  /** Adds how many terms so many runs add up with each form of a tile, by its number. */
  void countTerms(Map<Integer, Long> terms, long runs) {
    benches.getFirst().products().forEach(p -> p.countTerms(terms, runs * rounds));
  }

  @Override
  public void run() {
    for (var bench : benches) {
      bench.frame.read(frame);
    }
    for (int p = 0; p < packed.size(); p++) {
      int line = Reals.line(program.real());
      benches.getFirst().products.get(p).share(workers, packed.get(p), line);
      for (int b = 1; b < benches.size(); b++) {
        benches.get(b).products.get(p).read(packed.get(p), line);
      }
    }
    workers.run(benches.size(), job);
  }

  private void work(int place) {
    var bench = benches.get(place);
    for (int round = 0; round < rounds; round++) {
      bench.frame.dims[index] = step.backwards() ? rounds - 1 - round : round;
      for (var each : bench.body) {
        each.run();
      }
    }
  }
}
