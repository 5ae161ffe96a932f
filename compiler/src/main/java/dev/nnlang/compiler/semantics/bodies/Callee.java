package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.source.Span;

/** What stands before the parentheses of a call. */
public sealed interface Callee {
  /** A declaration, partly given its config perhaps. */
  record Made(Value.Maker maker) implements Callee {}

  /** A chain of copies, given as config or by {@code repeat}. */
  record Repeated(Value.Chain chain) implements Callee {}

  /** A named instance. */
  record Shared(Entity.Bound bound) implements Callee {}

  /** A function, reduction, draw or form of the language. */
  record BuiltIn(String name) implements Callee {}

  /** Something that cannot be called. */
  record Other(String name, String what, Span declared) implements Callee {}

  /** A name that failed; it has been reported. */
  record Failed() implements Callee {}
}
