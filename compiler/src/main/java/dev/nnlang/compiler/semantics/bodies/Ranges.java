package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The range of an index that states none: the dimension of its bare accesses (LR-2). A position
 * under {@code ??} counts only where no other does.
 */
public final class Ranges {
  private final Typer typer;

  Ranges(Typer typer) {
    this.typer = typer;
  }

  private record Found(Dimension dimension, boolean guarded, Span at) {}

  private record FoundRun(List<Dimension> dimensions, Span at) {}

  /** What one walk over the scope of some indices has seen. */
  private static final class Seen {
    final Map<String, List<Found>> indices = new LinkedHashMap<>();
    final Map<String, List<FoundRun>> runs = new LinkedHashMap<>();
    final Set<String> wanted;

    Seen(Set<String> wanted) {
      this.wanted = wanted;
    }
  }

  /**
   * The ranges of indices and of runs by name; a name is missing where none was found, and a
   * problem reported.
   *
   * @param wanted names of indices, and {@code ...s} for runs
   * @param scope where they may be read
   */
  Map<String, List<Dimension>> infer(Map<String, Span> wanted, List<Ast.Expr> scope, Context c) {
    var seen = new Seen(wanted.keySet());
    scope.forEach(e -> walk(e, false, seen, c));
    var result = new LinkedHashMap<String, List<Dimension>>();
    wanted.forEach(
        (name, at) -> {
          if (name.startsWith("...")) {
            var runs = seen.runs.get(name.substring(3));
            if (runs == null) {
              c.frame().report(new EquationProblem.NoRange(at, name));
            } else {
              result.put(name, runs.getFirst().dimensions());
            }
          } else {
            var range = choose(name, at, seen.indices.getOrDefault(name, List.of()), c);
            if (range != null) {
              result.put(name, List.of(range));
            }
          }
        });
    return result;
  }

  private static Dimension choose(String name, Span at, List<Found> found, Context c) {
    var unguarded = found.stream().filter(f -> !f.guarded()).toList();
    var candidates = unguarded.isEmpty() ? found : unguarded;
    if (candidates.isEmpty()) {
      c.frame().report(new EquationProblem.NoRange(at, name));
      return null;
    }
    var best = candidates.getFirst();
    boolean all = true;
    for (var other : candidates) {
      if (Shapes.isEnumerated(best.dimension())
          && Shapes.isEnumerated(other.dimension())
          && Shapes.differ(best.dimension(), other.dimension())) {
        return differ(name, at, best, other, c);
      }
      boolean same =
          best.dimension().size().equals(other.dimension().size())
              || c.prover().equal(best.dimension().size(), other.dimension().size());
      all &= same;
      if (same ? best.dimension().named().isEmpty() : atMost(other, best, c)) {
        best = other;
      }
    }
    if (!all) {
      for (var other : candidates) {
        if (!atMost(best, other, c)) {
          // Symbols may turn out equal at a use; a witness says that they need not.
          return differ(name, at, best, other, c);
        }
      }
    }
    return best.dimension();
  }

  private static boolean atMost(Found a, Found b, Context c) {
    return c.prover().atMost(a.dimension().size(), b.dimension().size());
  }

  private static Dimension differ(String name, Span at, Found one, Found other, Context c) {
    c.frame()
        .report(
            new EquationProblem.RangesDiffer(
                at,
                name,
                Types.size(one.dimension()),
                Types.size(other.dimension()),
                one.at(),
                other.at()));
    return null;
  }

  private void walk(Ast.Expr e, boolean guarded, Seen seen, Context c) {
    switch (e) {
      case Ast.Access a -> access(a, guarded, seen, c);
      case Ast.Fallback f -> {
        walk(f.read(), true, seen, c);
        walk(f.outside(), false, seen, c);
      }
      case Ast.Unary u -> walk(u.operand(), false, seen, c);
      case Ast.Binary b -> {
        walk(b.left(), false, seen, c);
        walk(b.right(), false, seen, c);
      }
      case Ast.Conditional i -> {
        walk(i.condition(), false, seen, c);
        walk(i.then(), false, seen, c);
        walk(i.otherwise(), false, seen, c);
      }
      case Ast.Call call -> {
        walk(call.callee(), false, seen, c);
        call.arguments().forEach(a -> walk(a.value(), false, seen, c));
      }
      case Ast.Reduction r -> {
        r.guard().ifPresent(g -> walk(g, false, seen, c));
        walk(r.body(), false, seen, c);
      }
      case Ast.Pipe p -> {
        walk(p.input(), false, seen, c);
        p.stages().forEach(s -> walk(s.function(), false, seen, c));
      }
      case Ast.Named n -> walk(n.value(), false, seen, c);
      case Ast.ListOf l -> l.items().forEach(i -> walk(i, false, seen, c));
      case Ast.Range r -> {
        walk(r.from(), false, seen, c);
        walk(r.to(), false, seen, c);
      }
      case Ast.Member _,
          Ast.Ref _,
          Ast.IntLiteral _,
          Ast.RealLiteral _,
          Ast.BoolLiteral _,
          Ast.Text _,
          Ast.Missing _ -> {}
    }
  }

  private void access(Ast.Access a, boolean guarded, Seen seen, Context c) {
    a.subscripts()
        .forEach(
            s -> {
              if (s instanceof Ast.At at) {
                walk(at.value(), false, seen, c);
              }
            });
    boolean concerns =
        a.subscripts().stream()
            .anyMatch(
                s ->
                    s instanceof Ast.At(Ast.Ref r, _) && seen.wanted.contains(r.name().text())
                        || s instanceof Ast.Run run
                            && seen.wanted.contains("..." + run.name().text()));
    if (!concerns) {
      if (!(a.target() instanceof Ast.Ref)) {
        walk(a.target(), false, seen, c);
      }
      return;
    }
    var shape = shape(a.target(), c);
    if (shape != null) {
      positions(a, shape, guarded, seen, c);
    }
  }

  /** The shape of what is read, where it can be known before the indices are. */
  private List<Dimension> shape(Ast.Expr target, Context c) {
    if (target instanceof Ast.Ref r) {
      return switch (c.frame().find(r.name().text())) {
        case Entity.Tensor t -> t.variable().type().shape();
        case Entity.Setting s when s.list != null -> s.list.type().shape();
        case Entity.Local l -> typer.definitions().shape(l, c.frame());
        case null, default -> null;
      };
    }
    var value = c.frame().engine().quietly(() -> typer.type(target, c));
    return value == null ? null : value.type().shape();
  }

  private static void positions(
      Ast.Access a, List<Dimension> shape, boolean guarded, Seen seen, Context c) {
    int known = 0;
    int unknown = 0;
    for (var s : a.subscripts()) {
      var axes = s instanceof Ast.Run run ? c.index(run.name().text()) : null;
      if (s instanceof Ast.Run && axes == null) {
        unknown++;
      } else {
        known += axes == null ? 1 : axes.size();
      }
    }
    int left = shape.size() - known;
    if (left < 0 || unknown > 1 || unknown == 0 && left > 0) {
      return;
    }
    int at = 0;
    for (var s : a.subscripts()) {
      switch (s) {
        case Ast.Run run -> {
          var axes = c.index(run.name().text());
          int length = axes == null ? left : axes.size();
          if (axes == null) {
            seen.runs
                .computeIfAbsent(run.name().text(), n -> new ArrayList<>())
                .add(new FoundRun(shape.subList(at, at + length), run.span()));
          }
          at += length;
        }
        case Ast.At(Ast.Ref r, var span) when !r.primed() -> {
          if (seen.wanted.contains(r.name().text())) {
            seen.indices
                .computeIfAbsent(r.name().text(), n -> new ArrayList<>())
                .add(new Found(shape.get(at), guarded, span));
          }
          at++;
        }
        case Ast.At _, Ast.Whole _, Ast.Missing _ -> at++;
      }
    }
  }
}
