package dev.nnlang.runtime.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A time loop whose examples have nothing to do with each other, ready to run: each thread goes
 * through all rounds with examples of its own. So threads meet once and not in every round, and
 * what a round carries to the next one stays in the cache of the core that needs it.
 */
final class SharedLoop implements Runnable {
  /** Examples of a thread, at least: each of them reads all matrices, which is worth it then. */
  private static final int LEAST = 8;

  private final Step.Loop step;
  private final CompiledProgram program;
  private final Frame frame;
  private final ProductForms forms;
  private final Workers workers;
  private final Map<String, Long> dims;
  private final int index;
  private final int rounds;
  private final int examples;
  private final Bench[] benches;
  private final Workers.Job job = this::work;

  /** One thread's place of work: the products are in its body, too. */
  private record Bench(Frame frame, Product[] products, Runnable[] body) {}

  /** What each product multiplies by, as all threads read it. */
  private final Reals[] packed;

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
   * @param isNext is told of a product of the first thread before it is timed
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
      Consumer<Product> isNext,
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
    this.benches = new Bench[workers.count()];
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
          isNext.accept(products.getLast());
        }
        body.add(timed.apply(work));
      }
      benches[thread] =
          new Bench(own, products.toArray(Product[]::new), body.toArray(Runnable[]::new));
    }
    this.packed = new Reals[benches[0].products.length];
    Arrays.setAll(packed, p -> Reals.of(program.real(), benches[0].products[p].sharedLength()));
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
        int each = each(batch > 1 ? batch : rows);
        int most = batch > 1 ? rows : Math.ceilDiv(examples, workers.count()) * each;
        int block = Math.ceilDiv(most, Math.ceilDiv(most, Tiling.MOST_ROWS));
        var made = product(product, own, batch, rows, block);
        products.add(made);
        yield batch > 1
            ? () -> rows(made, from * each, to * each, 0, rows, block)
            : () -> rows(made, 0, 1, from * each, to * each, block);
      }
      case Step.Fixed _, Step.Loop _, Step.RowBlocks _ ->
          throw new IllegalStateException("not shared: " + step.what());
    };
  }

  private Product product(Step.Product step, Frame own, int batch, int rows, int block) {
    return new Product(
        step,
        program,
        own,
        forms,
        workers.count(),
        batch,
        rows,
        Math.toIntExact(step.columns().evaluate(dims)),
        Math.toIntExact(step.depth().evaluate(dims)),
        block,
        Optional.empty());
  }

  /** Computes rows of some matrices, a block after the other. */
  private static void rows(
      Product product, int matrix, int lastMatrix, int from, int to, int block) {
    for (int m = matrix; m < lastMatrix; m++) {
      for (int row = from; row < to; row += block) {
        int count = Math.min(block, to - row);
        product.block(m, row, count, 0, product.columns(), 0, product.depth());
      }
    }
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
    for (var product : benches[0].products) {
      product.countTerms(terms, runs * rounds);
    }
  }

  /** The products in it, as one thread has them. */
  List<Product> products() {
    return List.of(benches[0].products);
  }

  @Override
  public void run() {
    for (var bench : benches) {
      bench.frame.read(frame);
    }
    int line = Reals.line(program.real());
    for (int p = 0; p < packed.length; p++) {
      benches[0].products[p].share(workers, packed[p], line);
      for (int b = 1; b < benches.length; b++) {
        benches[b].products[p].read(packed[p], line);
      }
    }
    workers.run(benches.length, job);
  }

  private void work(int place) {
    var bench = benches[place];
    for (int round = 0; round < rounds; round++) {
      bench.frame.dims[index] = step.backwards() ? rounds - 1 - round : round;
      for (var each : bench.body) {
        each.run();
      }
    }
  }
}
