package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.semantics.Typed.Checkpoints;
import dev.nnlang.compiler.semantics.Typed.Clip;
import dev.nnlang.compiler.semantics.Typed.Start;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.Typer;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a plan about the run as a whole: what is watched, saved, averaged, begun with.
 */
public final class PlanSettings {
  /** What {@code watch} can look for; the runtime has one of each. */
  private static final List<String> SICKNESSES =
      List.of("nan", "vanishing", "exploding", "saturated", "dead");

  private final Settings settings;
  private final Frame frame;
  private final Typer typer;

  PlanSettings(Settings settings, Frame frame, Typer typer) {
    this.settings = settings;
    this.frame = frame;
    this.typer = typer;
  }

  /** {@code clip = norm(1.0)} or {@code value(0.5)}. */
  Optional<Clip> clip() {
    return settings
        .value("clip")
        .flatMap(
            e -> {
              var expected = "`norm(1.0)` or `value(0.5)`";
              if (!(e instanceof Ast.Call(Ast.Ref kind, var arguments, _))
                  || arguments.size() != 1) {
                settings.wrong(e, "clip", expected);
                return Optional.empty();
              }
              var bound = settings.number(arguments.getFirst().value(), typer);
              var word = kind.name().text();
              if (bound.isEmpty()
                  || bound.get() <= 0
                  || !(word.equals("norm") || word.equals("value"))) {
                settings.wrong(e, "clip", expected);
                return Optional.empty();
              }
              return Optional.of(
                  new Clip(
                      word.equals("norm") ? Clip.Kind.NORM : Clip.Kind.VALUE,
                      bound.get(),
                      e.span()));
            });
  }

  /** {@code watch = [nan, dead]}; empty where nothing is watched. */
  List<String> watch() {
    var watched = new ArrayList<String>();
    var items =
        settings
            .value("watch")
            .map(e -> e instanceof Ast.ListOf list ? list.items() : List.of(e))
            .orElse(List.of());
    for (var item : items) {
      if (item instanceof Ast.Ref r && SICKNESSES.contains(r.name().text())) {
        watched.add(r.name().text());
      } else {
        var near = NearNames.near(item.span().text(), SICKNESSES);
        settings.wrong(
            item,
            "watch",
            "a list of "
                + String.join(", ", SICKNESSES)
                + near.stream().findFirst().map(n -> "; did you mean `" + n + "`?").orElse(""));
      }
    }
    return watched;
  }

  /** {@code checkpoint = every(200)}, and {@code keep}, 1 where it is not set. */
  Optional<Checkpoints> checkpoint() {
    var keep = settings.whole("keep", 1, typer);
    var written = settings.value("checkpoint");
    if (written.isEmpty()) {
      settings
          .value("keep")
          .ifPresent(e -> settings.wrong(e, "keep", "used with `checkpoint = every(200)`"));
      return Optional.empty();
    }
    var e = written.get();
    return argument(e, "every", "checkpoint", "`every(200)`, a number of steps")
        .filter(
            n -> {
              boolean isCount = n >= 1 && n == Math.rint(n);
              if (!isCount) {
                settings.wrong(e, "checkpoint", "`every(200)`, a number of steps");
              }
              return isCount;
            })
        .map(n -> new Checkpoints(n.longValue(), keep.orElse(1L), e.span()));
  }

  /** {@code average = ema(0.999)}. */
  Optional<Double> average() {
    return settings
        .value("average")
        .flatMap(
            e ->
                argument(e, "ema", "average", "`ema(0.999)`, a factor between 0 and 1")
                    .filter(
                        d -> {
                          boolean fits = d >= 0 && d < 1;
                          if (!fits) {
                            settings.wrong(e, "average", "`ema(0.999)`, a factor between 0 and 1");
                          }
                          return fits;
                        }));
  }

  private Optional<Double> argument(Ast.Expr e, String kind, String setting, String expected) {
    if (e instanceof Ast.Call(Ast.Ref callee, var arguments, _)
        && callee.name().text().equals(kind)
        && arguments.size() == 1) {
      var number = settings.number(arguments.getFirst().value(), typer);
      if (number.isPresent()) {
        return number;
      }
    }
    settings.wrong(e, setting, expected);
    return Optional.empty();
  }

  /** {@code from = "runs/First"} or {@code from = First}. */
  Optional<Start> from(Symbol own) {
    return settings
        .value("from")
        .flatMap(
            e ->
                switch (e) {
                  case Ast.Text text -> Optional.of(new Start(text.value(), true, e.span()));
                  case Ast.Ref r when isOtherPlan(r, own) ->
                      Optional.of(new Start(r.name().text(), false, e.span()));
                  default -> {
                    settings.wrong(e, "from", "a model folder, or another `train` of this file");
                    yield Optional.empty();
                  }
                });
  }

  private boolean isOtherPlan(Ast.Ref r, Symbol own) {
    return frame
        .unit()
        .find(r.name().text())
        .filter(s -> s.declaration() instanceof Ast.Train && s != own)
        .isPresent();
  }
}
