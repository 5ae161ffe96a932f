package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.RangeCheck;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Four neighbours at a time, by one work-item: what lies beside each other is read and written as
 * one vector, all else one by one.
 *
 * <pre>
 * REAL w0[4]; LD4(w0, t3 + place);
 * REAL w1[4];
 * for (int u = 0; u < 4; u++) { int j = i + u; w1[u] = nn_exp(w0[u]) * t4[j / 8]; }
 * ST4(t5 + place, w1);
 * </pre>
 *
 * A vector's place must be a multiple of four elements: the first of four neighbours is one along
 * an axis whose length is a multiple of four, and so must be all else that the place is a sum of.
 */
final class Quads {
  static final int WIDE = 4;

  private final Scope scope;
  private final Text text;
  private final List<Axis> axes;
  private final Axis run;

  /** The arrays that results are gathered in, until they are written. */
  private final Map<Equation, String> results = new LinkedHashMap<>();

  /**
   * @param axes of all that is computed, with those of the loops around
   * @param run the axis along which neighbours lie
   */
  Quads(Scope scope, List<Axis> axes, Axis run) {
    this.scope = scope;
    this.text = scope.text;
    this.axes = List.copyOf(axes);
    this.run = run;
  }

  /** The axis along which neighbours lie, if it can be gone through in fours. */
  static Optional<Axis> run(List<Axis> axes) {
    return axes.stream()
        .filter(axis -> !axis.extent().is(1))
        .reduce((_, last) -> last)
        .filter(axis -> isWhole(axis.extent()));
  }

  /** Whether it is surely a multiple of four. */
  private static boolean isWhole(Poly poly) {
    return poly.terms().values().stream().allMatch(c -> c % WIDE == 0);
  }

  /** Whether the elements at these places are four neighbours, and the first one a multiple. */
  private static boolean isVector(Poly place, Axis run) {
    var rest = place.minus(Poly.of(run.index()));
    return !rest.mentions(run.index()) && isWhole(rest);
  }

  /** Whether four values of a read are one vector, and may be read whether they are used or not. */
  private static boolean isVector(Node node, Set<Node> certain, List<Axis> axes, Axis run) {
    if (!(node.expr() instanceof Expr.Read(var tensor, var subscripts))
        || tensor.type() != Type.REAL
        || !isVector(Access.place(tensor, subscripts), run)) {
      return false;
    }
    var strides = Access.strides(tensor);
    boolean plain = true;
    for (int p = 0; p < subscripts.size(); p++) {
      if (!(subscripts.get(p).expr() instanceof Expr.Index)) {
        plain = false;
        if (mentions(subscripts.get(p), run) || !isWhole(strides[p])) {
          return false;
        }
      }
    }
    return certain.contains(node) || plain && RangeCheck.standsAlone(node, axes);
  }

  private static boolean mentions(Node node, Axis run) {
    return Walk.nodes(List.of(node)).stream()
        .anyMatch(n -> n.expr() instanceof Expr.Index(var value) && value.mentions(run.index()));
  }

  /** Whether anything that is read of these expressions is a vector. */
  static boolean reads(Collection<Node> roots, List<Axis> axes, Axis run) {
    var certain = certain(roots);
    return Walk.nodes(roots).stream().anyMatch(n -> isVector(n, certain, axes, run));
  }

  /** Whether an equation's values are written as vectors. */
  static boolean writes(Equation equation, Axis run) {
    return equation.tensor().type() == Type.REAL
        && equation.axes().stream().anyMatch(a -> a.index().equals(run.index()))
        && isVector(Access.placeAt(equation.tensor(), equation.axes()), run);
  }

  /** What is evaluated whichever way the conditions go. */
  private static Set<Node> certain(Collection<Node> roots) {
    var certain = new HashSet<Node>();
    var work = new ArrayList<>(roots);
    while (!work.isEmpty()) {
      var node = work.removeLast();
      if (certain.add(node)) {
        switch (node.expr()) {
          case Expr.Select(var guard, _, _) -> work.add(guard);
          case Expr.And(var x, _) -> work.add(x);
          case Expr.Or(var x, _) -> work.add(x);
          default -> work.addAll(Walk.operands(node.expr()));
        }
      }
    }
    return certain;
  }

  /**
   * Computes something for each of four neighbours, of which the first one's index is named.
   *
   * @param roots expressions that it evaluates
   * @param made tensors that it knows without reading them
   * @param stored equations whose values it stores, if it does
   * @param body is given the name of the number of the neighbour, 0 to 3
   */
  void each(
      Collection<Node> roots,
      Set<Tensor> made,
      Collection<Equation> stored,
      Consumer<String> body) {
    scope.inside(
        () -> {
          load(roots, made);
          for (var equation : stored) {
            if (writes(equation, run)) {
              results.put(equation, declare());
            }
          }
          var first = scope.index(run.index());
          var number = text.name("u");
          text.line("UNROLL");
          text.block(
              "for (int %s = 0; %s < %d; %s++)".formatted(number, number, WIDE, number),
              () ->
                  scope.inside(
                      () -> {
                        vectors.forEach((node, name) -> scope.know(node, at(name, number)));
                        results.forEach((e, name) -> scope.gather(e, at(name, number)));
                        var index = text.declare("int", "i", first + " + " + number);
                        scope.index(run.index(), index);
                        body.accept(number);
                      }));
          scope.index(run.index(), first);
          results.forEach(
              (equation, name) -> {
                scope.noLongerGather(equation);
                var place =
                    Formulas.ints(scope, Access.placeAt(equation.tensor(), equation.axes()));
                text.line(
                    "ST4(%s + %s, %s);".formatted(scope.writes(equation.tensor()), place, name));
              });
          results.clear();
          vectors.clear();
        });
  }

  private final Map<Node, String> vectors = new LinkedHashMap<>();

  private void load(Collection<Node> roots, Set<Tensor> made) {
    var certain = certain(roots);
    var expressions = new Expressions(scope, roots);
    for (var node : Walk.nodes(roots)) {
      if (node.expr() instanceof Expr.Read read
          && !made.contains(read.tensor())
          && scope.known(node) == null
          && isVector(node, certain, axes, run)) {
        var place = expressions.place(read.tensor(), read.subscripts());
        var name = declare();
        text.line("LD4(%s, %s + %s);".formatted(name, scope.reads(read.tensor()), place));
        vectors.put(node, name);
      }
    }
  }

  private String declare() {
    var name = text.name("w");
    text.line("REAL %s[%d];".formatted(name, WIDE));
    return name;
  }

  private static String at(String name, String number) {
    return name + "[" + number + "]";
  }
}
