package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.source.Span;
import java.util.Optional;

/**
 * Where an equation comes from: its place in the source, and why it is there, in words a user
 * understands: {@code Dense_1: y}, {@code d loss / d w}.
 */
public record Origin(Optional<Span> span, String why) {
  public static Origin of(Span span, String why) {
    return new Origin(Optional.of(span), why);
  }

  /** For equations that no line of source wrote, and for tests. */
  public static Origin synthetic(String why) {
    return new Origin(Optional.empty(), why);
  }

  /** The same place, another reason: what a pass gives to what it derives from an equation. */
  public Origin because(String reason) {
    return new Origin(span, reason);
  }
}
