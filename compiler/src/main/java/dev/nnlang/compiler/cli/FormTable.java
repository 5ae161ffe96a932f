package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.cpu.ProductForm;
import dev.nnlang.runtime.cpu.ProductShape;
import dev.nnlang.runtime.cpu.Step;
import dev.nnlang.runtime.file.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What {@code nn tune --kernels} has found: the cost model's forms beside the fastest. */
final class FormTable {
  private final List<FormSearch.Found> all;
  private final Map<ProductShape, Integer> uses;

  /**
   * A table that is not printed yet.
   *
   * @param uses how many products have a shape
   */
  FormTable(List<FormSearch.Found> all, Map<ProductShape, Integer> uses) {
    this.all = all;
    this.uses = uses;
  }

  /**
   * Prints it, as text or as one JSON object a line.
   *
   * @param kept the file in which the fastest are kept now; empty where there is none
   */
  void print(Output output, Optional<Path> kept) {
    if (output.json) {
      all.forEach(each -> output.out().println(json(each)));
      output.out().println(end(kept));
    } else if (all.isEmpty()) {
      output.out().println("there are no matrix products in this plan");
    } else {
      output.out().print(this);
      output.out().println(summary());
      output
          .out()
          .println(
              kept.map(file -> "kept in " + file)
                  .orElse("nothing is kept: there is no cache folder"));
    }
  }

  private long better() {
    return all.stream().filter(FormSearch.Found::isWorthKeeping).count();
  }

  /** The fastest forms' time by the cost model's: the geometric mean over the shapes. */
  private double mean() {
    return Math.exp(all.stream().mapToDouble(each -> Math.log(each.ratio())).average().orElse(0));
  }

  /** The rows, the most time first. */
  @Override
  public String toString() {
    var table = new TextTable("rrllrlrl");
    table.row(
        "products",
        "rows x columns x depth",
        "factors",
        "cost model",
        "us",
        "fastest",
        "us",
        "ratio");
    all.stream()
        .sorted((a, b) -> Double.compare(b.modelNanos(), a.modelNanos()))
        .forEach(
            each ->
                table.row(
                    Integer.toString(uses.get(each.shape())),
                    each.shape().toString(),
                    factors(each.shape()),
                    each.model().toString(),
                    micros(each.modelNanos()),
                    each.best().equals(each.model()) ? "the same" : each.best().toString(),
                    micros(each.bestNanos()),
                    String.format(Locale.ROOT, "%.2f", each.ratio())
                        + (each.isWorthKeeping() ? "  kept" : "")));
    return table.toString();
  }

  /** How the left and the right factor lie, and whether the right one is packed beforehand. */
  private static String factors(ProductShape shape) {
    return word(shape.left())
        + "/"
        + word(shape.right())
        + (shape.kept() == Step.Kept.NOT ? "" : ", kept");
  }

  private static String micros(double nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / 1e3);
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "%d %s; the fastest forms take %.3f of the cost model's time (geometric mean), %d %s faster"
            + " by 5 %% or more",
        all.size(),
        all.size() == 1 ? "shape" : "shapes",
        mean(),
        better(),
        better() == 1 ? "is" : "are");
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

  private static Json form(ProductForm form, double nanos) {
    return Json.object()
        .with("rows", form.tileRows())
        .with("vectors", form.panelVectors())
        .with("packs_left", new Json.Truth(form.packsLeft()))
        .with("packs_right", new Json.Truth(form.packsRight()))
        .with("us", nanos / 1e3);
  }

  private Json end(Optional<Path> kept) {
    var end =
        Json.object()
            .with("event", "tuned")
            .with("products", all.size())
            .with("better", better())
            .with("ratio", mean());
    return kept.map(file -> end.with("file", file.toString())).orElse(end);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
