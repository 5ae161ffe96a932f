package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.bodies.Context;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.Typer;
import dev.nnlang.compiler.semantics.bodies.Value;
import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.syntax.Ast;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of a plan by name, and what each may be (LR-51). */
public final class Settings {
  public static final List<String> NAMES =
      List.of(
          "loss",
          "metrics",
          "optimizer",
          "batch",
          "epochs",
          "steps",
          "clip",
          "first",
          "stop",
          "watch",
          "checkpoint",
          "keep",
          "average",
          "from",
          "freeze",
          "accumulate",
          "evaluate",
          "shuffle",
          "seed");

  private final Ast.Train train;
  private final Frame frame;
  private final Map<String, Ast.Setting> byName = new LinkedHashMap<>();

  private Settings(Ast.Train train, Frame frame) {
    this.train = train;
    this.frame = frame;
  }

  /** The settings; what is wrong with their names is reported. */
  static Settings of(Ast.Train train, Frame frame) {
    var settings = new Settings(train, frame);
    for (var setting : train.settings()) {
      settings.add(setting);
    }
    settings.require("loss", "`loss`");
    settings.require("optimizer", "`optimizer`");
    var epochs = settings.byName.get("epochs");
    var steps = settings.byName.get("steps");
    if (epochs == null && steps == null) {
      frame.report(
          new PlanProblem.MissingSetting(
              train.name().span(), train.name().text(), "`epochs` or `steps`"));
    } else if (epochs != null && steps != null) {
      boolean stepsLast = steps.span().start() > epochs.span().start();
      var last = stepsLast ? steps : epochs;
      var first = stepsLast ? epochs : steps;
      frame.report(
          new PlanProblem.Exclusive(
              last.name().span(), last.name().text(), first.name().text(), first.name().span()));
    }
    return settings;
  }

  private void add(Ast.Setting setting) {
    var name = setting.name();
    if (name.isMissing()) {
      return;
    }
    if (!NAMES.contains(name.text())) {
      frame.report(
          new PlanProblem.UnknownSetting(
              name.span(), name.text(), NearNames.near(name.text(), NAMES), NAMES));
      return;
    }
    var first = byName.putIfAbsent(name.text(), setting);
    if (first != null) {
      frame.report(new PlanProblem.RepeatedSetting(name.span(), name.text(), first.name().span()));
      return;
    }
  }

  private void require(String name, String what) {
    if (!byName.containsKey(name)) {
      frame.report(new PlanProblem.MissingSetting(train.name().span(), train.name().text(), what));
    }
  }

  Optional<Ast.Expr> value(String name) {
    return Optional.ofNullable(byName.get(name)).map(Ast.Setting::value);
  }

  /** A whole number of at least {@code least}; empty where it is not set, or wrong and said so. */
  Optional<Long> whole(String name, long least, Typer typer) {
    return value(name)
        .flatMap(
            e -> {
              var number = number(e, typer);
              if (number.isPresent()
                  && number.get() == Math.rint(number.get())
                  && number.get() >= least) {
                return Optional.of(number.get().longValue());
              }
              boolean any = least == Long.MIN_VALUE;
              wrong(e, name, any ? "a whole number" : "a whole number of at least " + least);
              return Optional.empty();
            });
  }

  boolean truth(String name, boolean otherwise, Typer typer) {
    var e = value(name);
    if (e.isEmpty()) {
      return otherwise;
    }
    if (typer.statics().evaluate(e.get(), Optional.empty(), Context.of(frame))
        instanceof Value.Truth(var value)) {
      return value;
    }
    wrong(e.get(), name, "true or false");
    return otherwise;
  }

  /** The value of a number; empty where it is none, which is reported by the caller. */
  Optional<Double> number(Ast.Expr e, Typer typer) {
    var value =
        frame
            .engine()
            .quietly(() -> typer.statics().evaluate(e, Optional.empty(), Context.of(frame)));
    return value == null ? Optional.empty() : value.number();
  }

  void wrong(Ast.Expr e, String name, String expected) {
    if (!(e instanceof Ast.Missing)) {
      frame.report(new PlanProblem.WrongSetting(e.span(), name, expected));
    }
  }
}
