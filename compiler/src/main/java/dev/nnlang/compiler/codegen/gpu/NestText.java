package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Direction;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Stage;
import dev.nnlang.compiler.schedule.Walk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a loop nest: the stages of one row, for a work-item or for the lanes of a group. */
final class NestText {
  private final Scope scope;
  private final Text text;
  private final Layout layout;
  private final Set<Tensor> local;
  private final List<Stage.Time> times = new ArrayList<>();

  NestText(Scope scope, Layout layout, Kernel.Nest nest) {
    this.scope = scope;
    this.text = scope.text;
    this.layout = layout;
    this.local = nest.local();
  }

  void write(Kernel.Nest nest) {
    if (isShared()) {
      text.line("int lane = LID_X;");
      scope.split(layout.rows(), "GRP_X");
      unused(nest.parallel());
      stages(nest.stages());
      return;
    }
    boolean fours = layout.fours().isPresent();
    var row = "GRP_X * " + Layout.ROWS_OF_A_GROUP + " + LID_X";
    text.line("int row = " + (fours ? "(%s) * %d".formatted(row, Quads.WIDE) : row) + ";");
    text.block(
        "if (row < " + scope.count(layout.rows()) + ")",
        () -> {
          scope.split(layout.rows(), "row");
          unused(nest.parallel());
          if (fours) {
            inFours(nest.equations(), List.of(), layout.fours().get(), () -> stages(nest.stages()));
          } else {
            stages(nest.stages());
          }
        });
  }

  /** What is computed at a place, for four neighbours. */
  private void inFours(List<Equation> equations, List<Axis> within, Axis run, Runnable body) {
    var roots = equations.stream().flatMap(e -> Walk.roots(e).stream()).toList();
    var made = equations.stream().map(Equation::tensor).collect(Collectors.toSet());
    var stored = equations.stream().filter(e -> !local.contains(e.tensor())).toList();
    // The values of one row are stored behind all places.
    var each = stored.stream().filter(e -> !isAlong(e, within)).toList();
    new Quads(scope, Layout.axes(layout.rows(), within), run)
        .each(roots, made, each, _ -> body.run());
  }

  /** Whether several lanes work on a row. */
  private boolean isShared() {
    return layout.lanes() > 1;
  }

  /** Axes of one value that stand beside a run, and are no axes of a row here. */
  private void unused(List<Axis> parallel) {
    parallel.stream()
        .filter(a -> !layout.rows().contains(a))
        .forEach(a -> scope.index(a.index(), "0"));
  }

  private void stages(List<Stage> stages) {
    for (int s = 0; s < stages.size(); s++) {
      stage(stages.get(s));
      // What one lane has written another may read.
      if (isShared() && (s < stages.size() - 1 || !times.isEmpty())) {
        text.line("SYNC();");
      }
    }
  }

  private void stage(Stage stage) {
    switch (stage) {
      case Stage.Compute(var equation, _) ->
          bounded(
              bounds(equation),
              () -> values(List.of(equation), Layout.within(stage, layout.rows())));
      case Stage.Sweep sweep -> values(sweep.equations(), Layout.within(stage, layout.rows()));
      case Stage.Time time -> time(time);
    }
  }

  private void time(Stage.Time time) {
    var end = scope.count(time.extents().getFirst());
    for (var extent : time.extents().subList(1, time.extents().size())) {
      var other = scope.count(extent);
      end = "(%s > %s ? %s : %s)".formatted(end, other, end, other);
    }
    var index = text.name("time");
    scope.index(time.index(), index);
    var head =
        switch (time.direction()) {
          case Direction.FORWARD ->
              "for (int %s = 0; %s < %s; %s++)".formatted(index, index, end, index);
          case Direction.BACKWARD ->
              "for (int %s = %s - 1; %s >= 0; %s--)".formatted(index, end, index, index);
        };
    times.add(time);
    text.block(head, () -> scope.inside(() -> stages(time.stages())));
    times.removeLast();
  }

  /** A time loop may run further than this equation's own axis. */
  private List<Axis> bounds(Equation equation) {
    var bounds = new ArrayList<Axis>();
    for (var axis : equation.axes()) {
      for (var time : times) {
        if (time.index().equals(axis.index()) && time.extents().size() > 1) {
          bounds.add(axis);
        }
      }
    }
    return bounds;
  }

  private void bounded(List<Axis> bounds, Runnable body) {
    if (bounds.isEmpty()) {
      body.run();
      return;
    }
    var axis = bounds.getFirst();
    text.block(
        "if (%s < %s)".formatted(scope.index(axis.index()), Formulas.ints(scope, axis.extent())),
        () -> scope.inside(() -> bounded(bounds.subList(1, bounds.size()), body)));
  }

  // The values of one stage.

  private void values(List<Equation> equations, List<Axis> within) {
    var roots = new ArrayList<Node>();
    equations.forEach(e -> roots.addAll(Walk.roots(e)));
    var expressions = new Expressions(scope, roots);
    if (!times.isEmpty()) {
      // What a step knows of a place is wrong in the next one.
      scope.inside(() -> values(equations, within, expressions));
    } else {
      values(equations, within, expressions);
    }
  }

  private void values(List<Equation> equations, List<Axis> within, Expressions expressions) {
    if (within.isEmpty()) {
      ofRow(equations, expressions);
    } else {
      ofPlaces(equations, within, expressions);
    }
  }

  /** Values that a row has one of: every lane knows them, the first one stores them. */
  private void ofRow(List<Equation> equations, Expressions expressions) {
    var stored = new LinkedHashMap<Equation, String>();
    for (var equation : equations) {
      var value =
          equation.reduction().isPresent()
              ? new ReductionText(scope, expressions, layout.lanes()).value(equation)
              : expressions.local(equation.body());
      know(equation, value, stored);
    }
    if (stored.isEmpty()) {
      return;
    }
    if (!isShared()) {
      stored.forEach(expressions::store);
      return;
    }
    // All lanes have read before the first one writes, which may be in the same place.
    text.line("SYNC();");
    text.block("if (lane == 0)", () -> stored.forEach(expressions::store));
  }

  /** Values at the places of a row, shared out to its lanes, and reductions along them. */
  private void ofPlaces(List<Equation> equations, List<Axis> within, Expressions expressions) {
    var along = new LinkedHashMap<Equation, ReductionText>();
    for (var equation : equations) {
      if (isAlong(equation, within)) {
        var reduction = new ReductionText(scope, expressions, layout.lanes());
        reduction.begin(equation);
        along.put(equation, reduction);
      }
    }
    places(
        equations,
        within,
        () -> {
          var stored = new LinkedHashMap<Equation, String>();
          for (var equation : equations) {
            if (along.containsKey(equation)) {
              along.get(equation).guarded(equation);
            } else {
              var value =
                  equation.reduction().isPresent()
                      ? new ReductionText(scope, expressions, 1).value(equation)
                      : expressions.local(equation.body());
              know(equation, value, stored);
            }
          }
          // All is read before anything is written, which may be in the same place.
          stored.forEach(expressions::store);
        });
    var totals = new LinkedHashMap<Equation, String>();
    along.forEach((equation, reduction) -> know(equation, reduction.end(equation), totals));
    if (!totals.isEmpty()) {
      if (isShared()) {
        text.block("if (lane == 0)", () -> totals.forEach(expressions::store));
      } else {
        totals.forEach(expressions::store);
      }
    }
  }

  private static boolean isAlong(Equation equation, List<Axis> within) {
    return !equation.reduced().isEmpty() && within.stream().anyMatch(equation.reduced()::contains);
  }

  /** Makes a value known to those that read it at its own place, and notes whether it is stored. */
  private void know(Equation equation, String value, Map<Equation, String> stored) {
    if (equation.tensor().type() != Type.BOOL) {
      scope.know(scope.ownRead(equation), value);
    }
    if (!local.contains(equation.tensor())) {
      stored.put(equation, value);
    }
  }

  private void places(List<Equation> equations, List<Axis> axes, Runnable body) {
    if (!isShared()) {
      scope.loops(axes, body);
      return;
    }
    var fours = layout.foursWithin(equations, axes, local);
    int wide = fours.isPresent() ? Quads.WIDE : 1;
    var place = text.name("p");
    text.block(
        "for (int %s = %s; %s < %s; %s += %d)"
            .formatted(
                place,
                wide == 1 ? "lane" : "lane * " + wide,
                place,
                scope.count(axes),
                place,
                wide * layout.lanes()),
        () ->
            scope.inside(
                () -> {
                  scope.split(axes, place);
                  if (fours.isPresent()) {
                    inFours(equations, axes, fours.get(), body);
                  } else {
                    body.run();
                  }
                }));
  }
}
