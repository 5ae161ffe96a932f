package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line sets: a setting of the plan, or a config of its optimizer, model or data,
 * in that order ({@code --set lr=1e-2}). Of several optimizers each that has such a config gets it,
 * or the one that is named ({@code --set SGD.lr=1e-2}).
 *
 * @param values by name, as written: literals; of settings also calls and lists
 */
public record Overrides(Map<String, String> values) {
  private static final String OPTION = "--set";

  public static final Overrides NONE = new Overrides(Map.of());

  public Overrides {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  Overrides without(Set<String> names) {
    var rest = new LinkedHashMap<>(values);
    rest.keySet().removeAll(names);
    return new Overrides(rest);
  }

  Ast.Train applied(Ast.Train train, Frame frame) {
    var changed = train;
    for (var entry : values.entrySet()) {
      var value = literal(entry.getValue(), place(entry.getKey(), entry.getValue()));
      if (Settings.NAMES.contains(entry.getKey())) {
        changed = setting(changed, entry.getKey(), called(entry.getValue()).orElse(value));
      } else {
        changed = config(changed, entry.getKey(), value, frame);
      }
    }
    return changed;
  }

  /** Where a value is written, so that problems show the argument. */
  private static Span place(String name, String value) {
    var file = new SourceFile(OPTION, name + "=" + value);
    return new Span(file, file.text().length() - value.length(), file.text().length());
  }

  /** A call or a list, such as {@code overfit(samples = 32, until = loss < 0.01, within = 500)}. */
  private static Optional<Ast.Expr> called(String text) {
    var parsed = Parser.parse(new SourceFile(OPTION, "const given = " + text));
    boolean isOne = parsed.problems().isEmpty() && parsed.value().declarations().size() == 1;
    return isOne && parsed.value().declarations().getFirst() instanceof Ast.ConstDef given
        ? Optional.of(given.value()).filter(e -> e instanceof Ast.Call || e instanceof Ast.ListOf)
        : Optional.empty();
  }

  /** A value as the language would read it. */
  static Ast.Expr literal(String text, Span at) {
    if (text.equals("true") || text.equals("false")) {
      return new Ast.BoolLiteral(text.equals("true"), at);
    }
    var digits = text.replace("_", "");
    try {
      return new Ast.IntLiteral(Long.parseLong(digits), text, at);
    } catch (NumberFormatException notWhole) {
      try {
        return new Ast.RealLiteral(Double.parseDouble(digits), text, at);
      } catch (NumberFormatException notANumber) {
        boolean isName = text.matches("[A-Za-z_][A-Za-z0-9_]*");
        return isName ? new Ast.Ref(new Ast.Name(text, at), false, at) : new Ast.Text(text, at);
      }
    }
  }

  private static Ast.Train setting(Ast.Train train, String name, Ast.Expr value) {
    var settings = new ArrayList<Ast.Setting>();
    boolean found = false;
    for (var setting : train.settings()) {
      var its = setting.name().text();
      if (its.equals(name)) {
        settings.add(new Ast.Setting(setting.doc(), setting.name(), value, setting.span()));
        found = true;
      } else if (!(name.equals("epochs") && its.equals("steps")
          || name.equals("steps") && its.equals("epochs"))) {
        settings.add(setting);
      }
    }
    if (!found) {
      var at = train.name().span();
      settings.add(new Ast.Setting(Optional.empty(), new Ast.Name(name, at), value, at));
    }
    return with(train, train.model(), train.data(), settings);
  }

  private static Ast.Train with(
      Ast.Train train, Ast.Expr model, Ast.Expr data, List<Ast.Setting> settings) {
    return new Ast.Train(train.doc(), train.name(), model, data, settings, train.span());
  }

  private static Ast.Train config(Ast.Train train, String name, Ast.Expr value, Frame frame) {
    var known = new ArrayList<String>(Settings.NAMES);
    for (int i = 0; i < train.settings().size(); i++) {
      var setting = train.settings().get(i);
      if (setting.name().text().equals("optimizer")) {
        var changed = optimizers(setting.value(), name, value, frame, known);
        if (changed != setting.value()) {
          var settings = new ArrayList<>(train.settings());
          settings.set(i, new Ast.Setting(setting.doc(), setting.name(), changed, setting.span()));
          return with(train, train.model(), train.data(), settings);
        }
      }
    }
    if (configs(train.model(), frame, known).contains(name)) {
      return with(
          train, argument(train.model(), name, value, frame), train.data(), train.settings());
    }
    if (configs(train.data(), frame, known).contains(name)) {
      return with(
          train, train.model(), argument(train.data(), name, value, frame), train.settings());
    }
    frame.report(
        new PlanProblem.UnknownOverride(train.name().span(), name, NearNames.near(name, known)));
    return train;
  }

  /** One optimizer or a list of them; the same expression where none has such a config. */
  private static Ast.Expr optimizers(
      Ast.Expr written, String name, Ast.Expr value, Frame frame, List<String> known) {
    if (!(written instanceof Ast.ListOf(var items, var span))) {
      return optimizer(written, name, value, frame, known);
    }
    var changed = new ArrayList<Ast.Expr>();
    items.forEach(item -> changed.add(optimizer(item, name, value, frame, known)));
    return changed.equals(items) ? written : new Ast.ListOf(changed, span);
  }

  private static Ast.Expr optimizer(
      Ast.Expr e, String name, Ast.Expr value, Frame frame, List<String> known) {
    if (e instanceof Ast.Call(Ast.Call configured, var part, var span)) {
      // Of a part: `Name(lr = 1e-4)(params.encoder)`.
      var changed = optimizer(configured, name, value, frame, known);
      return changed == configured ? e : new Ast.Call(changed, part, span);
    }
    int dot = name.indexOf('.');
    var config = name.substring(dot + 1);
    var callee = e instanceof Ast.Call call ? call.callee() : e;
    var configs = configs(e, frame, known);
    configs.forEach(k -> known.add(callee.span().text() + "." + k));
    boolean isMeant = dot < 0 || callee.span().text().equals(name.substring(0, dot));
    return isMeant && configs.contains(config) ? argument(e, config, value, frame) : e;
  }

  private static List<Ast.Config> declared(Ast.Expr e, Frame frame) {
    var name = e instanceof Ast.Call call ? call.callee() : e;
    if (!(name instanceof Ast.Ref r)) {
      return List.of();
    }
    return frame
        .unit()
        .find(r.name().text())
        .map(
            s ->
                switch (s.declaration()) {
                  case Ast.Function f -> f.configs();
                  case Ast.Data d -> d.configs();
                  default -> List.<Ast.Config>of();
                })
        .orElse(List.of());
  }

  private static List<String> configs(Ast.Expr e, Frame frame, List<String> known) {
    var names = declared(e, frame).stream().map(k -> k.name().text()).toList();
    known.addAll(names);
    return names;
  }

  /** The call with this config in place of what it has. */
  private static Ast.Expr argument(Ast.Expr e, String name, Ast.Expr value, Frame frame) {
    var callee = e instanceof Ast.Call call ? call.callee() : e;
    var arguments = new ArrayList<Ast.Argument>();
    var configs = declared(e, frame);
    int position = 0;
    if (e instanceof Ast.Call call) {
      for (var argument : call.arguments()) {
        var its =
            argument.name().isPresent()
                ? argument.name().get().text()
                : position < configs.size() ? configs.get(position).name().text() : "";
        position += argument.name().isPresent() ? 0 : 1;
        // All by name, so that leaving one out moves none.
        if (!its.equals(name)) {
          arguments.add(
              its.isEmpty()
                  ? argument
                  : new Ast.Argument(
                      Optional.of(new Ast.Name(its, argument.span())),
                      argument.value(),
                      argument.span()));
        }
      }
    }
    arguments.add(new Ast.Argument(Optional.of(new Ast.Name(name, e.span())), value, e.span()));
    return new Ast.Call(callee, arguments, e.span());
  }
}
