package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Measurable;
import dev.nnlang.runtime.cpu.KernelTimes;
import dev.nnlang.runtime.cpu.MeasuredForms;
import dev.nnlang.runtime.cpu.MeasuredSession;
import dev.nnlang.runtime.cpu.ProductCost;
import dev.nnlang.runtime.cpu.ProductForm;
import dev.nnlang.runtime.cpu.ProductShape;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.IndexOutside;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code nn tune --kernels}: for every product of a training step and of a prediction, all forms
 * that it can have against each other; what is faster than the cost model's choice is kept.
 */
final class KernelTuning {
  /** A turn lasts about so long, in runs of the program that are measured together. */
  private static final double TURN_SECONDS = 0.004;

  private static final int MOST_RUNS = 20;

  private final Output output;
  private final PlanOptions options;
  private final Path file;
  private final Map<ProductShape, FormSearch.Found> found = new LinkedHashMap<>();

  /** How many products of each shape were seen, in all programs. */
  private final Map<ProductShape, Integer> uses = new HashMap<>();

  KernelTuning(Output output, PlanOptions options, Path file) {
    this.output = output;
    this.options = options;
    this.file = file;
  }

  void run(Compilation compilation) throws ProblemException {
    var settings = PlanOptions.pairs(options.settings);
    var step = measurable(compilation, settings, "step");
    // With accumulate the examples are seen by another program than the step's.
    var training =
        step.plan().programs().accumulate().isPresent()
            ? measurable(compilation, settings, "accumulate")
            : step;
    var predict = measurable(compilation, settings, "predict");
    long batch = MeasuredInputs.batch(step.plan().plan());
    var inputs =
        MeasuredInputs.of(step.plan(), file, options.precision.element(), batch, options.threads());
    if (!output.json) {
      inputs.missing().ifPresent(data -> output.err().println(MeasuredInputs.note(data)));
    }
    search(training.of(batch), inputs, batch, "training");
    search(predict.of(batch), inputs, batch, "prediction of " + batch);
    if (batch > 1) {
      search(predict.of(1), inputs, 1, "prediction of 1");
    }
    var kept = new LinkedHashMap<ProductShape, ProductForm>();
    found.forEach(
        (shape, each) -> kept.put(shape, each.isWorthKeeping() ? each.best() : each.model()));
    var place = kept.isEmpty() ? Optional.<Path>empty() : MeasuredForms.keep(kept);
    new FormTable(List.copyOf(found.values()), uses).print(output, place);
  }

  private Measurable.Compiled measurable(
      Compilation compilation, Map<String, String> settings, String program) {
    var checked = compilation.measurable(options.train, settings, program, options.precision);
    output.require(checked.problems().stream().filter(p -> !p.code().equals("H0601")).toList());
    return checked.value().orElseThrow();
  }

  /** Forms of what no earlier program has shown. */
  private void search(Measurable.Compiled program, MeasuredInputs inputs, long batch, String title)
      throws ProblemException {
    var times = new KernelTimes(System::nanoTime);
    var wanted = new HashMap<ProductShape, ProductForm>();
    inputs.reset();
    try (var session =
        program
            .program()
            .open(
                options.threads(),
                times,
                shape -> wanted.getOrDefault(shape, ProductCost.best(shape)))) {
      inputs.bind(session, program.program().signature(), batch);
      session.run();
      var shapes = new LinkedHashMap<ProductShape, List<ProductForm>>();
      for (var share : times.shares()) {
        share
            .product()
            .map(KernelTimes.Product::shape)
            .ifPresent(
                shape -> {
                  uses.merge(shape, 1, Integer::sum);
                  if (!found.containsKey(shape)) {
                    shapes.put(shape, ProductCost.all(shape));
                  }
                });
      }
      if (shapes.isEmpty()) {
        return;
      }
      found.forEach((shape, each) -> wanted.put(shape, each.best()));
      var trial = new Turns(session, times, inputs, wanted);
      var bar = new ProgressBar(output, title, 1000);
      trial.warm(shapes, bar);
      int count = shapes.size();
      var search =
          new FormSearch(
              shapes,
              trial::run,
              (done, total) ->
                  bar.at(1000L * done / total, count + (count == 1 ? " product" : " products")));
      search.run().forEach(each -> found.put(each.shape(), each));
      bar.hide();
    } catch (IndexOutside outside) {
      throw outside.problem().thrown();
    }
  }

  /** The turns of one session. */
  private static final class Turns {
    private final MeasuredSession session;
    private final KernelTimes times;
    private final MeasuredInputs inputs;
    private final Map<ProductShape, ProductForm> wanted;
    private int runs = 1;

    Turns(
        MeasuredSession session,
        KernelTimes times,
        MeasuredInputs inputs,
        Map<ProductShape, ProductForm> wanted) {
      this.session = session;
      this.times = times;
      this.inputs = inputs;
      this.wanted = wanted;
    }

    /**
     * Every form has its turn until they do not become faster any more: HotSpot has compiled all
     * tiles. Then it is known how long a run takes.
     */
    void warm(Map<ProductShape, List<ProductForm>> shapes, ProgressBar bar) {
      int most = shapes.values().stream().mapToInt(List::size).max().orElse(1);
      var warmth = new Warmth();
      while (!warmth.isReached()) {
        double round = 0;
        for (int turn = 0; turn < most; turn++) {
          var forms = new HashMap<ProductShape, ProductForm>();
          for (var each : shapes.entrySet()) {
            forms.put(each.getKey(), each.getValue().get(turn % each.getValue().size()));
          }
          round += run(forms).values().stream().mapToDouble(Double::doubleValue).sum();
          bar.at(0, "warming up");
        }
        warmth.ran(round);
        double seconds = round / most / 1e9;
        runs = (int) Math.clamp(TURN_SECONDS / Math.max(seconds, 1e-9), 1, MOST_RUNS);
      }
    }

    Map<ProductShape, Double> run(Map<ProductShape, ProductForm> forms) {
      wanted.putAll(forms);
      session.chooseAgain();
      inputs.reset();
      if (runs > 1) {
        // The first run lays out memory anew and packs what is kept: little beside a long run.
        session.run();
      }
      times.clear();
      for (int run = 0; run < runs; run++) {
        session.run();
      }
      var nanos = new HashMap<ProductShape, Double>();
      for (var share : times.shares()) {
        share
            .product()
            .ifPresent(
                product ->
                    nanos.merge(product.shape(), share.nanos() / (double) runs, Double::sum));
      }
      return nanos;
    }
  }
}
