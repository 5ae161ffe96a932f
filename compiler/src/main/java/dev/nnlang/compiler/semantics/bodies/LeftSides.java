package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Axis;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands left of an equation: its indices, and over which ranges they run (LR-2, 44). */
final class LeftSides {
  private final Typer typer;

  LeftSides(Typer typer) {
    this.typer = typer;
  }

  /** One dimension of a left side; the axis is null for {@code :}. */
  record Item(Axis axis, String name) {}

  /** The left side's items, one for each dimension; null where they failed. */
  List<Item> items(Ast.Equation e, Typed.Type declared, Span declaredAt, Context c) {
    var items = e.left().items().orElseThrow().stream().map(i -> sized(i, e)).toList();
    var frame = c.frame();
    var seen = new LinkedHashMap<String, Span>();
    for (var item : items) {
      String name =
          switch (item) {
            case Ast.LeftIndex(var index, _, _) -> index.text();
            case Ast.LeftRun(var run, _) -> "..." + run.text();
            case Ast.LeftWhole _, Ast.Missing _ -> null;
          };
      if (item instanceof Ast.Missing) {
        return null;
      }
      var first = name == null ? null : seen.putIfAbsent(name, item.span());
      if (first != null) {
        frame.report(new EquationProblem.RepeatedIndex(item.span(), name, first));
        return null;
      }
    }
    int runLength = declared == null ? -1 : declared.rank() - (items.size() - 1);
    boolean hasRun = items.stream().anyMatch(i -> i instanceof Ast.LeftRun);
    if (declared != null && (hasRun ? runLength < 0 : declared.rank() != items.size())) {
      frame.report(
          new ShapeProblem.LeftCount(
              e.left().span(),
              e.left().name().text(),
              items.size(),
              Types.text(declared.shape()),
              declaredAt));
      return null;
    }
    var inferred = declared == null ? ranges(e, items, c) : Map.<String, List<Dimension>>of();
    if (inferred == null) {
      return null;
    }
    var result = new ArrayList<Item>();
    int at = 0;
    for (var item : items) {
      switch (item) {
        case Ast.LeftWhole _ -> {
          result.add(new Item(null, null));
          at++;
        }
        case Ast.LeftIndex(var index, var range, var span) -> {
          Dimension dimension;
          if (range.isPresent()) {
            dimension = typer.dimension(range.get(), c);
            if (dimension == null
                || !typer.statics().positive(dimension, range.get().span(), "a range", c)) {
              return null;
            }
            if (declared != null) {
              var known = declared.shape().get(at);
              if (Shapes.equal(dimension, known, c).fails()) {
                frame.report(
                    new ShapeProblem.RangeDiffers(
                        span, index.text(), Types.size(dimension), Types.size(known), declaredAt));
                return null;
              }
              dimension = known;
            }
          } else if (declared != null) {
            dimension = declared.shape().get(at);
          } else {
            dimension = inferred.get(index.text()).getFirst();
          }
          result.add(new Item(frame.axis(index.text(), dimension), index.text()));
          at++;
        }
        case Ast.LeftRun(var run, _) -> {
          var dimensions =
              declared == null
                  ? inferred.get("..." + run.text())
                  : declared.shape().subList(at, at + runLength);
          for (var axis : frame.axes(run.text(), dimensions)) {
            result.add(new Item(axis, "..." + run.text()));
          }
          at += dimensions.size();
        }
        case Ast.Missing _ -> {}
      }
    }
    return result;
  }

  /** {@code eps[Z] ~ normal(0, 1)}: a range without an index (LR-29). */
  private static Ast.LeftItem sized(Ast.LeftItem item, Ast.Equation e) {
    return item instanceof Ast.LeftIndex(var index, var range, var span)
            && range.isEmpty()
            && index.isUpper()
            && e.relation() == Ast.Relation.DRAWN
        ? new Ast.LeftIndex(
            new Ast.Name("_" + index.text(), span),
            Optional.of(new Ast.Ref(index, false, span)),
            span)
        : item;
  }

  /** Ranges of a local's indices that state none; null where one has none. */
  private Map<String, List<Dimension>> ranges(Ast.Equation e, List<Ast.LeftItem> items, Context c) {
    var wanted = new LinkedHashMap<String, Span>();
    var stated = new LinkedHashMap<String, List<Dimension>>();
    for (var item : items) {
      switch (item) {
        case Ast.LeftIndex(var index, var range, var span) when range.isEmpty() ->
            wanted.put(index.text(), span);
        case Ast.LeftRun(var run, var span) -> {
          if (c.frame().find(run.text()) instanceof Entity.Run known) {
            stated.put("..." + run.text(), known.dimensions());
          } else {
            wanted.put("..." + run.text(), span);
          }
        }
        case Ast.LeftIndex _, Ast.LeftWhole _, Ast.Missing _ -> {}
      }
    }
    if (wanted.isEmpty()) {
      return stated;
    }
    var inferred = typer.ranges().infer(wanted, List.of(e.right()), c);
    if (inferred.size() < wanted.size()) {
      return null;
    }
    stated.putAll(inferred);
    return stated;
  }

  /** The right side's context: the left indices are in scope. */
  static Context inside(List<Item> left, Context c) {
    var inner = c;
    var runs = new LinkedHashMap<String, List<Axis>>();
    for (var item : left) {
      if (item.axis() == null) {
        continue;
      }
      if (item.name().startsWith("...")) {
        runs.computeIfAbsent(item.name().substring(3), n -> new ArrayList<>()).add(item.axis());
      } else {
        inner = inner.with(item.name(), List.of(item.axis()));
      }
    }
    for (var run : runs.entrySet()) {
      inner = inner.with(run.getKey(), run.getValue());
    }
    return inner;
  }
}
