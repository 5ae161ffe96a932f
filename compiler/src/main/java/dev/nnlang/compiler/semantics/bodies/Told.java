package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.source.Span;
import java.util.Map;

/**
 * What checking one declaration says of another, or of itself, that is judged when every use has
 * been seen. All that is found in a declaration follows from what it names and from what it is
 * told.
 */
public sealed interface Told {
  /** A declaration is used with these settings; those it has by default are not among them. */
  record Used(Symbol symbol, Map<String, Value> settings) implements Told {}

  /** A {@code ??} that some body needs, or one that this body does not need. */
  record Outside(Span read, boolean isNeeded) implements Told {}

  /** Something of a declaration is left to its uses to decide. */
  record Open(Symbol of) implements Told {}
}
