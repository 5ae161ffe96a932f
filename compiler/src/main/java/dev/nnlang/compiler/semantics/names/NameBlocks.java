package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.names.NameScope.Kind;
import dev.nnlang.compiler.semantics.names.NameWalk.Place;
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

/** The names that a body defines, branch by branch, and those that its equations read. */
public final class NameBlocks {
  private final NameWalk walk;
  private final Where where;
  private final Set<String> outputs;
  private final Consumer<Problem> problems;
  private Defined defined = new Defined();

  /** What each name's equations read, over all branches. */
  private final Map<String, Set<String>> reads = new LinkedHashMap<>();

  private final List<Ast.Name> locals = new ArrayList<>();
  private final List<Ast.Name> params = new ArrayList<>();
  private NameScope scope;

  /** Names with an equation in a block: in every static case, or in one branch only. */
  private static final class Defined {
    final Map<String, Span> always = new LinkedHashMap<>();
    final Map<String, Span> sometimes = new LinkedHashMap<>();
  }

  NameBlocks(NameWalk walk, Where where, Set<String> outputs, Consumer<Problem> problems) {
    this.walk = walk;
    this.where = where;
    this.outputs = outputs;
    this.problems = problems;
  }

  /** Checks a declaration's whole body. */
  void check(Ast.Block block, Place place) {
    scope = place.scope();
    defined = collect(block, place.scope());
    statements(block, place);
  }

  /** Reports a name that some static case leaves without an equation. */
  void mustBeDefined(Ast.Name name, String what, boolean mayReadState) {
    if (name.isMissing() || defined.always.containsKey(name.text())) {
      return;
    }
    problems.accept(
        new NameProblem.NeverDefined(
            name.span(),
            name.text(),
            what,
            Optional.ofNullable(defined.sometimes.get(name.text()))));
  }

  void mustHaveNext(Ast.Name name) {
    var next = name.text() + "'";
    if (!name.isMissing() && !defined.always.containsKey(next)) {
      problems.accept(
          new NameProblem.NeverDefined(
              name.span(),
              next,
              "the next value",
              Optional.ofNullable(defined.sometimes.get(next))));
    }
  }

  /** Hints at locals that nothing reads, warns of params that no output depends on (LR-57). */
  void unused(List<String> results) {
    for (var local : locals) {
      if (!scope.isRead(local.text())) {
        problems.accept(new NameProblem.Unused(local.span(), local.text(), "the local"));
      }
    }
    var from = new ArrayList<>(results);
    reads.keySet().stream().filter(n -> n.endsWith("'")).forEach(from::add);
    var reached = reached(from);
    for (var param : params) {
      if (!reached.contains(param.text())) {
        problems.accept(new NameProblem.UnusedParam(param.span(), param.text()));
      }
    }
  }

  /** Every name that some of these depend on, themselves among them. */
  Set<String> reached(List<String> results) {
    var reached = new LinkedHashSet<String>();
    var work = new ArrayList<>(results);
    while (!work.isEmpty()) {
      var name = work.removeLast();
      if (reached.add(name)) {
        work.addAll(reads.getOrDefault(name, Set.of()));
      }
    }
    return reached;
  }

  // What is defined.

  private Defined collect(Ast.Block block, NameScope into) {
    var all = new Defined();
    for (var s : block.statements()) {
      switch (s) {
        case Ast.Equation e -> equation(e, all, into);
        case Ast.Destructuring d ->
            d.targets().forEach(t -> t.name().ifPresent(n -> local(n, n.span(), false, all, into)));
        case Ast.Param p -> {
          owner(p.name(), Kind.PARAM, all, into);
          params.add(p.name());
          if (!where.ownsParams()) {
            notAllowed(p.name().span(), "a `param`", "layers and models");
          }
        }
        case Ast.State p -> {
          owner(p.name(), Kind.STATE, all, into);
          if (!where.ownsState()) {
            notAllowed(
                p.name().span(), "a `state`", "layers, models, metrics, optimizers and schedules");
          }
        }
        case Ast.DimDef d -> {
          if (into.entries().get(d.name().text()) instanceof NameScope.Entry known
              && !known.span().equals(d.name().span())) {
            problems.accept(
                new NameProblem.DuplicateName(
                    d.name().span(), d.name().text(), known.span(), "here"));
          }
          into.declare(d.name().text(), Kind.DIM, d.name().span());
        }
        case Ast.ConstDef k -> Names.declare(k.name(), Kind.CONFIG, into, "here", problems);
        case Ast.If i -> branches(i, all, into);
        case Ast.EnumDim d ->
            problems.accept(
                new ConfigProblem.NotAllowedHere(
                    d.name().span(),
                    "an enumerated dimension",
                    where.word(),
                    "a file, at its top"));
        case Ast.Source _, Ast.Sample _, Ast.Fit _, Ast.Setting _, Ast.Missing _ -> {}
      }
    }
    return all;
  }

  private void notAllowed(Span at, String what, String home) {
    problems.accept(new ConfigProblem.NotAllowedHere(at, what, where.word(), home));
  }

  private void owner(Ast.Name name, Kind kind, Defined all, NameScope into) {
    if (name.isMissing()) {
      return;
    }
    into.find(name.text())
        .ifPresentOrElse(
            first ->
                problems.accept(
                    new NameProblem.DuplicateName(
                        name.span(), name.text(), first.span(), "in this declaration")),
            () -> Names.declare(name, kind, into, "in this declaration", problems));
    all.always.putIfAbsent(name.text(), name.span());
  }

  private void equation(Ast.Equation e, Defined all, NameScope into) {
    var name = e.left().name();
    if (e.left().primed()) {
      // Whether it may have a next value is known when all states are.
      define(name.text() + "'", e.left().span(), all);
    } else {
      local(name, e.left().span(), e.right() instanceof Ast.Missing, all, into);
    }
  }

  /** A statement with a hole for its value has had its message: it need be no definition. */
  private void local(Ast.Name name, Span at, boolean isHole, Defined all, NameScope into) {
    if (name.isMissing()) {
      return;
    }
    var known = into.find(name.text());
    if (known.isPresent()
        && known.get().kind() != Kind.OUTPUT
        && known.get().kind() != Kind.LOCAL) {
      if (isHole) {
        return;
      }
      problems.accept(
          new NameProblem.NotAssignable(
              name.span(), name.text(), known.get().kind().words(), known.get().span()));
      return;
    }
    if (!define(name.text(), at, all)) {
      return;
    }
    if (known.isPresent()) {
      if (known.get().kind() == Kind.LOCAL && !all.always.containsKey(name.text())) {
        problems.accept(new NameProblem.DefinedTwice(at, name.text(), known.get().span()));
      }
      return;
    }
    Names.declare(name, Kind.LOCAL, into, "in this declaration", problems);
    if (!Names.isReserved(name.text())) {
      locals.add(name);
      hides(name);
    }
  }

  private void hides(Ast.Name name) {
    walk.hidden(name.text())
        .ifPresent(what -> problems.accept(new NameProblem.Hides(name.span(), name.text(), what)));
  }

  private boolean define(String name, Span at, Defined all) {
    var first = all.always.get(name);
    first = first == null ? all.sometimes.get(name) : first;
    if (first != null) {
      problems.accept(new NameProblem.DefinedTwice(at, name, first));
      return false;
    }
    all.always.put(name, at);
    return true;
  }

  /** LR-34: what every branch defines is visible after, what one defines is local to it. */
  private void branches(Ast.If i, Defined all, NameScope into) {
    var thenScope = into.child();
    var elseScope = into.child();
    var then = collect(i.then(), thenScope);
    var otherwise = i.otherwise().map(b -> collect(b, elseScope)).orElseGet(Defined::new);
    scopes.put(i.then(), thenScope);
    i.otherwise().ifPresent(b -> scopes.put(b, elseScope));
    for (var entry : then.always.entrySet()) {
      var name = entry.getKey();
      if (otherwise.always.containsKey(name)) {
        if (define(name, entry.getValue(), all) && !name.endsWith("'")) {
          var known = thenScope.entries().get(name);
          if (known != null && known.kind() == Kind.LOCAL) {
            into.declare(name, Kind.LOCAL, entry.getValue());
          }
        }
      } else {
        once(name, entry.getValue(), i.then().span(), all, into);
      }
    }
    for (var entry : otherwise.always.entrySet()) {
      if (!then.always.containsKey(entry.getKey())) {
        once(entry.getKey(), entry.getValue(), i.otherwise().orElseThrow().span(), all, into);
      }
    }
    then.sometimes.forEach(all.sometimes::putIfAbsent);
    otherwise.sometimes.forEach(all.sometimes::putIfAbsent);
  }

  private final Map<Ast.Block, NameScope> scopes = new java.util.IdentityHashMap<>();

  private void once(String name, Span at, Span branch, Defined all, NameScope into) {
    var first = all.always.get(name);
    if (first != null) {
      problems.accept(new NameProblem.DefinedTwice(at, name, first));
      return;
    }
    all.sometimes.putIfAbsent(name, at);
    if (!name.endsWith("'") && !outputs.contains(name)) {
      into.branchOnly().putIfAbsent(name, new Span(branch.file(), at.start(), at.end()));
    }
  }

  // What is read.

  private void statements(Ast.Block block, Place p) {
    for (var s : block.statements()) {
      switch (s) {
        case Ast.Equation e -> equation(e, p);
        case Ast.Destructuring d -> {
          var read = walk.readsOf(() -> walk.expr(d.right(), p));
          d.targets().forEach(t -> t.name().ifPresent(n -> note(n.text(), read)));
        }
        case Ast.Param o -> owner(o.name(), o.dims(), o.type(), o.relation(), o.value(), p);
        case Ast.State o -> owner(o.name(), o.dims(), o.type(), o.relation(), o.value(), p);
        case Ast.DimDef d -> walk.size(d.value(), p);
        case Ast.ConstDef k -> walk.expr(k.value(), p);
        case Ast.If i -> {
          walk.expr(i.condition(), p);
          var then = p.in(scopes.get(i.then()));
          statements(i.then(), NameWalk.isTraining(i.condition()) ? then.training() : then);
          i.otherwise().ifPresent(b -> statements(b, p.in(scopes.get(b))));
        }
        case Ast.EnumDim _,
            Ast.Source _,
            Ast.Sample _,
            Ast.Fit _,
            Ast.Setting _,
            Ast.Missing _ -> {}
      }
    }
  }

  private void note(String name, Set<String> read) {
    reads.computeIfAbsent(name, n -> new LinkedHashSet<>()).addAll(read);
  }

  private void equation(Ast.Equation e, Place p) {
    var name = e.left().name();
    if (e.left().primed() && !name.isMissing()) {
      var known = p.scope().find(name.text());
      if (known.isEmpty()) {
        problems.accept(
            new NameProblem.BadPrime(
                e.left().span(), name.text(), "there is no such state", Optional.empty()));
      } else {
        walk.whyNoPrime(name.text(), known.get().kind())
            .ifPresent(
                why ->
                    problems.accept(
                        new NameProblem.BadPrime(
                            e.left().span(), name.text(), why, Optional.of(known.get().span()))));
      }
    }
    if (e.relation() == Ast.Relation.DRAWN && !where.draws()) {
      notAllowed(e.right().span(), "a draw", "layers, models, samples and initialisers");
    }
    var indices = new LinkedHashMap<String, Span>();
    for (var item : e.left().items().orElse(List.of())) {
      switch (item) {
        case Ast.LeftIndex(var index, var range, var span) -> {
          boolean isSize = range.isEmpty() && index.isUpper() && e.relation() == Ast.Relation.DRAWN;
          if (isSize) {
            walk.size(new Ast.Ref(index, false, span), p);
          } else {
            range.ifPresent(r -> walk.size(r, p));
            // The same index twice on one left side has its own message.
            walk.index(index, p, Map.of());
            indices.put(index.text(), span);
          }
        }
        case Ast.LeftRun(var run, var span) -> indices.put("..." + run.text(), span);
        case Ast.LeftWhole _, Ast.Missing _ -> {}
      }
    }
    e.type()
        .ifPresent(
            t -> {
              if (t instanceof Ast.IndexType(var d, _)) {
                walk.size(d, p);
              }
            });
    boolean metric = where == Where.METRIC && outputs.contains(name.text()) && !e.left().primed();
    var inner = metric ? p.metricOutput().with(indices) : p.with(indices);
    var read = walk.readsOf(() -> walk.expr(e.right(), inner));
    note(e.left().primed() ? name.text() + "'" : name.text(), read);
  }

  /** LR-58: shapes and first values know config, dimensions, indices and draws only. */
  private void owner(
      Ast.Name name,
      Optional<List<Ast.DimItem>> dims,
      Optional<Ast.Type> type,
      Ast.Relation relation,
      Ast.Expr value,
      Place p) {
    var indices = new LinkedHashMap<String, Span>();
    for (var item : dims.orElse(List.of())) {
      switch (item) {
        case Ast.DimSize(var size, _) -> walk.size(size, p);
        case Ast.DimIndexed(var index, var size, var span) -> {
          walk.size(size, p);
          walk.index(index, p, indices);
          indices.put(index.text(), span);
        }
        case Ast.DimRun(var run, var span) -> walk.size(new Ast.Ref(run, false, span), p);
        case Ast.DimBatch _, Ast.Missing _ -> {}
      }
    }
    type.ifPresent(
        t -> {
          if (t instanceof Ast.IndexType(var d, _)) {
            walk.size(d, p);
          }
        });
    var read = walk.readsOf(() -> walk.expr(value, p.with(indices)));
    for (var read1 : read) {
      p.scope()
          .find(read1)
          .filter(e -> e.kind() != Kind.CONFIG && e.kind() != Kind.DIM && e.kind() != Kind.RUN)
          .ifPresent(
              e ->
                  problems.accept(
                      new ConfigProblem.NotStatic(
                          value.span(), "the first value of `" + name.text() + "`")));
    }
  }
}
