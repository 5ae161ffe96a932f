package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.schedule.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What rounding the factors of products costs, where sums have as many terms.
 *
 * @param products how many add up so many
 * @param error as {@link Arithmetic#error} measures it
 * @param exact the same of factors that are not rounded
 */
public record RoundedSums(
    long terms, int products, Arithmetic arithmetic, double error, double exact) {
  /** Those of a plan, the shortest sums first. */
  public static List<RoundedSums> of(Plan plan, Arithmetic arithmetic) {
    var terms = new TreeMap<Long, Integer>();
    count(plan.kernels(), terms);
    var all = new ArrayList<RoundedSums>();
    terms.forEach(
        (count, products) ->
            all.add(
                new RoundedSums(
                    count,
                    products,
                    arithmetic,
                    arithmetic.error(count),
                    Arithmetic.ieee.error(count))));
    return List.copyOf(all);
  }

  private static void count(List<Kernel> kernels, Map<Long, Integer> terms) {
    for (var kernel : kernels) {
      switch (kernel) {
        case Kernel.Contraction product ->
            terms.merge(Sizes.typical(product.reduced()), 1, Integer::sum);
        case Kernel.Strip strip -> {
          count(List.copyOf(strip.scores()), terms);
          strip.sums().stream()
              .filter(Kernel.Strip.Sum.Times.class::isInstance)
              .forEach(_ -> terms.merge(Sizes.typical(strip.columns()), 1, Integer::sum));
        }
        case Kernel.RowBlocks blocks -> count(blocks.kernels(), terms);
        case Kernel.Recurrence loop -> count(loop.kernels(), terms);
        case Kernel.Nest _, Kernel.Orthogonal _ -> {}
      }
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "sums of %d terms, in %d products, in %s: error %.1e (ieee %.1e)",
        terms,
        products,
        arithmetic,
        error,
        exact);
  }
}
