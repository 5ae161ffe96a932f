package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Kernel.Strip.Sum;
import dev.nnlang.compiler.size.Atom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sums that become one {@link Kernel.Strip}; all have the axes of the first. */
final class StripDraft {
  /** Values of a row that all products together add up in registers. */
  private static final long MOST_WIDTH = 256;

  private final Map<Tensor, Kernel.Contraction> scores;
  private final Products products;
  private final Nodes nodes;
  private final StripSum first;
  private final List<Sum> sums = new ArrayList<>();
  private final Set<Tensor> read = new LinkedHashSet<>();
  private final Set<Tensor> tensors = new LinkedHashSet<>();
  private final Map<Tensor, List<Axis>> places = new LinkedHashMap<>();
  private Optional<Equation> most = Optional.empty();
  private long width;

  StripDraft(StripSum sum, Map<Tensor, Kernel.Contraction> scores, Products products, Nodes nodes) {
    this.scores = scores;
    this.products = products;
    this.nodes = nodes;
    this.first = sum.renamed(Map.of(), nodes);
    add(first, Optional.empty());
  }

  /** What it gives to others. */
  Set<Tensor> tensors() {
    return tensors;
  }

  /** What it needs of others. */
  Set<Tensor> read() {
    return read;
  }

  Set<Tensor> scored() {
    return places.keySet();
  }

  /** Adds a sum that waits for none of these. */
  boolean takesBeside(StripSum sum) {
    var names = sum.beside(first);
    boolean fits =
        names.isPresent() && most.isEmpty() && width + sum.width() <= MOST_WIDTH && !sum.isMost();
    if (fits) {
      add(sum.renamed(names.get(), nodes), Optional.empty());
    }
    return fits;
  }

  /** Adds a sum that waits for these and nobody else, if it is relative to the largest value. */
  boolean takesRelative(StripSum given) {
    var names = given.beside(first);
    boolean alone = most.isPresent() || sums.size() == 1 && first.isMost();
    if (names.isEmpty() || !alone || width + given.width() > MOST_WIDTH) {
      return false;
    }
    var sum = given.renamed(names.get(), nodes);
    var largest = most.orElseGet(() -> first.equation());
    var reduction = sum.equation().reduction().orElseThrow();
    var guard = largest.reduction().orElseThrow().guard();
    var term = sum.factors().map(StripSum.Factors::left).orElseGet(() -> sum.equation().body());
    var relative = Relative.of(term, sum, largest, tensors, nodes);
    boolean fits =
        relative.isPresent()
            && reduction.kind() == Reduction.Kind.SUM
            && (sum.factors().isPresent() ? isUnder(guard, term) : reduction.guard() == guard)
            && sum.factors().stream()
                .noneMatch(f -> f.right().tensors().stream().anyMatch(tensors::contains));
    if (fits) {
      if (most.isEmpty()) {
        sums.clear();
        most = Optional.of(largest);
      }
      add(sum, relative);
    }
    return fits;
  }

  /** Whether a term is 0 where the largest value was not looked for. */
  private boolean isUnder(Node guard, Node term) {
    return guard == nodes.bool(true)
        || term.expr() instanceof Expr.Select(var own, _, var otherwise)
            && own == guard
            && Inline.is(otherwise, 0);
  }

  private void add(StripSum sum, Optional<Relative> relative) {
    var equation = sum.equation();
    var term = relative.map(Relative::term);
    var divisor = relative.flatMap(Relative::divisor);
    var divided = Optional.<Equation>empty();
    var tensor = equation.tensor();
    if (divisor.isPresent()) {
      tensor = new Tensor(nodes.fresh("undivided_" + tensor), tensor.type(), tensor.shape());
      divided =
          Optional.of(
              new Equation(
                  equation.tensor(),
                  equation.axes(),
                  nodes.div(nodes.readAt(tensor, equation.axes()), divisor.get()),
                  equation.origin()));
    }
    var body = equation.body();
    if (sum.factors().isPresent()) {
      var f = sum.factors().get();
      var left = term.orElse(f.left());
      var summed = summed(equation, tensor, nodes.mul(left, f.right()));
      sums.add(new Sum.Times(summed, f.own(), left, f.right(), divided));
    } else {
      sums.add(new Sum.Fold(summed(equation, tensor, term.orElse(body)), divided));
    }
    tensors.add(equation.tensor());
    sum.leaves(scores).stream().filter(t -> !tensors.contains(t)).forEach(read::add);
    sum.places().forEach(places::putIfAbsent);
    width += sum.width();
  }

  private static Equation summed(Equation from, Tensor tensor, Node body) {
    var origin =
        tensor.equals(from.tensor())
            ? from.origin()
            : from.origin().because(from.tensor() + ", not yet divided");
    return new Equation(tensor, from.axes(), from.reduction(), body, origin);
  }

  /**
   * The kernel.
   *
   * @param needed tensors that others read
   * @param computed scores that another strip computes under their own name; grows
   */
  Kernel.Strip kernel(Set<Tensor> needed, Set<Tensor> computed) {
    var renamed = new HashMap<Tensor, Tensor>();
    var own = new ArrayList<Kernel.Contraction>();
    places.forEach(
        (score, place) -> {
          var tensor =
              computed.add(score)
                  ? score
                  : new Tensor(nodes.fresh("again_" + score), score.type(), score.shape());
          renamed.put(score, tensor);
          own.add(score(scores.get(score).equation(), tensor, place));
        });
    var strip =
        new Kernel.Strip(
            first.batch(),
            first.rows(),
            first.columns(),
            own,
            most.map(e -> reading(e, renamed)),
            sums.stream().map(s -> reading(s, renamed)).toList(),
            Set.of());
    var local = new LinkedHashSet<Tensor>();
    strip.equations().forEach(e -> local.add(e.tensor()));
    local.removeAll(needed);
    return new Kernel.Strip(
        strip.batch(),
        strip.rows(),
        strip.columns(),
        strip.scores(),
        strip.most(),
        strip.sums(),
        local);
  }

  /** A score over the strip's axes, with its rows on the left. */
  private Kernel.Contraction score(Equation definition, Tensor tensor, List<Axis> place) {
    var names = new HashMap<Atom.Index, Axis>();
    for (int p = 0; p < place.size(); p++) {
      names.put(definition.axes().get(p).index(), place.get(p));
    }
    var there = Rename.equation(definition, names, nodes);
    var equation =
        new Equation(tensor, there.axes(), there.reduction(), there.body(), there.origin());
    var c = products.of(equation).orElseThrow();
    boolean turned = first.rows().contains(c.columns().getFirst());
    return new Kernel.Contraction(
        equation,
        c.batch(),
        turned ? c.columns() : c.rows(),
        turned ? c.rows() : c.columns(),
        c.reduced(),
        turned ? c.right() : c.left(),
        turned ? c.left() : c.right(),
        List.of(),
        Set.of());
  }

  private Equation reading(Equation equation, Map<Tensor, Tensor> names) {
    return Signs.with(equation, LargeValues.reading(names, nodes));
  }

  private Sum reading(Sum sum, Map<Tensor, Tensor> names) {
    var equation = reading(sum.equation(), names);
    return switch (sum) {
      case Sum.Fold(_, var divided) -> new Sum.Fold(equation, divided);
      case Sum.Times(_, var own, var left, var right, var divided) ->
          new Sum.Times(
              equation, own, LargeValues.reading(names, nodes).apply(left), right, divided);
    };
  }
}
