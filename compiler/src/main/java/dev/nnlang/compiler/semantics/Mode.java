package dev.nnlang.compiler.semantics;

/** For which of the two programs a declaration is instantiated: what {@code training} is. */
public enum Mode {
  TRAINING,
  INFERENCE
}
