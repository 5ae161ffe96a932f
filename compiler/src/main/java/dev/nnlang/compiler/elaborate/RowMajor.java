package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.List;

/** Elements counted row by row: from subscripts to a number and back, for {@code reshape}. */
final class RowMajor {
  private final Assembly assembly;

  RowMajor(Assembly assembly) {
    this.assembly = assembly;
  }

  /** The number of the element at {@code subscripts} of a tensor of this shape. */
  Node number(List<Node> subscripts, List<Poly> shape) {
    var nodes = assembly.nodes;
    Node number = nodes.integer(0);
    for (int i = 0; i < shape.size(); i++) {
      number =
          i == 0
              ? subscripts.get(0)
              : nodes.add(nodes.mul(number, nodes.index(shape.get(i))), subscripts.get(i));
    }
    return number;
  }

  /** The subscripts of element {@code number}, which is in range. */
  List<Node> subscripts(Node number, List<Poly> shape) {
    var found = new ArrayList<Node>();
    var inner = Poly.ONE;
    for (int i = shape.size() - 1; i >= 0; i--) {
      var position = divide(number, inner);
      found.addFirst(i == 0 ? position : remainder(position, shape.get(i)));
      inner = inner.times(shape.get(i));
    }
    return found;
  }

  /**
   * The subscripts in {@code from} of the element at {@code subscripts} in {@code to}. Dimensions
   * that both have are passed through; only the runs between them are counted.
   */
  List<Node> reshape(List<Node> subscripts, List<Poly> to, List<Poly> from) {
    var found = new ArrayList<Node>();
    int i = 0;
    int j = 0;
    while (i < to.size() || j < from.size()) {
      int endTo = i;
      int endFrom = j;
      var sizeTo = Poly.ONE;
      var sizeFrom = Poly.ONE;
      // The shortest runs of equal size; if sizes cannot be told apart, all that is left.
      do {
        boolean growTo =
            endTo < to.size() && (endFrom == from.size() || smaller(sizeTo, sizeFrom, endTo == i));
        if (growTo) {
          sizeTo = sizeTo.times(to.get(endTo++));
        } else if (endFrom < from.size()) {
          sizeFrom = sizeFrom.times(from.get(endFrom++));
        }
      } while (!(endTo > i && endFrom > j && sizeTo.equals(sizeFrom))
          && (endTo < to.size() || endFrom < from.size()));
      found.addAll(
          subscripts(
              number(subscripts.subList(i, endTo), to.subList(i, endTo)),
              from.subList(j, endFrom)));
      i = endTo;
      j = endFrom;
    }
    return found;
  }

  private boolean smaller(Poly a, Poly b, boolean empty) {
    return empty || !assembly.prover(a, b).atLeastZero(a.minus(b));
  }

  private Node divide(Node number, Poly by) {
    if (by.is(1)) {
      return number;
    }
    var node = assembly.nodes.binary(BinaryOp.DIV, number, assembly.nodes.index(by));
    return tidy(node);
  }

  private Node remainder(Node number, Poly by) {
    return by.is(1)
        ? assembly.nodes.integer(0)
        : tidy(assembly.nodes.binary(BinaryOp.MOD, number, assembly.nodes.index(by)));
  }

  /** Resolves what ranges resolve: {@code (8*r + c) / 8} is {@code r} for {@code c < 8}. */
  private Node tidy(Node node) {
    return node.expr() instanceof Expr.Index(var p)
        ? assembly.nodes.index(assembly.prover(p).simplify(p))
        : node;
  }
}
