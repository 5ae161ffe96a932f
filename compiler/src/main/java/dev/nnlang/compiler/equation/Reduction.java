package dev.nnlang.compiler.equation;

import java.util.List;

/**
 * What an equation does over indices that its left side does not have. {@code guard} is a boolean
 * node over all indices of the equation; where it is false the body is not evaluated. Values of an
 * empty reduction are those of LR-35; {@code ARGMAX} and {@code ARGMIN} have one axis, give an
 * {@code INT} and take the first extreme. {@code mean} is not here: it is a sum and a division.
 */
public record Reduction(Kind kind, List<Axis> axes, Node guard) {
  public enum Kind {
    SUM,
    PROD,
    MAX,
    MIN,
    ANY,
    ALL,
    ARGMAX,
    ARGMIN,
    LOGSUMEXP
  }

  public Reduction {
    axes = List.copyOf(axes);
  }
}
