package dev.nnlang.compiler.elaborate;

/** For which of the two programs of a body: {@code training} is static. */
public enum Phase {
  TRAINING,
  INFERENCE
}
