package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.compiler.semantics.names.Unit;
import dev.nnlang.compiler.semantics.problem.AlsoAt;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One message for one cause (LR-75): what only follows from another mistake is not said. */
public final class RootCauses {
  private RootCauses() {}

  /**
   * The problems of a declaration's names with a name that nothing declares said once, at its first
   * place; and nothing about the uses of a name that may not be declared.
   */
  static List<Problem> ofNames(List<Problem> problems) {
    record Unknown(int at, List<Span> also) {}
    Map<String, Unknown> unknown = new LinkedHashMap<>();
    Set<String> reserved = new HashSet<>();
    var kept = new ArrayList<Problem>();
    for (var problem : problems) {
      if (problem instanceof NameProblem.ReservedName r) {
        reserved.add(r.name());
      }
      var name = unknownName(problem);
      var first = name == null ? null : unknown.get(name);
      if (first != null) {
        // A name that stands in a subscript somewhere is an index that nothing binds.
        boolean saysMore =
            problem instanceof NameProblem.UnknownIndex
                && kept.get(first.at()) instanceof NameProblem.UnknownName;
        if (saysMore) {
          first.also().addFirst(kept.set(first.at(), problem).at());
        } else {
          first.also().add(problem.at());
        }
        continue;
      }
      if (name != null) {
        unknown.put(name, new Unknown(kept.size(), new ArrayList<>()));
      }
      kept.add(problem);
    }
    for (var u : unknown.values()) {
      if (!u.also().isEmpty() && kept.get(u.at()) instanceof NameProblem problem) {
        kept.set(u.at(), new AlsoAt(problem, u.also()));
      }
    }
    kept.removeIf(
        p ->
            p instanceof NameProblem.ElsewhereOnly e && reserved.contains(e.name())
                || p instanceof ConfigProblem.NoTraining && reserved.contains("training"));
    return kept;
  }

  private static String unknownName(Problem problem) {
    return switch (problem) {
      case NameProblem.UnknownName p -> p.name();
      case NameProblem.UnknownDimension p -> p.name();
      case NameProblem.UnknownIndex p -> p.name();
      default -> null;
    };
  }

  /** Whether a later problem stands in a statement whose names are wrong already. */
  static boolean followsFrom(List<Problem> names, Problem later, List<Ast> statements) {
    for (var problem : names) {
      if (problem.severity() != Severity.ERROR) {
        continue;
      }
      for (var statement : statements) {
        if (holds(statement.span(), problem.at()) && holds(statement.span(), later.at())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The statements of a body that hold no other, and the value of a one-expression body. */
  static List<Ast> statements(Ast.Body body) {
    var found = new ArrayList<Ast>();
    switch (body) {
      case Ast.Single single -> found.add(single.value());
      case Ast.Block block -> collect(block, found);
    }
    return found;
  }

  private static void collect(Ast.Declaration declaration, List<Ast> found) {
    switch (declaration) {
      case Ast.Function f -> found.addAll(statements(f.body()));
      case Ast.Data d -> found.addAll(statements(d.body()));
      case Ast.Train t -> found.addAll(t.settings());
      case Ast.DimDef _, Ast.EnumDim _, Ast.ConstDef _ -> found.add(declaration);
      case Ast.Use _, Ast.Missing _ -> {}
    }
  }

  private static void collect(Ast.Block block, List<Ast> found) {
    for (var statement : block.statements()) {
      switch (statement) {
        case Ast.If i -> {
          found.add(i.condition());
          collect(i.then(), found);
          i.otherwise().ifPresent(b -> collect(b, found));
        }
        case Ast.Sample s -> collect(s.body(), found);
        case Ast.Fit f -> collect(f.body(), found);
        default -> found.add(statement);
      }
    }
  }

  /**
   * All problems but those in a statement that was broken earlier, and the hints and warnings about
   * what a declaration with an error does not use or need: they may be the error's doing.
   */
  static List<Problem> withoutEchoes(List<Problem> earlier, List<Problem> found, List<Unit> units) {
    var problems = new ArrayList<>(earlier);
    var statements = new ArrayList<Ast>();
    if (earlier.stream().anyMatch(p -> p.severity() == Severity.ERROR)) {
      units.forEach(unit -> unit.file().declarations().forEach(d -> collect(d, statements)));
    }
    found.stream().filter(p -> !followsFrom(earlier, p, statements)).forEach(problems::add);
    var broken = new ArrayList<Span>();
    for (var unit : units) {
      var declarations = unit.file().declarations();
      for (int i = 0; i < declarations.size(); i++) {
        var declaration = declarations.get(i);
        // What is missing at a declaration's end is missed where the next begins.
        int end =
            i + 1 < declarations.size()
                ? declarations.get(i + 1).span().start()
                : Integer.MAX_VALUE;
        boolean isBroken =
            problems.stream()
                .anyMatch(
                    p ->
                        p.severity() == Severity.ERROR
                            && p.at().file() == declaration.span().file()
                            && declaration.span().start() <= p.at().start()
                            && p.at().start() < end);
        if (isBroken) {
          broken.add(declaration.span());
        }
      }
    }
    return problems.stream()
        .filter(
            p ->
                !isAboutUse(p)
                    || broken.stream().noneMatch(declaration -> holds(declaration, p.at())))
        .toList();
  }

  private static boolean isAboutUse(Problem problem) {
    return problem instanceof NameProblem.Unused
        || problem instanceof NameProblem.UnusedParam
        || problem instanceof EquationProblem.NeverNeeded
        || problem instanceof EquationProblem.Undecided;
  }

  private static boolean holds(Span outer, Span inner) {
    return outer.file() == inner.file()
        && outer.start() <= inner.start()
        && inner.end() <= outer.end();
  }
}
