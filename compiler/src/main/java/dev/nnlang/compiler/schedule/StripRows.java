package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Kernel.Strip;
import dev.nnlang.compiler.schedule.Space.Member;
import dev.nnlang.compiler.schedule.Space.Role;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A strip as kernels over blocks of its rows: contractions for scores, a nest that makes of each
 * row what is added up, contractions for products along the columns.
 *
 * <pre>
 * s[i, j] = sum[e](q[i, e] * k[j, e])                           a window
 * m[i] = max[j](s[i, j]);  p[i, j] = exp(s[i, j] - m[i]);  z[i] = sum[j](p[i, j])
 * o[i, c] = sum[j](p[i, j] * v[j, c]) / z[i]                    p is where s was
 * </pre>
 */
final class StripRows {
  private final Strip strip;
  private final Choices choices;
  private final Nodes nodes;
  private final List<Axis> all = new ArrayList<>();
  private final Set<Tensor> windows = new LinkedHashSet<>();
  private final List<Kernel.Contraction> scores = new ArrayList<>();
  private final List<Member> members = new ArrayList<>();
  private final Set<Tensor> outside = new HashSet<>();

  /** What products over the columns have as their left factors, by what those are. */
  private final Map<Node, Tensor> lefts = new LinkedHashMap<>();

  /** Scores that are such factors themselves. */
  private final Set<Tensor> direct = new HashSet<>();

  private StripRows(Strip strip, Choices choices, Nodes nodes) {
    this.strip = strip;
    this.choices = choices;
    this.nodes = nodes;
    all.addAll(strip.batch());
    all.addAll(strip.rows());
    all.addAll(strip.columns());
  }

  static Kernel.RowBlocks of(Strip strip, Choices choices, Nodes nodes) {
    return new StripRows(strip, choices, nodes).kernel();
  }

  private Kernel.RowBlocks kernel() {
    var reading = scores();
    strip.equations().forEach(e -> outside.add(e.tensor()));
    outside.removeAll(strip.local());
    strip.most().ifPresent(m -> fold(m, reading));
    var sums = new ArrayList<Kernel.Contraction>();
    for (var sum : strip.sums()) {
      switch (sum) {
        case Strip.Sum.Fold(var equation, var divided) -> {
          fold(equation, reading);
          divided.ifPresent(d -> members.add(new Member(d, Role.ROW)));
        }
        case Strip.Sum.Times times -> sums.add(product(times, reading));
      }
    }
    var nest =
        members.isEmpty()
            ? Optional.<Kernel.Nest>empty()
            : Optional.of(
                new NestShape(
                        all,
                        Optional.of(all.size() - strip.columns().size()),
                        choices,
                        Outer.NONE,
                        nodes)
                    .nest(members, outside));
    return new Kernel.RowBlocks(
        strip.batch(),
        strip.rows(),
        strip.columns(),
        Held.of(strip),
        scores,
        nest,
        sums,
        windows,
        nest.map(this::inPlace).orElse(Map.of()));
  }

  private void fold(Equation from, UnaryOperator<Node> reading) {
    var reduction = from.reduction().orElseThrow();
    members.add(
        new Member(
            new Equation(
                from.tensor(),
                from.axes(),
                Optional.of(
                    new Reduction(
                        reduction.kind(), strip.columns(), reading.apply(reduction.guard()))),
                reading.apply(from.body()),
                from.origin()),
            Role.REDUCES));
  }

  /** Makes the contractions of the scores; gives how these are read in their windows. */
  private UnaryOperator<Node> scores() {
    var places = new HashMap<Tensor, Equation>();
    for (var score : strip.scores()) {
      var from = score.equation();
      var tensor =
          from.axes().equals(all)
              ? from.tensor()
              : new Tensor(nodes.fresh("rows_of_" + from.tensor()), Type.REAL, shape());
      var equation = new Equation(tensor, all, from.reduction(), from.body(), from.origin());
      windows.add(tensor);
      places.put(from.tensor(), equation);
      scores.add(
          new Kernel.Contraction(
              equation,
              strip.batch(),
              strip.rows(),
              strip.columns(),
              score.reduced(),
              score.left(),
              score.right(),
              List.of(),
              Set.of()));
    }
    return Rebuild.upwards(
        nodes,
        node ->
            node.expr() instanceof Expr.Read(var tensor, _) && places.containsKey(tensor)
                ? nodes.readAt(places.get(tensor).tensor(), all)
                : node);
  }

  private List<Poly> shape() {
    return all.stream().map(Axis::extent).toList();
  }

  private Kernel.Contraction product(Strip.Sum.Times times, UnaryOperator<Node> reading) {
    var equation = times.equation();
    var left = nodes.readAt(left(reading.apply(times.left()), equation), all);
    var sum = new Reduction(Reduction.Kind.SUM, strip.columns(), nodes.bool(true));
    var product =
        new Equation(
            equation.tensor(),
            equation.axes(),
            Optional.of(sum),
            nodes.mul(left, times.right()),
            equation.origin());
    var epilogue = times.divided().stream().toList();
    epilogue.forEach(e -> outside.addAll(Walk.tensors(e)));
    return new Kernel.Contraction(
        product,
        strip.batch(),
        strip.rows(),
        times.own(),
        strip.columns(),
        left,
        times.right(),
        epilogue,
        epilogue.isEmpty() ? Set.of() : Set.of(equation.tensor()));
  }

  /** The window of a left factor. */
  private Tensor left(Node factor, Equation product) {
    if (factor.expr() instanceof Expr.Read(var tensor, _)
        && windows.contains(tensor)
        && nodes.readAt(tensor, all) == factor) {
      direct.add(tensor);
      return tensor;
    }
    return lefts.computeIfAbsent(
        factor,
        body -> {
          var tensor = new Tensor(nodes.fresh("rows_for_" + product.tensor()), Type.REAL, shape());
          var why = product.origin().because("what a row of " + product.tensor() + " adds up");
          windows.add(tensor);
          outside.add(tensor);
          members.add(
              new Member(new Equation(tensor, all, Optional.empty(), body, why), Role.FULL));
          return tensor;
        });
  }

  /** Puts a factor where scores are that are read for the last time when it is written. */
  private Map<Tensor, Tensor> inPlace(Kernel.Nest nest) {
    var lastRead = new HashMap<Tensor, Integer>();
    var written = new LinkedHashMap<Tensor, Integer>();
    for (int s = 0; s < nest.stages().size(); s++) {
      for (var equation : Stages.equations(nest.stages().get(s))) {
        for (var tensor : Walk.tensors(equation)) {
          lastRead.put(tensor, s);
        }
        if (lefts.containsValue(equation.tensor())) {
          written.put(equation.tensor(), s);
        }
      }
    }
    var free = new ArrayList<Tensor>();
    scores.forEach(c -> free.add(c.equation().tensor()));
    free.removeAll(direct);
    var places = new LinkedHashMap<Tensor, Tensor>();
    written.forEach(
        (tensor, stage) ->
            free.stream()
                .filter(t -> lastRead.getOrDefault(t, 0) <= stage)
                .findFirst()
                .ifPresent(
                    t -> {
                      places.put(tensor, t);
                      free.remove(t);
                    }));
    return places;
  }
}
