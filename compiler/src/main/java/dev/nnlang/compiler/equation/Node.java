package dev.nnlang.compiler.equation;

/**
 * One interned expression. Two nodes of one {@link Nodes} are equal only if they are the same node,
 * and operands have smaller ids than their users, so a sweep in id order is a topological order.
 */
public record Node(int id, Expr expr, Type type) {
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return EquationText.of(this);
  }
}
