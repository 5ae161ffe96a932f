package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.cpu.ProductForm;
import dev.nnlang.runtime.cpu.ProductShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the fastest form of every product of a program. The forms of all products take turns at
 * once, run after run of the whole program, so that each is measured where it will be, with what
 * the others leave in the caches; and so that a moment in which the machine is busy hits all alike.
 *
 * <p>Twice everything has its turn, then only what is not much slower than the best, and at the end
 * what the cost model chooses against the fastest other: the fastest of thirty is one that had
 * luck, so the last rounds alone are what counts.
 */
final class FormSearch {
  /** How often each form has its turn before those that are much slower are left out. */
  private static final int FIRST = 2;

  /** How often the rest has its turn then. */
  private static final int MORE = 5;

  /** How often the last two have. */
  private static final int LAST = 11;

  /** What takes longer than this, by the best of its kind, has no second chance. */
  private static final double MUCH_SLOWER = 1.3;

  /** Forms that are faster by less may owe it to the moment. */
  private static final double WORTH_KEEPING = 0.95;

  private final Trial trial;
  private final Listener listener;
  private final Map<ProductShape, Candidates> all = new LinkedHashMap<>();
  private int done;

  /** One turn: a program is run with these forms. */
  interface Trial {
    /** Nanoseconds of all products of each shape; shapes that are not in it were not computed. */
    Map<ProductShape, Double> run(Map<ProductShape, ProductForm> forms);
  }

  /** Is told of every turn. */
  interface Listener {
    void at(int done, int total);
  }

  /**
   * What is known of a shape.
   *
   * @param model what the cost model chooses
   * @param modelNanos what that takes
   * @param best the fastest, which may be the same
   * @param bestNanos what that takes
   * @param forms how many there are
   */
  record Found(
      ProductShape shape,
      ProductForm model,
      double modelNanos,
      ProductForm best,
      double bestNanos,
      int forms) {
    /** The time of the fastest by that of the cost model's: 1 where it has chosen the fastest. */
    double ratio() {
      return bestNanos / modelNanos;
    }

    boolean isWorthKeeping() {
      return ratio() < WORTH_KEEPING;
    }
  }

  /** The forms of one shape that are still tried, with their times. */
  private static final class Candidates {
    private final ProductForm model;
    private final int count;
    private List<ProductForm> forms;
    private final Map<ProductForm, List<Double>> nanos = new LinkedHashMap<>();

    /**
     * @param forms the one of the cost model first
     */
    Candidates(List<ProductForm> forms) {
      this.model = forms.getFirst();
      this.count = forms.size();
      this.forms = forms;
    }

    ProductForm at(int turn) {
      return forms.get(turn % forms.size());
    }

    void add(ProductForm form, double time) {
      nanos.computeIfAbsent(form, _ -> new ArrayList<>()).add(time);
    }

    double median(ProductForm form) {
      var times = nanos.getOrDefault(form, List.of());
      var sorted = times.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      return sorted.length == 0 ? Double.POSITIVE_INFINITY : sorted[sorted.length / 2];
    }

    ProductForm best() {
      var best = forms.getFirst();
      for (var form : forms) {
        best = median(form) < median(best) ? form : best;
      }
      return best;
    }

    void dropSlow() {
      double most = MUCH_SLOWER * median(best());
      forms = forms.stream().filter(f -> f.equals(model) || median(f) <= most).toList();
    }

    void dropAllButTwo() {
      var others = new ArrayList<>(forms);
      others.remove(model);
      forms = others;
      forms = others.isEmpty() ? List.of(model) : List.of(model, best());
      nanos.clear();
    }
  }

  /**
   * A search that has not begun.
   *
   * @param shapes with the forms that each can have, the one of the cost model first
   */
  FormSearch(Map<ProductShape, List<ProductForm>> shapes, Trial trial, Listener listener) {
    shapes.forEach((shape, forms) -> all.put(shape, new Candidates(forms)));
    this.trial = trial;
    this.listener = listener;
  }

  /** Searches; the shapes come in their order. */
  List<Found> run() {
    turns(FIRST, MORE + LAST);
    all.values().forEach(Candidates::dropSlow);
    turns(MORE, LAST);
    all.values().forEach(Candidates::dropAllButTwo);
    turns(LAST, 0);
    var found = new ArrayList<Found>();
    all.forEach(
        (shape, candidates) -> {
          var best = candidates.best();
          found.add(
              new Found(
                  shape,
                  candidates.model,
                  candidates.median(candidates.model),
                  best,
                  candidates.median(best),
                  candidates.count));
        });
    return found;
  }

  /**
   * Every form that is left has its turn so many times.
   *
   * @param later turns of each that follow, for the listener
   */
  private void turns(int times, int later) {
    int most = all.values().stream().mapToInt(c -> c.forms.size()).max().orElse(0);
    int total = done + most * times + 2 * later;
    for (int turn = 0; turn < most * times; turn++) {
      var forms = new LinkedHashMap<ProductShape, ProductForm>();
      for (var each : all.entrySet()) {
        forms.put(each.getKey(), each.getValue().at(turn));
      }
      trial
          .run(forms)
          .forEach(
              (shape, nanos) -> {
                if (all.containsKey(shape)) {
                  all.get(shape).add(forms.get(shape), nanos);
                }
              });
      done++;
      listener.at(done, total);
    }
  }
}
