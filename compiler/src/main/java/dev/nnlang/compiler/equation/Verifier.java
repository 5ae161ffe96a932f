package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.equation.Expr.Distribution;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks what the package page says always holds. A pass that breaks it has a mistake, so the
 * answers are for us and not for a user; tests call this after every pass.
 */
public final class Verifier {
  private final Program program;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Tensor> names = new HashMap<>();
  private final Set<Tensor> defined = new HashSet<>();

  private Verifier(Program program) {
    this.program = program;
  }

  /** What is wrong with the program, each in a sentence; empty if nothing is. */
  public static List<String> verify(Program program) {
    return new Verifier(program).run();
  }

  /** Whether every affine read of an equation is proved in range. */
  public static boolean inRange(Equation equation) {
    return RangeCheck.faults(equation).isEmpty();
  }

  private List<String> run() {
    program.inputs().forEach(i -> define(i.tensor(), "input"));
    program.equations().forEach(e -> define(e.tensor(), "equation"));
    program.derivatives().forEach(d -> define(d.result(), "derivative"));
    program.equations().forEach(this::equation);
    for (var derivative : program.derivatives()) {
      known(derivative.of(), "derivative");
      known(derivative.by(), "derivative");
    }
    border();
    faults.addAll(RecurrenceCheck.faults(program));
    return List.copyOf(faults);
  }

  private void fault(String where, String what) {
    faults.add(where + ": " + what);
  }

  private void define(Tensor tensor, String by) {
    var same = names.putIfAbsent(tensor.name(), tensor);
    if (same != null) {
      fault(tensor.name(), "a second definition, by an " + by);
    }
    defined.add(tensor);
    for (var extent : tensor.shape()) {
      if (extent.hasIndex()) {
        fault(tensor.name(), "an index in the extent " + extent);
      }
      dimensions(tensor.name(), extent);
    }
  }

  private void dimensions(String where, Poly p) {
    for (var variable : p.variables()) {
      if (variable instanceof Atom.Dim dim && !program.open().contains(dim)) {
        fault(where, dim + " is not an open dimension");
      }
    }
  }

  private void known(Tensor tensor, String where) {
    if (!defined.contains(tensor)) {
      fault(where, "nothing defines " + tensor + shape(tensor));
    }
  }

  private static String shape(Tensor tensor) {
    return ": " + tensor.type() + tensor.shape();
  }

  // Equations.

  private void equation(Equation e) {
    var where = e.tensor().name();
    if (!e.axes().stream().map(Axis::extent).toList().equals(e.tensor().shape())) {
      fault(where, "axes " + e.axes() + " of a tensor of shape " + e.tensor().shape());
    }
    var scope = new ArrayList<>(e.axes());
    scope.addAll(e.reduced());
    var indices = new HashSet<Atom.Index>();
    for (var axis : scope) {
      if (!indices.add(axis.index())) {
        fault(where, "the index " + axis.index() + " twice");
      }
      if (axis.extent().hasIndex()) {
        fault(where, "an index in the extent " + axis.extent());
      }
      dimensions(where, axis.extent());
    }
    e.reduction().ifPresent(r -> reduction(where, r));
    types(e);
    var roots = new ArrayList<Node>();
    roots.add(e.body());
    e.reduction().ifPresent(r -> roots.add(r.guard()));
    for (var node : Rebuild.reachable(roots.toArray(Node[]::new))) {
      node(e, node, indices);
    }
    faults.addAll(RangeCheck.faults(e));
  }

  private void reduction(String where, Reduction r) {
    boolean place = r.kind() == Reduction.Kind.ARGMAX || r.kind() == Reduction.Kind.ARGMIN;
    if (r.axes().isEmpty() || place && r.axes().size() != 1) {
      fault(where, r.kind() + " over " + r.axes());
    }
    if (r.guard().type() != Type.BOOL) {
      fault(where, "the guard " + r.guard() + " is " + r.guard().type());
    }
  }

  private void types(Equation e) {
    var body = e.body().type();
    var result = e.tensor().type();
    boolean fits =
        e.reduction()
            .map(
                r ->
                    switch (r.kind()) {
                      case SUM, PROD, MAX, MIN -> body != Type.BOOL && body == result;
                      case LOGSUMEXP -> body == Type.REAL && result == Type.REAL;
                      case ANY, ALL -> body == Type.BOOL && result == Type.BOOL;
                      case ARGMAX, ARGMIN -> body != Type.BOOL && result == Type.INT;
                    })
            .orElse(body == result);
    if (!fits) {
      fault(e.tensor().name(), "a body of type " + body + " for a tensor of type " + result);
    }
  }

  private void node(Equation e, Node node, Set<Atom.Index> scope) {
    var where = e.tensor().name();
    for (var operand : Rebuild.operands(node.expr())) {
      if (operand.id() >= node.id()) {
        fault(where, "the operand " + operand + " is younger than " + node);
      }
    }
    switch (node.expr()) {
      case Expr.Index(var p) -> {
        dimensions(where, p);
        for (var variable : p.variables()) {
          if (variable instanceof Atom.Index index && !scope.contains(index)) {
            fault(where, "the index " + index + " is not in scope");
          }
        }
      }
      case Expr.Read(var tensor, _) -> known(tensor, where);
      case Expr.Draw(_, var distribution, var arguments, var key) -> {
        if (arguments.size() != arguments(distribution)) {
          fault(where, distribution + " of " + arguments.size() + " arguments");
        }
        if (distribution == Distribution.ORTHOGONAL
            && (node != e.body() || e.reduction().isPresent())) {
          fault(where, "an orthogonal draw inside an expression");
        }
        for (var part : List.of(key.seed(), key.step(), key.example(), key.element())) {
          if (part.type() != Type.INT) {
            fault(where, "a draw keyed by " + part + " of type " + part.type());
          }
        }
      }
      case Expr.Real _,
          Expr.Bool _,
          Expr.Unary _,
          Expr.Binary _,
          Expr.Compare _,
          Expr.Not _,
          Expr.And _,
          Expr.Or _,
          Expr.Select _,
          Expr.Cast _,
          Expr.StopGradient _ -> {}
    }
  }

  private static int arguments(Distribution distribution) {
    return switch (distribution) {
      case UNIFORM, NORMAL, TRUNCATED_NORMAL -> 2;
      case BERNOULLI -> 1;
      case ORTHOGONAL -> 0;
    };
  }

  // The border.

  private void border() {
    var outputs = new HashSet<String>();
    for (var output : program.outputs()) {
      known(output.tensor(), "output " + output.name());
      if (!outputs.add(output.name())) {
        fault(output.name(), "two outputs of this name");
      }
    }
    var updated = new HashSet<Tensor>();
    for (var update : program.updates()) {
      var where = "update " + update.state();
      known(update.next(), where);
      if (program.inputs().stream().noneMatch(i -> i.tensor().equals(update.state()))) {
        fault(where, "not an input");
      }
      if (!updated.add(update.state())) {
        fault(where, "updated twice");
      }
      if (update.state().type() != update.next().type()
          || !update.state().shape().equals(update.next().shape())) {
        fault(where, shape(update.state()) + " by " + update.next() + shape(update.next()));
      }
    }
    for (var input : program.inputs()) {
      if (input.role() == Program.Role.SCALAR
          && (input.tensor().rank() != 0 || input.tensor().type() != Type.INT)) {
        fault(input.tensor().name(), "a scalar input" + shape(input.tensor()));
      }
    }
  }
}
