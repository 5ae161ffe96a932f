package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Measurable;
import dev.nnlang.runtime.cpu.KernelTimes;
import dev.nnlang.runtime.cpu.MeasuredForms;
import dev.nnlang.runtime.cpu.MeasuredSession;
import dev.nnlang.runtime.cpu.ProductCost;
import dev.nnlang.runtime.cpu.ProductForm;
import dev.nnlang.runtime.cpu.ProductShape;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.IndexOutside;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code nn tune --kernels}: for every product of a training step and of a prediction, all forms
 * that it can have against each other; what is faster than the cost model's choice is kept.
 */
final class KernelTuning {
  /** Forms that are faster by less may owe it to the moment. */
  static final double WORTH_KEEPING = 0.95;

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
    search(training, inputs, batch, "training");
    search(predict, inputs, batch, "prediction of " + batch);
    if (batch > 1) {
      search(predict, inputs, 1, "prediction of 1");
    }
    var kept = new LinkedHashMap<ProductShape, ProductForm>();
    found.forEach(
        (shape, each) ->
            kept.put(shape, each.ratio() < WORTH_KEEPING ? each.best() : each.model()));
    var place = MeasuredForms.keep(kept);
    report(place);
  }

  private Measurable measurable(
      Compilation compilation, Map<String, String> settings, String program) {
    var checked = compilation.measurable(options.train, settings, program, options.precision);
    output.require(checked.problems().stream().filter(p -> !p.code().equals("H0601")).toList());
    return checked.value().orElseThrow();
  }

  /** Forms of what no earlier program has shown. */
  private void search(Measurable program, MeasuredInputs inputs, long batch, String title)
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
      // The first run lays out memory anew and packs what is kept.
      session.run();
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

  // What comes of it.

  private void report(Optional<Path> place) {
    var all = List.copyOf(found.values());
    long better = all.stream().filter(each -> each.ratio() < WORTH_KEEPING).count();
    double mean =
        Math.exp(all.stream().mapToDouble(each -> Math.log(each.ratio())).average().orElse(0));
    if (output.json) {
      all.forEach(each -> output.out().println(json(each)));
      var end =
          Json.object()
              .with("event", "tuned")
              .with("products", all.size())
              .with("better", better)
              .with("ratio", mean);
      output.out().println(place.map(p -> end.with("file", p.toString())).orElse(end));
      return;
    }
    output.out().print(table(all, uses));
    output.out().println(end(all.size(), better, mean, place));
  }

  private Json json(FormSearch.Found each) {
    var shape = each.shape();
    return Json.object()
        .with("event", "product")
        .with("batch", shape.batch())
        .with("rows", shape.rows())
        .with("columns", shape.columns())
        .with("depth", shape.depth())
        .with("left", word(shape.left()))
        .with("right", word(shape.right()))
        .with("kept", word(shape.kept()))
        .with("threads", shape.threads())
        .with("products", uses.get(shape))
        .with("model", form(each.model(), each.modelNanos()))
        .with("fastest", form(each.best(), each.bestNanos()))
        .with("ratio", each.ratio())
        .with("forms", each.forms());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static Json form(ProductForm form, double nanos) {
    return Json.object()
        .with("rows", form.tileRows())
        .with("vectors", form.panelVectors())
        .with("packs_left", new Json.Truth(form.packsLeft()))
        .with("packs_right", new Json.Truth(form.packsRight()))
        .with("us", nanos / 1e3);
  }

  /**
   * What was found, the most time first.
   *
   * @param uses how many products have a shape
   */
  static String table(List<FormSearch.Found> all, Map<ProductShape, Integer> uses) {
    var table = new TextTable("rrlrlrl");
    table.row("products", "rows x columns x depth", "cost model", "us", "fastest", "us", "ratio");
    all.stream()
        .sorted((a, b) -> Double.compare(b.modelNanos(), a.modelNanos()))
        .forEach(
            each ->
                table.row(
                    Integer.toString(uses.get(each.shape())),
                    each.shape().toString(),
                    each.model().toString(),
                    micros(each.modelNanos()),
                    each.best().equals(each.model()) ? "the same" : each.best().toString(),
                    micros(each.bestNanos()),
                    String.format(Locale.ROOT, "%.2f", each.ratio())
                        + (each.ratio() < WORTH_KEEPING ? "  kept" : "")));
    return table.toString();
  }

  static String micros(double nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e3);
  }

  private static String end(int products, long better, double mean, Optional<Path> place) {
    var text = new StringBuilder();
    text.append(products).append(products == 1 ? " shape" : " shapes");
    text.append(
        String.format(
            Locale.ROOT,
            "; the fastest forms take %.3f of the cost model's time (geometric mean), %d %s faster"
                + " by 5 %% or more",
            mean,
            better,
            better == 1 ? "is" : "are"));
    place.ifPresentOrElse(
        file -> text.append("\nkept in ").append(file),
        () -> text.append("\nnothing is kept: there is no cache folder"));
    return text.toString();
  }
}
