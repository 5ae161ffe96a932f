package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.runtime.tensor.ElementType;

/** How reals are stored and computed. */
public enum Precision {
  F32(ElementType.F32, Kind.FLOAT),
  F64(ElementType.F64, Kind.DOUBLE);

  private final ElementType element;
  private final Kind kind;

  Precision(ElementType element, Kind kind) {
    this.element = element;
    this.kind = kind;
  }

  ElementType element() {
    return element;
  }

  Kind kind() {
    return kind;
  }
}
