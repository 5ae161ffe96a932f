package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.names.NameScope.Kind;
import dev.nnlang.compiler.semantics.names.NameWalk.Place;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.NameProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Checks the names of one declaration in all its branches, before anything is instantiated: what is
 * unknown, declared twice, hidden, never defined, never read (LR-19, 34, 43, 57, 58, 59).
 */
public final class Names {
  private final Unit unit;
  private final Consumer<Problem> problems;

  private Names(Unit unit, Consumer<Problem> problems) {
    this.unit = unit;
    this.problems = problems;
  }

  /** Checks a function, layer, model, loss, metric, optimizer, init or schedule. */
  public static void check(Symbol symbol, Ast.Function f, Consumer<Problem> problems) {
    new Names(symbol.unit(), problems).function(symbol, f);
  }

  /** Checks the equations of {@code fit} and {@code sample}. */
  public static void check(Symbol symbol, Ast.Data d, Consumer<Problem> problems) {
    new Names(symbol.unit(), problems).data(d);
  }

  /** The dimension names of a head that nothing declares: inferred from the inputs (LR-22). */
  public static Set<String> fresh(Ast.Function f, Unit unit) {
    var names = new LinkedHashSet<String>();
    for (var port : f.inputs()) {
      for (var item : port.dims().orElse(List.of())) {
        if (item instanceof Ast.DimSize(var size, _)) {
          collect(size, names);
        }
      }
      if (port.type().isPresent() && port.type().get() instanceof Ast.IndexType(var d, _)) {
        collect(d, names);
      }
    }
    names.removeIf(n -> unit.findNear(n).isPresent());
    f.configs().forEach(k -> names.remove(k.name().text()));
    if (f.body() instanceof Ast.Block b) {
      b.statements()
          .forEach(
              s -> {
                if (s instanceof Ast.DimDef d) {
                  names.remove(d.name().text());
                }
              });
    }
    return names;
  }

  /** Adds the names in a size. */
  public static void collect(Ast.Expr size, Set<String> names) {
    switch (size) {
      case Ast.Ref r when !r.name().isMissing() -> names.add(r.name().text());
      case Ast.Binary b -> {
        collect(b.left(), names);
        collect(b.right(), names);
      }
      case Ast.Unary u -> collect(u.operand(), names);
      default -> {}
    }
  }

  private void function(Symbol symbol, Ast.Function f) {
    var where = Where.of(f.kind());
    boolean seesBatch =
        f.inputs().stream()
            .anyMatch(
                p ->
                    p.dims()
                        .filter(d -> !d.isEmpty() && d.getFirst() instanceof Ast.DimBatch)
                        .isPresent());
    var primable =
        f.kind() == Ast.Kind.OPTIMIZER && !f.inputs().isEmpty()
            ? Optional.of(f.inputs().getFirst().name().text())
            : Optional.<String>empty();
    var walk = new NameWalk(unit, where, seesBatch, primable, problems);
    var scope = NameScope.root();
    configs(f.configs(), scope);
    var fresh = fresh(f, unit);
    for (var port : f.inputs()) {
      inputDims(port, fresh, scope, f.kind());
      batch(port, f.kind());
    }
    for (var port : f.inputs()) {
      declare(port.name(), Kind.INPUT, scope, "in this head");
    }
    if (f.body() instanceof Ast.Block block) {
      dims(block, scope);
    }
    var place = Place.of(scope);
    configDefaults(f, walk, place);
    f.inputs().forEach(port -> port(port, walk, place));
    absents(f);
    var outputs = new LinkedHashSet<String>();
    for (var port : f.outputs()) {
      var input = scope.find(port.name().text()).filter(e -> e.kind() == Kind.INPUT);
      if (input.isEmpty()) {
        declare(port.name(), Kind.OUTPUT, scope, "in this head");
        outputs.add(port.name().text());
      }
      port(port, walk, place);
    }
    f.conditions().forEach(k -> walk.expr(k.test(), place));
    var body = new NameBlocks(walk, where, outputs, problems);
    switch (f.body()) {
      case Ast.Single single -> {
        if (single.relation() == Ast.Relation.DRAWN && !where.draws()) {
          problems.accept(
              new ConfigProblem.NotAllowedHere(
                  single.value().span(), "a draw", where.word(), "layers, models and samples"));
        }
        var read = walk.readsOf(() -> walk.expr(single.value(), place));
        f.inputs().forEach(port -> unused(port, scope));
        if (f.kind() == Ast.Kind.SCHEDULE) {
          ahead(single.value().span(), f.name().text(), read, f);
        }
        return;
      }
      case Ast.Block block -> body.check(block, place);
    }
    for (var port : f.outputs()) {
      if (outputs.contains(port.name().text())) {
        body.mustBeDefined(port.name(), "the output", f.kind() == Ast.Kind.METRIC);
      }
    }
    primable.ifPresent(w -> body.mustHaveNext(f.inputs().getFirst().name()));
    f.inputs().forEach(port -> unused(port, scope));
    body.unused(f.outputs().stream().map(p -> p.name().text()).toList());
    if (f.kind() == Ast.Kind.SCHEDULE) {
      for (var port : f.outputs()) {
        ahead(port.name().span(), port.name().text(), body.reached(List.of(port.name().text())), f);
      }
    }
  }

  /** The value of a schedule is wanted at every step; its inputs are known after an epoch. */
  private void ahead(Span output, String name, Set<String> reached, Ast.Function f) {
    var inputs = f.inputs().stream().map(Ast.Port::name).filter(n -> !n.isMissing()).toList();
    reached.stream()
        .filter(r -> r.endsWith("'") || inputs.stream().anyMatch(i -> i.text().equals(r)))
        .findFirst()
        .ifPresent(
            r ->
                problems.accept(
                    new NameProblem.AheadOfResult(
                        output,
                        name,
                        r,
                        inputs.stream()
                            .filter(i -> i.text().equals(r))
                            .map(Ast.Name::span)
                            .findFirst())));
  }

  private void configs(List<Ast.Config> configs, NameScope scope) {
    for (var config : configs) {
      declare(config.name(), Kind.CONFIG, scope, "in this head");
    }
  }

  private void configDefaults(Ast.Function f, NameWalk walk, Place place) {
    for (var config : f.configs()) {
      config.fallback().ifPresent(e -> walk.expr(e, place));
      if (f.kind() == Ast.Kind.MODEL && config.fallback().isEmpty() && !config.name().isMissing()) {
        problems.accept(new ConfigProblem.ModelNeedsDefault(config.span(), config.name().text()));
      }
    }
  }

  private void inputDims(Ast.Port port, Set<String> fresh, NameScope scope, Ast.Kind kind) {
    for (var item : port.dims().orElse(List.of())) {
      switch (item) {
        case Ast.DimSize(Ast.Ref r, var span) -> {
          if (fresh.contains(r.name().text())) {
            upper(r.name(), scope);
            scope.declare(r.name().text(), Kind.DIM, span);
          } else {
            captured(r, kind);
          }
        }
        case Ast.DimRun(var name, var span) -> {
          upper(name, scope);
          scope.declare(name.text(), Kind.RUN, span);
        }
        case Ast.DimSize _, Ast.DimBatch _, Ast.DimIndexed _, Ast.Missing _ -> {}
      }
    }
    for (var name : fresh) {
      // Names inside arithmetic and index types.
      scope.declare(name, Kind.DIM, port.span());
    }
  }

  /** LR-8: a dimension, where it is first written, begins with a capital letter. */
  private void upper(Ast.Name name, NameScope scope) {
    if (!name.isUpper()
        && !name.isMissing()
        && !isReserved(name.text())
        && name.text().chars().anyMatch(Character::isLetter)
        && scope.find(name.text()).isEmpty()) {
      problems.accept(new NameProblem.WrongCase(name.span(), name.text(), "a dimension", true));
    }
  }

  /** LR-22: a numeric `dim` of the file in a layer's or loss's head is perhaps not meant. */
  private void captured(Ast.Ref r, Ast.Kind kind) {
    if (kind != Ast.Kind.LAYER && kind != Ast.Kind.LOSS) {
      return;
    }
    unit.findNear(r.name().text())
        .filter(s -> s.declaration() instanceof Ast.DimDef)
        .ifPresent(
            s -> problems.accept(new NameProblem.CapturedDim(r.span(), r.name().text(), s.span())));
  }

  /** LR-17: which kinds may see the batch. */
  private void batch(Ast.Port port, Ast.Kind kind) {
    boolean mayStand =
        switch (kind) {
          case LAYER, MODEL, LOSS, METRIC -> true;
          case FN, ACTIVATION, OPTIMIZER, INIT, SCHEDULE -> false;
        };
    for (var item : port.dims().orElse(List.of())) {
      if (item instanceof Ast.DimBatch(var span) && !mayStand) {
        problems.accept(
            new NameProblem.ElsewhereOnly(
                span, "batch", "the heads of layers, models, losses and metrics", kind.word()));
      }
    }
  }

  private static void port(Ast.Port port, NameWalk walk, Place place) {
    for (var item : port.dims().orElse(List.of())) {
      switch (item) {
        case Ast.DimSize(var size, _) -> walk.size(size, place);
        case Ast.DimRun(var name, var span) -> walk.size(new Ast.Ref(name, false, span), place);
        case Ast.DimIndexed(_, var size, _) -> walk.size(size, place);
        case Ast.DimBatch _, Ast.Missing _ -> {}
      }
    }
    if (port.type().isPresent() && port.type().get() instanceof Ast.IndexType(var d, _)) {
      walk.size(d, place);
    }
    if (port.absent().isPresent() && port.absent().get() instanceof Ast.Default(var value, _)) {
      walk.expr(value, place);
    }
  }

  /** Inputs may have a default, outputs after the first may be dropped; those come last. */
  private void absents(Ast.Function f) {
    boolean isCalled =
        !Set.of(Ast.Kind.OPTIMIZER, Ast.Kind.INIT, Ast.Kind.SCHEDULE).contains(f.kind());
    boolean before = false;
    for (var port : f.inputs()) {
      var name = port.name().text();
      switch (port.absent().orElse(null)) {
        case Ast.Dropped d ->
            misplaced(
                d, "`_` is no value for the input `" + name + "`", "write a value, as in `x ?? 0`");
        case Ast.Default d when !isCalled ->
            misplaced(
                d,
                "the inputs of " + f.kind().word() + " `" + f.name().text() + "` are always given",
                "remove the default");
        case Ast.Default _ -> {}
        case null -> {
          if (before && !port.name().isMissing()) {
            misplaced(
                port,
                "the input `" + name + "` has no default, but one before it has",
                "put inputs with a default last");
          }
        }
      }
      before |= port.absent().isPresent();
    }
    before = false;
    for (var port : f.outputs()) {
      var name = port.name().text();
      switch (port.absent().orElse(null)) {
        case Ast.Default d ->
            misplaced(
                d,
                "the output `" + name + "` has its value from an equation",
                "write `" + name + " ?? _` for one that need not be taken");
        case Ast.Dropped d when port == f.outputs().getFirst() ->
            misplaced(d, "the first output must be taken", "let only later ones be dropped");
        case Ast.Dropped _ -> {}
        case null -> {
          if (before && !port.name().isMissing()) {
            misplaced(
                port,
                "the output `" + name + "` must be taken, but one before it need not",
                "put outputs that may be dropped last");
          }
        }
      }
      before |= port.absent().isPresent();
    }
  }

  private void misplaced(Ast at, String why, String mend) {
    problems.accept(new ConfigProblem.MisplacedAbsent(at.span(), why, mend));
  }

  private void declare(Ast.Name name, Kind kind, NameScope scope, String where) {
    declare(name, kind, scope, where, problems);
  }

  static void declare(
      Ast.Name name, Kind kind, NameScope scope, String where, Consumer<Problem> problems) {
    if (name.isMissing()) {
      return;
    }
    if (isReserved(name.text())) {
      problems.accept(new NameProblem.ReservedName(name.span(), name.text()));
      return;
    }
    scope
        .declare(name.text(), kind, name.span())
        .ifPresent(
            first ->
                problems.accept(
                    new NameProblem.DuplicateName(name.span(), name.text(), first.span(), where)));
  }

  static boolean isReserved(String name) {
    return name.equals("batch") || name.equals("training") || name.equals("params");
  }

  private void dims(Ast.Block block, NameScope scope) {
    for (var s : block.statements()) {
      if (s instanceof Ast.DimDef d) {
        upper(d.name(), scope);
        scope.declare(d.name().text(), Kind.DIM, d.name().span());
      }
    }
  }

  private void unused(Ast.Port port, NameScope scope) {
    if (!scope.isRead(port.name().text()) && !port.name().isMissing()) {
      problems.accept(new NameProblem.Unused(port.name().span(), port.name().text(), "the input"));
    }
  }

  // Data.

  private void data(Ast.Data d) {
    var scope = NameScope.root();
    configs(d.configs(), scope);
    var file = new NameWalk(unit, Where.FILE, false, Optional.empty(), problems);
    var place = Place.of(scope);
    d.configs().forEach(k -> k.fallback().ifPresent(e -> file.expr(e, place)));
    for (var s : d.body().statements()) {
      if (s instanceof Ast.DimDef def) {
        declare(def.name(), Kind.DIM, scope, "in this data");
        file.expr(def.value(), place);
      }
      if (s instanceof Ast.ConstDef def) {
        declare(def.name(), Kind.CONFIG, scope, "in this data");
        file.expr(def.value(), place);
      }
    }
    for (var s : d.body().statements()) {
      if (s instanceof Ast.Source source) {
        source(source, scope, file, place);
      }
    }
    Optional<Ast.Sample> sample = Optional.empty();
    for (var s : d.body().statements()) {
      if (s instanceof Ast.Sample one) {
        sample = Optional.of(one);
      }
    }
    for (var s : d.body().statements()) {
      if (s instanceof Ast.Fit fit) {
        var walk = new NameWalk(unit, Where.FIT, false, Optional.empty(), problems);
        var inner = scope.child();
        var body = new NameBlocks(walk, Where.FIT, Set.of(), problems);
        // In `fit` the sample index is a binder's name, and free: mean[n](...).
        body.check(fit.body(), Place.of(inner));
        inner.entries().forEach((name, e) -> scope.declare(name, Kind.FIT, e.span()));
      }
    }
    sample.ifPresent(x -> sample(x, scope));
  }

  private void source(Ast.Source source, NameScope scope, NameWalk walk, Place place) {
    for (var item : source.dims().orElse(List.of())) {
      switch (item) {
        case Ast.DimSize(Ast.Ref r, var span) -> {
          if (scope.find(r.name().text()).isEmpty() && unit.findNear(r.name().text()).isEmpty()) {
            upper(r.name(), scope);
            scope.declare(r.name().text(), Kind.DIM, span);
          }
        }
        case Ast.DimSize(var size, _) -> walk.size(size, place);
        case Ast.DimBatch _, Ast.DimRun _, Ast.DimIndexed _, Ast.Missing _ -> {}
      }
    }
    declare(source.name(), Kind.SOURCE, scope, "in this data");
    if (source.type().isPresent() && source.type().get() instanceof Ast.IndexType(var d, _)) {
      walk.size(d, place);
    }
    if (source.reader() instanceof Ast.Call call) {
      call.arguments().forEach(a -> walk.expr(a.value(), place));
    }
  }

  private void sample(Ast.Sample sample, NameScope outer) {
    var scope = outer.child();
    declare(sample.index(), Kind.INDEX, scope, "in this sample");
    var walk = new NameWalk(unit, Where.SAMPLE, false, Optional.empty(), problems);
    var outputs = new LinkedHashSet<String>();
    for (var port : sample.outputs()) {
      port(port, walk, Place.of(scope));
      declare(port.name(), Kind.OUTPUT, scope, "in this sample");
      outputs.add(port.name().text());
    }
    var body = new NameBlocks(walk, Where.SAMPLE, outputs, problems);
    body.check(sample.body(), Place.of(scope));
    sample.outputs().forEach(p -> body.mustBeDefined(p.name(), "the sample tensor", false));
    body.unused(List.copyOf(outputs));
  }
}
