package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;

/** An index with its range: {@code 0 <= index < extent}. Unique within an equation. */
public record Axis(Atom.Index index, Poly extent) {
  public static Axis of(String name, Poly extent) {
    return new Axis(new Atom.Index(name), extent);
  }

  public String name() {
    return index.name();
  }

  @Override
  public String toString() {
    return index + ": " + extent;
  }
}
