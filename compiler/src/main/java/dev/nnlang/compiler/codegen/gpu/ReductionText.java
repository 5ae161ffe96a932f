package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Type;
import java.util.List;

/**
 * Writes one reduction, by one work-item or by the lanes of a group: begin, guarded terms, end. The
 * lanes take every so manieth term, so that neighbours read neighbours, and put their parts
 * together in a tree, which keeps long sums right.
 */
final class ReductionText {
  private final Scope scope;
  private final Text text;
  private final Expressions expressions;
  private final int lanes;
  private String total;
  private String place;

  ReductionText(Scope scope, Expressions expressions, int lanes) {
    this.scope = scope;
    this.text = scope.text;
    this.expressions = expressions;
    this.lanes = lanes;
  }

  /** The reduced value, over loops of its own. */
  String value(Equation equation) {
    if (kind(equation) == Reduction.Kind.LOGSUMEXP) {
      return logSumExp(equation);
    }
    begin(equation);
    over(equation.reduced(), () -> guarded(equation));
    return end(equation);
  }

  private static Reduction.Kind kind(Equation equation) {
    return equation.reduction().orElseThrow().kind();
  }

  /** Declares what the terms are gathered in. */
  void begin(Equation equation) {
    var type = equation.body().type();
    boolean whole = type == Type.INT;
    total =
        text.declare(
            Scope.type(type),
            "sum",
            switch (kind(equation)) {
              case SUM, ANY, ARGMAX, ARGMIN -> "0";
              case PROD, ALL -> "1";
              case MAX, LOGSUMEXP -> whole ? Words.whole(Long.MIN_VALUE) : "-NN_INF";
              case MIN -> whole ? Words.whole(Long.MAX_VALUE) : "NN_INF";
            });
    if (isPlace(equation)) {
      place = text.declare("i64", "place", "-1");
    }
  }

  private static boolean isPlace(Equation equation) {
    return switch (kind(equation)) {
      case ARGMAX, ARGMIN -> true;
      case SUM, PROD, MAX, MIN, ANY, ALL, LOGSUMEXP -> false;
    };
  }

  /** One term, where the guard holds. */
  void guarded(Equation equation) {
    var guard = equation.reduction().orElseThrow().guard();
    if (guard.expr() instanceof Expr.Bool(var value) && value) {
      scope.inside(() -> term(equation));
    } else {
      scope.inside(
          () ->
              text.block(
                  "if (" + expressions.value(guard) + ")",
                  () -> scope.inside(() -> term(equation))));
    }
  }

  private void term(Equation equation) {
    boolean whole = equation.body().type() == Type.INT;
    if (isPlace(equation)) {
      better(
          equation,
          expressions.local(equation.body()),
          "(i64)" + scope.index(equation.reduced().getFirst().index()));
      return;
    }
    var value = expressions.value(equation.body());
    text.line(
        switch (kind(equation)) {
          case SUM ->
              total + (whole ? " = nn_add(" + total + ", " + value + ");" : " += " + value + ";");
          case PROD ->
              total + (whole ? " = nn_mul(" + total + ", " + value + ");" : " *= " + value + ";");
          case ANY -> total + " |= " + value + ";";
          case ALL -> total + " &= " + value + ";";
          case MAX, LOGSUMEXP ->
              "%s = %s(%s, %s);".formatted(total, whole ? "nn_imax" : "nn_max", total, value);
          case MIN ->
              "%s = %s(%s, %s);".formatted(total, whole ? "nn_imin" : "nn_min", total, value);
          case ARGMAX, ARGMIN -> throw new IllegalStateException();
        });
  }

  private void better(Equation equation, String value, String at) {
    var test =
        (kind(equation) == Reduction.Kind.ARGMAX ? "nn_above" : "nn_below")
            + (equation.body().type() == Type.INT ? "_whole" : "");
    text.line(
        "if (%s(%s, %s, %s, %s)) { %s = %s; %s = %s; }"
            .formatted(test, value, at, total, place, total, value, place, at));
  }

  /** The value, which all lanes know. */
  String end(Equation equation) {
    if (lanes == 1) {
      return isPlace(equation) ? place : total;
    }
    if (isPlace(equation)) {
      return first(equation);
    }
    return together(
        equation.body().type(),
        switch (kind(equation)) {
          case SUM -> "sum";
          case PROD -> "prod";
          case MAX, LOGSUMEXP -> "max";
          case MIN -> "min";
          case ANY -> "any";
          case ALL -> "all";
          case ARGMAX, ARGMIN -> throw new IllegalStateException();
        });
  }

  private String together(Type type, String what) {
    var held = Scope.type(type);
    return text.declare(
        held,
        "sum",
        "group_%s_%s(%s, shared_%s, lane, %d)".formatted(what, held, total, held, lanes));
  }

  /** The lanes' best values are compared by every lane. */
  private String first(Equation equation) {
    var held = Scope.type(equation.body().type());
    text.line("shared_%s[lane] = %s;".formatted(held, total));
    text.line("places[lane] = %s;".formatted(place));
    text.line("SYNC();");
    var lane = text.name("p");
    text.block(
        "for (int %s = 0; %s < %d; %s++)".formatted(lane, lane, lanes, lane),
        () -> better(equation, "shared_%s[%s]".formatted(held, lane), "places[" + lane + "]"));
    text.line("SYNC();");
    return place;
  }

  /** {@code max + log(sum(exp(x - max)))}, in two passes; -inf of nothing or of only -inf. */
  private String logSumExp(Equation equation) {
    begin(equation);
    over(equation.reduced(), () -> guarded(equation));
    var max = end(equation);
    total = text.declare("REAL", "sum", "0");
    over(
        equation.reduced(),
        () ->
            scope.inside(
                () -> {
                  var guard = equation.reduction().orElseThrow().guard();
                  text.block(
                      "if (" + expressions.value(guard) + ")",
                      () ->
                          scope.inside(
                              () ->
                                  text.line(
                                      "%s += nn_exp(%s - %s);"
                                          .formatted(
                                              total, expressions.value(equation.body()), max))));
                }));
    var sum = lanes == 1 ? total : together(Type.REAL, "sum");
    return text.declare("REAL", "v", "nn_logsumexp(" + max + ", " + sum + ")");
  }

  private void over(List<Axis> axes, Runnable body) {
    if (lanes == 1) {
      scope.loops(axes, body);
      return;
    }
    var at = text.name("p");
    text.block(
        "for (int %s = lane; %s < %s; %s += %d)".formatted(at, at, scope.count(axes), at, lanes),
        () ->
            scope.inside(
                () -> {
                  scope.split(axes, at);
                  body.run();
                }));
  }
}
