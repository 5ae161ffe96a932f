package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Resolves the names of expressions in all branches, taken or not, and says which are unknown or
 * have no place here (LR-5, 19, 34, 43, 59).
 */
public final class NameWalk {
  /** Where an expression stands: names, indices in scope, and what surrounds it. */
  record Place(
      NameScope scope, Map<String, Span> indices, boolean underTraining, boolean isMetricOutput) {
    static Place of(NameScope scope) {
      return new Place(scope, Map.of(), false, false);
    }

    Place with(Map<String, Span> more) {
      if (more.isEmpty()) {
        return this;
      }
      var all = new LinkedHashMap<>(indices);
      all.putAll(more);
      return new Place(scope, all, underTraining, isMetricOutput);
    }

    Place in(NameScope other) {
      return new Place(other, indices, underTraining, isMetricOutput);
    }

    Place training() {
      return new Place(scope, indices, true, isMetricOutput);
    }

    Place metricOutput() {
      return new Place(scope, indices, underTraining, true);
    }
  }

  private final Unit unit;
  private final Where where;
  private final boolean seesBatch;
  private final Optional<String> primable;
  private final Consumer<Problem> problems;
  private Set<String> reads = new LinkedHashSet<>();

  /**
   * @param primable the input of an optimizer that has a next value
   */
  NameWalk(
      Unit unit,
      Where where,
      boolean seesBatch,
      Optional<String> primable,
      Consumer<Problem> problems) {
    this.unit = unit;
    this.where = where;
    this.seesBatch = seesBatch;
    this.primable = primable;
    this.problems = problems;
  }

  /** The names of the declaration that some work reads; a primed name with its prime. */
  Set<String> readsOf(Runnable work) {
    var outer = reads;
    reads = new LinkedHashSet<>();
    work.run();
    var mine = reads;
    reads = outer;
    reads.addAll(mine);
    return mine;
  }

  void expr(Ast.Expr e, Place p) {
    switch (e) {
      case Ast.Ref r -> ref(r, p, false);
      case Ast.Member m -> member(m, p);
      case Ast.Call call -> {
        expr(call.callee(), p);
        call.arguments().forEach(a -> expr(a.value(), p));
      }
      case Ast.Reduction r -> reduction(r, p);
      case Ast.Access a -> access(a, p);
      case Ast.Fallback f -> {
        expr(f.read(), p);
        expr(f.outside(), p);
      }
      case Ast.Unary u -> expr(u.operand(), p);
      case Ast.Binary b -> {
        expr(b.left(), p);
        expr(b.right(), p);
      }
      case Ast.Conditional i -> {
        expr(i.condition(), p);
        expr(i.then(), isTraining(i.condition()) ? p.training() : p);
        expr(i.otherwise(), p);
      }
      case Ast.Pipe pipe -> {
        expr(pipe.input(), p);
        pipe.stages().forEach(s -> expr(s.function(), p));
      }
      case Ast.Named n -> expr(n.value(), p);
      case Ast.ListOf l -> l.items().forEach(i -> expr(i, p));
      case Ast.Range r -> {
        expr(r.from(), p);
        expr(r.to(), p);
      }
      case Ast.IntLiteral _, Ast.RealLiteral _, Ast.BoolLiteral _, Ast.Text _, Ast.Missing _ -> {}
    }
  }

  static boolean isTraining(Ast.Expr condition) {
    return condition instanceof Ast.Ref r && r.name().text().equals("training")
        || condition instanceof Ast.Binary b
            && b.op() == Ast.BinaryOp.AND
            && (isTraining(b.left()) || isTraining(b.right()));
  }

  private void ref(Ast.Ref r, Place p, boolean isSubscript) {
    var name = r.name().text();
    if (r.name().isMissing()) {
      return;
    }
    if (!r.primed() && p.indices().containsKey(name)) {
      return;
    }
    if (p.indices().containsKey("..." + name)) {
      // A run, which is no number: the typer says so.
      return;
    }
    var known = p.scope().find(name);
    if (r.primed()) {
      prime(r, known, p);
      return;
    }
    if (known.isPresent()) {
      p.scope().markRead(name);
      reads.add(name);
      return;
    }
    var branch = p.scope().inOneBranch(name);
    if (branch.isPresent()) {
      problems.accept(new NameProblem.OnlyInBranch(r.span(), name, branch.get()));
      return;
    }
    if (unit.find(name).isPresent() || unit.aliases().containsKey(name)) {
      return;
    }
    if (ScalarFunctions.isKnown(name)) {
      builtIn(name, r.span());
      return;
    }
    if (isSubscript && !r.name().isUpper()) {
      problems.accept(
          new NameProblem.UnknownIndex(r.span(), name, List.copyOf(p.indices().keySet())));
      return;
    }
    unknown(r.name(), p);
  }

  private void unknown(Ast.Name name, Place p) {
    if (unit.mayLack(name.text())) {
      return;
    }
    var known = new ArrayList<>(p.scope().names());
    known.addAll(p.indices().keySet());
    known.addAll(unit.names());
    known.addAll(ScalarFunctions.names());
    problems.accept(
        new NameProblem.UnknownName(name.span(), name.text(), NearNames.near(name.text(), known)));
  }

  /** Names of the language that live in some kinds only (LR-59). */
  private void builtIn(String name, Span at) {
    switch (name) {
      case "training" -> {
        if (!where.knowsTraining()) {
          problems.accept(new ConfigProblem.NoTraining(at, where.word()));
        }
      }
      case "batch" -> {
        if (!seesBatch) {
          elsewhere(at, name, "declarations with an input that starts with `batch`");
        }
      }
      case "params" -> {
        if (where != Where.PLAN) {
          elsewhere(at, name, "the `loss` of a `train`");
        }
      }
      case "step", "steps" -> {
        if (!where.knowsStep()) {
          elsewhere(at, name, "schedules and optimizers");
        }
      }
      case "fan_in", "fan_out" -> {
        if (!where.knowsFans()) {
          elsewhere(at, name, "an `init`");
        }
      }
      default -> {}
    }
  }

  private void elsewhere(Span at, String name, String home) {
    problems.accept(new NameProblem.ElsewhereOnly(at, name, home, where.word()));
  }

  private void prime(Ast.Ref r, Optional<NameScope.Entry> known, Place p) {
    var name = r.name().text();
    if (known.isEmpty()) {
      unknown(r.name(), p);
      return;
    }
    p.scope().markRead(name);
    reads.add(name + "'");
    var why = whyNoPrime(name, known.get().kind());
    if (why.isPresent()) {
      problems.accept(
          new NameProblem.BadPrime(r.span(), name, why.get(), known.map(NameScope.Entry::span)));
    } else if (where.ownsParams() && !p.underTraining()) {
      problems.accept(
          new NameProblem.BadPrime(
              r.span(),
              name,
              "in inference nothing has a next value; read it under `if training`",
              known.map(NameScope.Entry::span)));
    } else if (p.isMetricOutput()) {
      problems.accept(
          new NameProblem.BadPrime(
              r.span(),
              name,
              "a metric's output is computed after the last batch, from `" + name + "`",
              known.map(NameScope.Entry::span)));
    }
  }

  /** Why a name has no next value; empty where it has one (LR-19). */
  Optional<String> whyNoPrime(String name, NameScope.Kind kind) {
    return kind == NameScope.Kind.STATE || primable.filter(name::equals).isPresent()
        ? Optional.empty()
        : Optional.of("it is " + kind.words());
  }

  private void member(Ast.Member m, Place p) {
    if (!(m.object() instanceof Ast.Ref owner)) {
      expr(m.object(), p);
      return;
    }
    var alias = unit.aliases().get(owner.name().text());
    if (alias != null && p.scope().find(owner.name().text()).isEmpty()) {
      if (!alias.own().containsKey(m.member().text()) && !m.member().isMissing()) {
        problems.accept(
            new NameProblem.NotInFile(
                m.member().span(),
                m.member().text(),
                alias.path(),
                NearNames.near(m.member().text(), alias.own().keySet())));
      }
      return;
    }
    ref(owner, p, false);
  }

  private void access(Ast.Access a, Place p) {
    expr(a.target(), p);
    for (var s : a.subscripts()) {
      switch (s) {
        case Ast.At(Ast.Ref r, _) -> ref(r, p, true);
        case Ast.At at -> expr(at.value(), p);
        case Ast.Run run -> {
          if (!p.indices().containsKey("..." + run.name().text()) && !run.name().isMissing()) {
            problems.accept(
                new NameProblem.UnknownIndex(
                    run.span(), "..." + run.name().text(), List.copyOf(p.indices().keySet())));
          }
        }
        case Ast.Whole _, Ast.Missing _ -> {}
      }
    }
  }

  private void reduction(Ast.Reduction r, Place p) {
    var bound = new LinkedHashMap<String, Span>();
    for (var binder : r.binders()) {
      switch (binder) {
        case Ast.IndexBinder(var index, var range, var span) -> {
          range.ifPresent(e -> expr(e, p));
          index(index, p, bound);
          bound.put(index.text(), span);
        }
        case Ast.RunBinder(var name, var span) -> bound.put("..." + name.text(), span);
        case Ast.Missing _ -> {}
      }
    }
    var inner = p.with(bound);
    r.guard().ifPresent(g -> expr(g, inner));
    expr(r.body(), inner);
  }

  /** A new index may not hide anything of the declaration, nor an index around it. */
  void index(Ast.Name index, Place p, Map<String, Span> sisters) {
    var name = index.text();
    if (index.isMissing()) {
      return;
    }
    var outer = p.indices().containsKey(name) ? p.indices().get(name) : sisters.get(name);
    if (outer != null) {
      problems.accept(new NameProblem.HiddenByIndex(index.span(), name, "an index", outer));
      return;
    }
    p.scope()
        .find(name)
        .ifPresent(
            e ->
                problems.accept(
                    new NameProblem.HiddenByIndex(index.span(), name, e.kind().words(), e.span())));
  }

  /** A size or a range. */
  void size(Ast.Expr e, Place p) {
    if (e instanceof Ast.Ref r
        && !r.name().isMissing()
        && p.scope().find(r.name().text()).isEmpty()
        && unit.find(r.name().text()).isEmpty()
        && !ScalarFunctions.isKnown(r.name().text())) {
      if (unit.mayLack(r.name().text())) {
        return;
      }
      var known = new ArrayList<>(p.scope().names());
      known.addAll(unit.names());
      problems.accept(
          new NameProblem.UnknownDimension(
              r.span(), r.name().text(), NearNames.near(r.name().text(), known)));
      return;
    }
    expr(e, p);
  }

  /** What of the file or the library a local of this name hides; empty where nothing. */
  Optional<String> hidden(String name) {
    var symbol = unit.find(name);
    if (symbol.isPresent()) {
      return Optional.of("the " + symbol.get());
    }
    return ScalarFunctions.isKnown(name)
        ? Optional.of("the built-in `" + name + "`")
        : Optional.empty();
  }
}
