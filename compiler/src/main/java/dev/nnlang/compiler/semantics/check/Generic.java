package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.bodies.Context;
import dev.nnlang.compiler.semantics.bodies.Engine;
import dev.nnlang.compiler.semantics.bodies.Entity;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.Signature;
import dev.nnlang.compiler.semantics.bodies.Told;
import dev.nnlang.compiler.semantics.bodies.Value;
import dev.nnlang.compiler.semantics.names.Names;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.plans.DataBuilder;
import dev.nnlang.compiler.semantics.plans.Overrides;
import dev.nnlang.compiler.semantics.plans.TrainBuilder;
import dev.nnlang.compiler.semantics.problem.Uses;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Checks each declaration by itself: dimensions are symbols, configs have their defaults, runs of
 * dimensions have 1, 2 and 0 of them, and static conditions that symbols leave open are taken both
 * ways (LR-15).
 */
public final class Generic {
  /** How long a list is taken to be whose length only uses say. */
  private static final int SOME = 2;

  private static final int[] RUNS = {1, 2, 0};

  /** How many settings of one declaration's uses are tried. */
  private static final int MOST_SETTINGS = 4;

  private final Engine engine;
  private final Set<Symbol> begun = Collections.newSetFromMap(new IdentityHashMap<>());

  Generic(Engine engine) {
    this.engine = engine;
  }

  /**
   * What was found out.
   *
   * @param clean the declarations in which nothing was found, and by which
   * @param told what each has told others by itself
   * @param toldWithSettings what each has told others with the settings of its uses
   */
  record Outcome(
      Set<Symbol> clean, Map<Symbol, Set<Told>> told, Map<Symbol, Set<Told>> toldWithSettings) {}

  /**
   * Declarations of the user's files, then with the settings that uses have given.
   *
   * @param asked which of them; with each whose uses matter all that use it
   */
  Outcome check(Set<Symbol> asked) {
    var clean = Collections.<Symbol>newSetFromMap(new IdentityHashMap<>());
    clean.addAll(asked);
    Consumer<Symbol> checked =
        symbol -> {
          int before = engine.problems().size();
          check(symbol);
          if (engine.problems().size() != before) {
            clean.remove(symbol);
          }
        };
    // Plans last: what is wrong with their data is said where it is checked by itself.
    var told = each(asked, symbol -> !isPlan(symbol), checked);
    told.putAll(each(asked, Generic::isPlan, checked));
    var toldWithSettings =
        each(
            asked,
            _ -> true,
            symbol -> {
              int before = engine.problems().size();
              if (symbol.declaration() instanceof Ast.Function f && !engine.isBroken(symbol)) {
                withSettingsOfUses(symbol, f);
              }
              if (engine.problems().size() != before || engine.isBroken(symbol)) {
                clean.remove(symbol);
              }
            });
    engine.conclude(asked);
    engine.findings().complete(asked);
    clean.removeIf(
        symbol -> engine.problems().stream().anyMatch(p -> Symbol.holds(symbol, p.at())));
    return new Outcome(clean, told, toldWithSettings);
  }

  private static boolean isPlan(Symbol symbol) {
    return symbol.declaration() instanceof Ast.Train;
  }

  private Map<Symbol, Set<Told>> each(
      Set<Symbol> asked, Predicate<Symbol> which, Consumer<Symbol> work) {
    var told = new IdentityHashMap<Symbol, Set<Told>>();
    for (var unit : engine.workspace().units()) {
      for (var symbol : unit.own().values()) {
        if (asked.contains(symbol) && which.test(symbol)) {
          told.put(symbol, engine.told(() -> work.accept(symbol)));
        }
      }
    }
    return told;
  }

  /**
   * LR-15: sizes vary, but numbers and bools stay at what uses give. A failure shows at the
   * declaration, and not once more at each use.
   */
  private void withSettingsOfUses(Symbol symbol, Ast.Function f) {
    var tried = new LinkedHashSet<Map<String, Value>>();
    for (var use : engine.uses(symbol)) {
      var settings = fixed(f, use);
      if (settings.isEmpty() || tried.size() == MOST_SETTINGS || !tried.add(settings)) {
        continue;
      }
      int before = engine.problems().size();
      instantiateAll(symbol, f, settings);
      var found = List.copyOf(engine.problems().subList(before, engine.problems().size()));
      if (Engine.hasErrors(found)) {
        engine.problems().removeIf(p -> p instanceof Uses u && found.stream().anyMatch(u::shows));
        engine.markBroken(symbol);
        return;
      }
    }
  }

  /** Of the settings that a use gives those that its check with settings keeps. */
  static Map<String, Value> fixed(Ast.Function f, Map<String, Value> use) {
    var settings = new LinkedHashMap<String, Value>();
    for (var config : f.configs()) {
      var value = use.get(config.name().text());
      if (value != null && isFixed(value, config)) {
        settings.put(config.name().text(), value);
      }
    }
    return settings;
  }

  /** A number or a bool with a default; what has none varies like a size. */
  private static boolean isFixed(Value value, Ast.Config config) {
    return switch (value) {
      case Value.Whole w -> config.fallback().isPresent() && w.poly().isConstant();
      case Value.Number _, Value.Truth _, Value.Several _ -> true;
      case Value.Words _, Value.Formula _, Value.Maker _, Value.Chain _, Value.BuiltIn _ ->
          config.fallback().isEmpty();
    };
  }

  private void check(Symbol symbol) {
    if (!begun.add(symbol)) {
      return;
    }
    switch (symbol.declaration()) {
      case Ast.DimDef _, Ast.EnumDim _ -> engine.globals().dimension(symbol, null);
      case Ast.ConstDef _ -> engine.globals().constant(symbol, null);
      case Ast.Function f -> function(symbol, f);
      case Ast.Data d -> data(symbol, d);
      case Ast.Train t ->
          new TrainBuilder(engine, symbol, Overrides.NONE)
              .build()
              .ifPresent(training -> engine.findings().training(t, training));
      case Ast.Use _, Ast.Missing _ -> {}
    }
  }

  /** By itself only where every config has a default; else its uses say what it is. */
  private void data(Symbol symbol, Ast.Data data) {
    var found = new ArrayList<Problem>();
    Names.check(symbol, data, found::add);
    var names = RootCauses.ofNames(found);
    int before = engine.problems().size();
    if (data.configs().stream().allMatch(k -> k.fallback().isPresent())) {
      DataBuilder.build(engine, symbol, Map.of());
    }
    onlyRoots(names, before, RootCauses.statements(data.body()));
  }

  /** Adds what names gave, and takes away what only follows from it. */
  private void onlyRoots(List<Problem> names, int before, List<Ast> statements) {
    var later = engine.problems().subList(before, engine.problems().size());
    later.removeIf(p -> RootCauses.followsFrom(names, p, statements));
    later.addAll(names);
  }

  private void function(Symbol symbol, Ast.Function f) {
    int before = engine.problems().size();
    var found = new ArrayList<Problem>();
    Names.check(symbol, f, found::add);
    var names = RootCauses.ofNames(found);
    instantiateAll(symbol, f, Map.of());
    onlyRoots(names, before, RootCauses.statements(f.body()));
    if (Engine.hasErrors(engine.problems().subList(before, engine.problems().size()))) {
      engine.markBroken(symbol);
    }
  }

  /** With runs of several lengths, in both modes, both ways at every open condition. */
  private void instantiateAll(Symbol symbol, Ast.Function f, Map<String, Value> settings) {
    int before = engine.problems().size();
    boolean hasRuns =
        f.inputs().stream()
            .flatMap(p -> p.dims().orElse(List.of()).stream())
            .anyMatch(d -> d instanceof Ast.DimRun);
    boolean anyShape = f.kind() == Ast.Kind.OPTIMIZER;
    boolean hasDefaults = f.inputs().stream().anyMatch(p -> p.absent().isPresent());
    for (int run : hasRuns || anyShape ? RUNS : new int[] {0}) {
      check(symbol, f, settings, run, Given.ALL);
      if (hasDefaults) {
        check(symbol, f, settings, run, Given.NEEDED);
      }
      if (Engine.hasErrors(engine.problems().subList(before, engine.problems().size()))) {
        break;
      }
    }
  }

  /** Which inputs a call gives. */
  private enum Given {
    ALL,
    /** Those without a default. */
    NEEDED
  }

  /** In both modes where they differ, and in every static case. */
  private void check(
      Symbol symbol, Ast.Function f, Map<String, Value> settings, int run, Given given) {
    for (var mode : Mode.values()) {
      Optional<List<Boolean>> forks = Optional.of(List.of());
      boolean asked = false;
      while (forks.isPresent()) {
        engine.startGeneric(forks.get());
        once(symbol, f, settings, run, mode, given);
        asked |= engine.wasAskedForTraining();
        forks = engine.nextForks();
        engine.endGeneric();
      }
      if (!asked) {
        break;
      }
    }
  }

  private void once(
      Symbol symbol, Ast.Function f, Map<String, Value> fixed, int run, Mode mode, Given given) {
    var settings = new LinkedHashMap<>(fixed);
    for (var config : f.configs()) {
      if (config.fallback().isEmpty()
          && !config.name().isMissing()
          && !settings.containsKey(config.name().text())) {
        var value = symbolic(config);
        if (value == null) {
          // A function or layer without a default: only its uses say which.
          return;
        }
        settings.put(config.name().text(), value);
      }
    }
    var frame =
        new Frame(
            engine,
            symbol.unit(),
            Where.of(f.kind()),
            symbol.name(),
            mode,
            Optional.of(symbol),
            Optional.empty(),
            symbol.span());
    var types = inputs(symbol, f, settings, run, mode);
    if (types == null) {
      return;
    }
    var inputs = new ArrayList<Optional<Typed.Type>>();
    for (int i = 0; i < types.size(); i++) {
      boolean isLeft = given == Given.NEEDED && f.inputs().get(i).absent().isPresent();
      inputs.add(isLeft ? Optional.empty() : Optional.of(types.get(i)));
    }
    engine.bodies().instantiate(frame, new Value.Maker(symbol, settings, symbol.span()), inputs);
  }

  private static Value symbolic(Ast.Config config) {
    var name = config.name().text();
    int count =
        switch (config.type().map(Ast.ConfigType::howMany).orElse(null)) {
          case Ast.HowMany.Exactly(var n) -> n;
          case Ast.HowMany.Any _ -> SOME;
          case Ast.HowMany.One _ -> 0;
          case null -> 0;
        };
    if (count == 0) {
      return symbolic(config, name);
    }
    var items = new ArrayList<Value>();
    for (int i = 0; i < count; i++) {
      var item = symbolic(config, name + i);
      if (item == null) {
        return null;
      }
      items.add(item);
    }
    return new Value.Several(items);
  }

  private static Value symbolic(Ast.Config config, String name) {
    var dim = Value.Whole.of(Poly.dim(name));
    return config.type().isEmpty()
        ? dim
        : switch (config.type().get().kind()) {
          case INT, REAL, DIM -> dim;
          case BOOL -> new Value.Truth(true);
          case STRING -> new Value.Words("");
          case FN -> new Value.BuiltIn("tanh");
          case LAYER, INIT, SCHEDULE -> null;
        };
  }

  /** Types with a symbol for every inferred dimension; null where a size fails. */
  private List<Typed.Type> inputs(
      Symbol symbol, Ast.Function f, Map<String, Value> settings, int run, Mode mode) {
    var fresh = Names.fresh(f, symbol.unit());
    // Sizes that are written out are evaluated in a frame that knows config and symbols.
    var frame =
        new Frame(
            engine,
            symbol.unit(),
            Where.of(f.kind()),
            symbol.name(),
            mode,
            Optional.of(symbol),
            Optional.empty(),
            symbol.span());
    new Signature(engine.typer(), frame, f, Optional.empty()).config(settings);
    for (var name : fresh) {
      frame.declare(name, Entity.Size.known(Dimension.of(Poly.dim(name)), f.name().span()));
      if (f.kind() == Ast.Kind.MODEL) {
        engine.open().add(name);
      }
    }
    if (f.body() instanceof Ast.Block block) {
      for (var s : block.statements()) {
        if (s instanceof Ast.DimDef d) {
          frame.declare(d.name().text(), Entity.Size.defined(d));
        }
      }
    }
    var c = Context.of(frame);
    var types = new ArrayList<Typed.Type>();
    for (var port : f.inputs()) {
      var shape = new ArrayList<Dimension>();
      for (var item : port.dims().orElse(List.of())) {
        switch (item) {
          case Ast.DimBatch _ -> shape.add(Dimension.batch());
          case Ast.DimSize(var size, _) -> {
            var dimension = engine.typer().dimension(size, c);
            if (dimension == null) {
              return null;
            }
            shape.add(dimension);
          }
          case Ast.DimRun(var name, _) -> {
            for (int k = 1; k <= run; k++) {
              shape.add(Dimension.of(Poly.dim(run == 1 ? name.text() : name.text() + k)));
            }
          }
          case Ast.DimIndexed _, Ast.Missing _ -> {
            return null;
          }
        }
      }
      if (f.kind() == Ast.Kind.OPTIMIZER && port.dims().isEmpty()) {
        for (int k = 1; k <= run; k++) {
          shape.add(Dimension.of(Poly.dim("W" + k)));
        }
      }
      Element element = Types.REAL;
      if (port.type().isPresent()) {
        element = engine.typer().definitions().element(port.type().get(), c);
        if (element == null) {
          return null;
        }
      }
      types.add(Types.of(element, shape));
    }
    return types;
  }
}
