package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;

/**
 * Emits expressions one value at a time. A value that is used more than once is computed once and
 * kept in a local, as long as control stays where it was computed: branches that may not be taken
 * forget what they computed.
 */
final class Values {
  private final KernelScope scope;
  private final Code code;
  private final Polys polys;
  private final ScalarOps ops;
  private final Map<Node, Integer> uses = new HashMap<>();

  Values(KernelScope scope, Collection<Node> roots) {
    this.scope = scope;
    this.code = scope.code;
    this.polys = new Polys(scope);
    this.ops = new ScalarOps(scope);
    for (var node : Walk.nodes(roots)) {
      Walk.operands(node.expr()).forEach(o -> uses.merge(o, 1, Integer::sum));
    }
    roots.forEach(r -> uses.merge(r, 1, Integer::sum));
  }

  /** Leaves the node's value: a real in the program's precision, a long, or 0 or 1 as an int. */
  void value(Node node) {
    var known = scope.known(node);
    if (known != null) {
      code.load(known);
      return;
    }
    emit(node);
    if (uses.getOrDefault(node, 1) > 1 && !isTrivial(node)) {
      var local = code.keep(scope.kind(node.type()));
      scope.know(node, local);
      code.load(local);
    }
  }

  private static boolean isTrivial(Node node) {
    return switch (node.expr()) {
      case Expr.Real _, Expr.Bool _ -> true;
      case Expr.Index(var value) -> value.terms().size() <= 1;
      case Expr.Read _, Expr.Unary _, Expr.Binary _, Expr.Compare _, Expr.Not _ -> false;
      case Expr.And _, Expr.Or _, Expr.Select _, Expr.Cast _, Expr.Draw _ -> false;
      case Expr.StopGradient(var x) -> isTrivial(x);
    };
  }

  private void emit(Node node) {
    switch (node.expr()) {
      case Expr.Real(var value) -> ops.real(value);
      case Expr.Bool(var value) -> code.constant(value ? 1 : 0);
      case Expr.Index(var value) -> polys.asLong(value);
      case Expr.Read read -> read(read);
      case Expr.Unary(var op, var x) -> {
        value(x);
        ops.unary(op, node.type());
      }
      case Expr.Binary(var op, var x, var y) -> {
        value(x);
        value(y);
        ops.binary(op, node.type());
      }
      case Expr.Compare(var op, var x, var y) -> {
        value(x);
        value(y);
        ops.compare(op, x.type());
      }
      case Expr.Not(var x) -> {
        value(x);
        code.op(Opcodes.ICONST_1).op(Opcodes.IXOR);
      }
      case Expr.And(var x, var y) -> {
        value(x);
        code.ifElse(() -> branch(y), () -> code.constant(0));
      }
      case Expr.Or(var x, var y) -> {
        value(x);
        code.ifElse(() -> code.constant(1), () -> branch(y));
      }
      case Expr.Select(var guard, var then, var otherwise) -> {
        value(guard);
        code.ifElse(() -> branch(then), () -> branch(otherwise));
      }
      case Expr.Cast(var to, var x) -> {
        value(x);
        ops.cast(x.type(), to);
      }
      case Expr.StopGradient(var x) -> value(x);
      case Expr.Draw draw -> {
        var key = draw.key();
        code.load(scope.site(draw.site()));
        List.of(key.seed(), key.step(), key.example(), key.element()).forEach(this::value);
        draw.arguments()
            .forEach(
                a -> {
                  value(a);
                  ops.toDouble();
                });
        ops.draw(draw.distribution());
      }
    }
  }

  private void branch(Node node) {
    scope.enter();
    value(node);
    scope.leave();
  }

  // Memory.

  private void read(Expr.Read read) {
    code.load(scope.array(read.tensor()));
    address(read.tensor(), read.subscripts());
    code.op(scope.stored(read.tensor().type()).arrayLoad);
    if (read.tensor().type() == Type.BOOL) {
      code.op(Opcodes.L2I);
    }
  }

  /** Leaves the place of an element in its array, as an int. */
  void address(Tensor tensor, List<Node> subscripts) {
    address(tensor, subscripts, Access.place(tensor, subscripts));
  }

  /**
   * Leaves a place, as an int.
   *
   * @param affine the part of the place that does not come from a gather
   */
  void address(Tensor tensor, List<Node> subscripts, Poly affine) {
    var strides = Access.strides(tensor);
    boolean some = false;
    for (int p = 0; p < subscripts.size(); p++) {
      if (subscripts.get(p).expr() instanceof Expr.Index) {
        continue;
      }
      value(subscripts.get(p));
      polys.asInt(tensor.shape().get(p));
      code.constant(tensor.name()).call(Abi.INDEX);
      if (!strides[p].is(1)) {
        polys.asInt(strides[p]);
        code.op(Opcodes.IMUL);
      }
      if (some) {
        code.op(Opcodes.IADD);
      }
      some = true;
    }
    address(tensor, affine, some);
  }

  /** Leaves the place of the element whose distance from the first one is given. */
  void address(Tensor tensor, Poly distance) {
    address(tensor, distance, false);
  }

  private void address(Tensor tensor, Poly affine, boolean partly) {
    boolean some = partly;
    if (scope.hasOffset(tensor)) {
      code.load(scope.offset(tensor));
      if (some) {
        code.op(Opcodes.IADD);
      }
      some = true;
    }
    if (!affine.is(0) || !some) {
      polys.asInt(affine);
      if (some) {
        code.op(Opcodes.IADD);
      }
    }
  }

  // What does not change in a loop is computed before it.

  /**
   * Computes, before a loop starts, what the root needs in every iteration and does not depend on
   * any of the indices still to come.
   *
   * @param pending the indices of the loops that are not open yet
   */
  void hoist(Node root, Set<Atom> pending) {
    hoist(root, pending, new HashSet<>());
  }

  private void hoist(Node node, Set<Atom> pending, Set<Node> seen) {
    if (!seen.add(node)
        || scope.known(node) != null
        || isTrivial(node)
        || node.expr() instanceof Expr.Index) {
      return;
    }
    if (!dependsOn(node, pending)) {
      value(node);
      if (scope.known(node) == null) {
        scope.know(node, code.keep(scope.kind(node.type())));
      } else {
        code.op(scope.kind(node.type()).slots == 2 ? Opcodes.POP2 : Opcodes.POP);
      }
      return;
    }
    for (var operand : unconditional(node.expr())) {
      hoist(operand, pending, seen);
    }
  }

  private boolean dependsOn(Node node, Set<Atom> pending) {
    for (var below : Walk.nodes(List.of(node))) {
      if (below.expr() instanceof Expr.Index(var value)
          && value.variables().stream().anyMatch(pending::contains)) {
        return true;
      }
    }
    return false;
  }

  private static List<Node> unconditional(Expr expr) {
    return switch (expr) {
      case Expr.And(var x, _) -> List.of(x);
      case Expr.Or(var x, _) -> List.of(x);
      case Expr.Select(var guard, _, _) -> List.of(guard);
      case Expr.Real _, Expr.Bool _, Expr.Index _, Expr.Read _, Expr.Unary _, Expr.Binary _ ->
          Walk.operands(expr);
      case Expr.Compare _, Expr.Not _, Expr.Cast _, Expr.StopGradient _, Expr.Draw _ ->
          Walk.operands(expr);
    };
  }
}
