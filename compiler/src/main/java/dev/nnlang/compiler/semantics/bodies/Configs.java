package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.names.ScalarFunctions;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Unit;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Config lists: by position or by name, each once, of the declared type (LR-24, LR-66). */
public final class Configs {
  private final Typer typer;

  Configs(Typer typer) {
    this.typer = typer;
  }

  /** The maker with these settings, too; null where one failed. */
  public Value.Maker configure(Value.Maker maker, List<Ast.Argument> arguments, Context c) {
    if (arguments.isEmpty()) {
      return maker;
    }
    var given = bind(maker.symbol(), maker.function().configs(), arguments, maker.settings(), c);
    if (given == null) {
      return null;
    }
    return new Value.Maker(maker.symbol(), given, maker.span());
  }

  /** Settings by name: those there are and the arguments; null where one failed. */
  public Map<String, Value> bind(
      Symbol callee,
      List<Ast.Config> configs,
      List<Ast.Argument> arguments,
      Map<String, Value> already,
      Context c) {
    var settings = new LinkedHashMap<String, Value>(already);
    var places = new HashMap<String, Span>();
    boolean failed = false;
    int position = 0;
    for (var argument : arguments) {
      Ast.Config config;
      if (argument.name().isPresent()) {
        config = named(callee, configs, argument.name().get(), c);
      } else {
        while (position < configs.size() && already.containsKey(name(configs, position))) {
          position++;
        }
        config = position < configs.size() ? configs.get(position) : null;
        position++;
        if (config == null) {
          c.frame()
              .report(
                  new ConfigProblem.TooManyConfigs(
                      argument.span(),
                      callee.name(),
                      arguments.size(),
                      configs.size(),
                      callee.span()));
          return null;
        }
      }
      if (config == null) {
        failed = true;
        continue;
      }
      var first = places.putIfAbsent(config.name().text(), argument.span());
      if (first != null) {
        c.frame()
            .report(
                new ConfigProblem.GivenTwice(
                    argument.span(), callee.name(), config.name().text(), first));
        failed = true;
        continue;
      }
      var value = value(callee, config, argument.value(), c);
      if (value == null) {
        failed = true;
      } else {
        settings.put(config.name().text(), value);
      }
    }
    return failed ? null : settings;
  }

  private static String name(List<Ast.Config> configs, int position) {
    return configs.get(position).name().text();
  }

  private static Ast.Config named(
      Symbol callee, List<Ast.Config> configs, Ast.Name name, Context c) {
    for (var config : configs) {
      if (config.name().text().equals(name.text())) {
        return config;
      }
    }
    c.frame()
        .report(
            new ConfigProblem.UnknownConfig(
                name.span(),
                callee.name(),
                name.text(),
                configs.stream().map(k -> k.name().text()).toList(),
                callee.span()));
    return null;
  }

  /** An argument's value, of the config's type. */
  private Value value(Symbol callee, Ast.Config config, Ast.Expr e, Context c) {
    if (isTensor(e, c)) {
      c.frame().report(tensorAsConfig(callee, e.span()));
      return null;
    }
    var wanted = wanted(callee, config);
    var value = typer.statics().evaluate(e, wanted, c);
    if (value == null) {
      return null;
    }
    var fitting = fit(value, wanted);
    if (fitting == null) {
      c.frame()
          .report(
              new ConfigProblem.WrongConfigType(
                  e.span(),
                  callee.name(),
                  config.name().text(),
                  word(wanted),
                  value.describe(),
                  config.span()));
    }
    return fitting;
  }

  static ConfigProblem.TensorAsConfig tensorAsConfig(Symbol callee, Span tensor) {
    boolean needsConfig =
        callee.function().stream()
            .flatMap(f -> f.configs().stream())
            .anyMatch(k -> k.fallback().isEmpty());
    return new ConfigProblem.TensorAsConfig(
        tensor, callee.name(), tensor.text(), needsConfig ? "..." : "");
  }

  /** Whether a tensor stands where config belongs. */
  static boolean isTensor(Ast.Expr e, Context c) {
    return switch (e) {
      case Ast.Ref r -> {
        var entity = c.frame().find(r.name().text());
        yield entity instanceof Entity.Tensor || entity instanceof Entity.Local;
      }
      case Ast.Access a -> isTensor(a.target(), c);
      case Ast.Pipe p -> isTensor(p.input(), c);
      default -> false;
    };
  }

  /** The type of a config: written, or that of its default; a number without either. */
  public Wanted wanted(Symbol callee, Ast.Config config) {
    return config.type().map(Wanted::of).orElseGet(() -> Wanted.one(kind(callee, config)));
  }

  private static Optional<Ast.ConfigKind> kind(Symbol callee, Ast.Config config) {
    if (config.fallback().isEmpty()) {
      return config.name().isUpper() ? Optional.of(Ast.ConfigKind.DIM) : Optional.empty();
    }
    return switch (config.fallback().get()) {
      case Ast.BoolLiteral _ -> Optional.of(Ast.ConfigKind.BOOL);
      case Ast.Text _ -> Optional.of(Ast.ConfigKind.STRING);
      case Ast.Ref r -> ofName(callee.unit(), r.name());
      case Ast.Call(Ast.Ref r, _, _) -> ofName(callee.unit(), r.name());
      default -> Optional.empty();
    };
  }

  private static Optional<Ast.ConfigKind> ofName(Unit unit, Ast.Name name) {
    var symbol = unit.find(name.text());
    if (symbol.isEmpty()) {
      return ScalarFunctions.isScalar(name.text())
          ? Optional.of(Ast.ConfigKind.FN)
          : Optional.empty();
    }
    if (symbol.get().declaration() instanceof Ast.DimDef
        || symbol.get().declaration() instanceof Ast.EnumDim) {
      return Optional.of(Ast.ConfigKind.DIM);
    }
    return symbol.get().function().flatMap(f -> ofKind(f.kind()));
  }

  private static Optional<Ast.ConfigKind> ofKind(Ast.Kind kind) {
    return switch (kind) {
      case FN, ACTIVATION, LOSS, METRIC -> Optional.of(Ast.ConfigKind.FN);
      case LAYER, MODEL -> Optional.of(Ast.ConfigKind.LAYER);
      case INIT -> Optional.of(Ast.ConfigKind.INIT);
      case SCHEDULE, OPTIMIZER -> Optional.empty();
    };
  }

  /** The value as its config's type, or null where it is none of it. */
  private static Value fit(Value value, Wanted wanted) {
    return switch (wanted.howMany()) {
      case Ast.HowMany.One _ -> fit(value, wanted.kind());
      case Ast.HowMany.Exactly(var count) ->
          fits(value, wanted.kind(), count, count) ? value : null;
      case Ast.HowMany.Any _ -> fits(value, wanted.kind(), 1, Integer.MAX_VALUE) ? value : null;
    };
  }

  private static boolean fits(Value value, Optional<Ast.ConfigKind> kind, int least, int most) {
    return value instanceof Value.Several(var items)
        && items.size() >= least
        && items.size() <= most
        && items.stream().allMatch(item -> fit(item, kind) != null);
  }

  private static Value fit(Value value, Optional<Ast.ConfigKind> wanted) {
    boolean isNumber =
        value instanceof Value.Whole
            || value instanceof Value.Number
            || value instanceof Value.Formula;
    if (wanted.isEmpty()) {
      return isNumber ? value : null;
    }
    boolean fits =
        switch (wanted.get()) {
          case DIM, INT -> value instanceof Value.Whole;
          case REAL -> isNumber;
          case BOOL -> value instanceof Value.Truth;
          case STRING -> value instanceof Value.Words;
          case FN ->
              value instanceof Value.BuiltIn
                  || value instanceof Value.Maker m
                      && m.symbol()
                          .is(Ast.Kind.FN, Ast.Kind.ACTIVATION, Ast.Kind.LOSS, Ast.Kind.METRIC);
          case LAYER ->
              value instanceof Value.Chain
                  || value instanceof Value.Maker m && m.symbol().isMaker();
          case INIT -> value instanceof Value.Maker m && m.symbol().is(Ast.Kind.INIT);
          case SCHEDULE -> value instanceof Value.Maker m && m.symbol().is(Ast.Kind.SCHEDULE);
        };
    return fits ? value : null;
  }

  private static String word(Wanted wanted) {
    return word(wanted.kind())
        + switch (wanted.howMany()) {
          case Ast.HowMany.One _ -> "";
          case Ast.HowMany.Exactly(var count) -> ", or a list of " + count;
          case Ast.HowMany.Any _ -> ", or a list of at least one";
        };
  }

  private static String word(Optional<Ast.ConfigKind> wanted) {
    return wanted.isEmpty()
        ? "a number"
        : switch (wanted.get()) {
          case INT -> "an int";
          case REAL -> "a number";
          case BOOL -> "true or false";
          case STRING -> "a string";
          case DIM -> "a dimension";
          case FN -> "a function";
          case LAYER -> "a layer";
          case INIT -> "an init";
          case SCHEDULE -> "a schedule";
        };
  }
}
