package dev.nnlang.compiler.diagnostic;

import dev.nnlang.compiler.source.Span;

/**
 * A place in the source and what to say about it.
 *
 * @param span the characters to underline
 * @param text what stands beside the underline; empty for the underline alone
 */
public record Label(Span span, String text) {
  /** An underline without words. */
  public static Label bare(Span span) {
    return new Label(span, "");
  }
}
