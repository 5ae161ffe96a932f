package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Poly;
import java.util.List;
import java.util.function.Function;

/**
 * A tensor that need not exist: its shape, and the node of one element. The node may speak of the
 * indices that were in scope where the value was made. Asking for an element makes nodes only,
 * never equations.
 */
record Value(Type type, List<Poly> shape, Function<List<Node>, Node> elements) {
  Value {
    shape = List.copyOf(shape);
  }

  static Value scalar(Node node) {
    return new Value(node.type(), List.of(), _ -> node);
  }

  Node at(List<Node> subscripts) {
    return elements.apply(subscripts);
  }

  /** The value of a scalar; for a tensor that is filled with one number, that number. */
  Node node() {
    return elements.apply(List.of());
  }

  int rank() {
    return shape.size();
  }

  /** The element at these subscripts of a bigger tensor: a scalar is the same everywhere. */
  Node spread(List<Node> subscripts) {
    return shape.isEmpty() ? node() : at(subscripts);
  }
}
