package dev.nnlang.compiler.induction;

/** Copies are not all alike, so that they must be compiled one by one. */
final class Irregular extends RuntimeException {
  private static final long serialVersionUID = 1;

  Irregular(String why) {
    super(why, null, false, false);
  }
}
