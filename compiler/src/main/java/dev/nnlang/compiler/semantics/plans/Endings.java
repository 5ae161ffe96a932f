package dev.nnlang.compiler.semantics.plans;

import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.semantics.Typed.Metric;
import dev.nnlang.compiler.semantics.Typed.Overfit;
import dev.nnlang.compiler.semantics.Typed.Stalled;
import dev.nnlang.compiler.semantics.bodies.Frame;
import dev.nnlang.compiler.semantics.bodies.Results;
import dev.nnlang.compiler.semantics.bodies.Typer;
import dev.nnlang.compiler.semantics.problem.PlanProblem;
import dev.nnlang.compiler.syntax.Ast;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a run must reach before it begins, and when it ends early: {@code first} and {@code stop}.
 */
public final class Endings {
  private final Settings settings;
  private final Frame frame;
  private final Typer typer;

  Endings(Settings settings, Frame frame, Typer typer) {
    this.settings = settings;
    this.frame = frame;
    this.typer = typer;
  }

  /** {@code first = overfit(samples = 32, until = loss < 0.01, within = 500)}. */
  Optional<Overfit> first(List<String> metrics) {
    return settings.value("first").flatMap(e -> first(e, Results.of(metrics, List.of("train"))));
  }

  private Optional<Overfit> first(Ast.Expr e, Results results) {
    var expected = "`overfit(samples = 32, until = loss < 0.01, within = 500)`";
    if (!(e instanceof Ast.Call(Ast.Ref kind, var arguments, _))
        || !kind.name().text().equals("overfit")) {
      settings.wrong(e, "first", expected);
      return Optional.empty();
    }
    var byName = byName(arguments);
    var samples = count(byName.get("samples"));
    var within = count(byName.get("within"));
    var until = byName.get("until");
    if (samples.isEmpty()
        || within.isEmpty()
        || byName.size() != 3
        || !(until instanceof Ast.Binary test)) {
      settings.wrong(e, "first", expected);
      return Optional.empty();
    }
    var comparison = comparison(test.op());
    var bound = settings.number(test.right(), typer);
    if (comparison.isEmpty() || bound.isEmpty()) {
      settings.wrong(until, "until", "a comparison such as `loss < 0.01`");
      return Optional.empty();
    }
    return results
        .find(test.left(), frame)
        .map(
            r ->
                new Overfit(
                    samples.get(), r, comparison.get(), bound.get(), within.get(), e.span()));
  }

  private static Optional<Comparison> comparison(Ast.BinaryOp op) {
    return switch (op) {
      case LT -> Optional.of(Comparison.LT);
      case LE -> Optional.of(Comparison.LE);
      case GT -> Optional.of(Comparison.GT);
      case GE -> Optional.of(Comparison.GE);
      case OR, AND, EQ, NE, ADD, SUB, MUL, DIV, MOD, POW -> Optional.empty();
    };
  }

  private static Map<String, Ast.Expr> byName(List<Ast.Argument> arguments) {
    var byName = new LinkedHashMap<String, Ast.Expr>();
    for (var argument : arguments) {
      byName.put(argument.name().map(Ast.Name::text).orElse(""), argument.value());
    }
    return byName;
  }

  private Optional<Long> count(Ast.Expr e) {
    return e == null
        ? Optional.empty()
        : settings.number(e, typer).filter(n -> n >= 1 && n == Math.rint(n)).map(Double::longValue);
  }

  /**
   * {@code stop = stalled(valid.loss, epochs = 5)}.
   *
   * @param metrics those that went well; of others nothing is said
   */
  Optional<Stalled> stop(List<Metric> metrics, Results results) {
    return settings
        .value("stop")
        .flatMap(
            e -> {
              var expected = "`stalled(valid.loss, epochs = 5)`";
              if (!(e instanceof Ast.Call(Ast.Ref kind, var arguments, _))
                  || !kind.name().text().equals("stalled")) {
                settings.wrong(e, "stop", expected);
                return Optional.empty();
              }
              var byName = byName(arguments);
              var epochs = count(byName.get("epochs"));
              if (epochs.isEmpty()
                  || !byName.containsKey("")
                  || !Set.of("", "epochs", "better").containsAll(byName.keySet())) {
                settings.wrong(e, "stop", expected);
                return Optional.empty();
              }
              return results
                  .find(byName.get(""), frame)
                  .flatMap(
                      r ->
                          isLowerBetter(r, byName.get("better"), metrics, e)
                              .map(lower -> new Stalled(r, lower, epochs.get(), e.span())));
            });
  }

  /** Of a loss less is better; of another metric only its user can say. */
  private Optional<Boolean> isLowerBetter(
      String result, Ast.Expr written, List<Metric> metrics, Ast.Expr stop) {
    if (written != null) {
      var word = written instanceof Ast.Ref r ? r.name().text() : "";
      if (!word.equals("lower") && !word.equals("higher")) {
        settings.wrong(written, "better", "`lower` or `higher`");
        return Optional.empty();
      }
      return Optional.of(word.equals("lower"));
    }
    var name = result.substring(result.indexOf('.') + 1);
    if (name.equals("loss")
        || metrics.stream().anyMatch(m -> m.name().equals(name) && m.isLoss())) {
      return Optional.of(true);
    }
    if (metrics.stream().anyMatch(m -> m.name().equals(name))) {
      frame.report(new PlanProblem.WhichIsBetter(stop.span(), result));
    }
    return Optional.empty();
  }
}
