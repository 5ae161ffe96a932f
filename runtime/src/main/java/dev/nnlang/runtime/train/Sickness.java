package dev.nnlang.runtime.train;

import dev.nnlang.runtime.problem.ProblemCode;

/** What {@code watch} looks for in a run. */
public enum Sickness {
  /** Numbers that are none. */
  NAN(
      ProblemCode.LOSS_NOT_FINITE,
      "the learning rate is too large, or a logarithm, a root or a division meets 0",
      "try a smaller learning rate, or clip = norm(1.0)"),
  /** Gradients that are lost on the way back to the first layers. */
  VANISHING(
      ProblemCode.GRADIENT_VANISHING,
      "many layers, each of which multiplies the gradient by a small slope or by small weights",
      "use an activation that does not flatten, a normalisation between the layers, or a way"
          + " around them (y = x + f(x))"),
  /** Gradients that grow on the way back. */
  EXPLODING(
      ProblemCode.GRADIENT_EXPLODING,
      "weights that start too large, or a recurrence over many steps: each layer multiplies the"
          + " gradient by more than 1",
      "use an initialiser that knows the fan, a normalisation between the layers, or"
          + " clip = norm(1.0)"),
  /** Units that stand on the flat part of their activation. */
  SATURATED(
      ProblemCode.ACTIVATION_SATURATED,
      "inputs or weights that are too large for it: out there it is flat, and nothing is learned",
      "scale the inputs (fit gives their mean and deviation), start with smaller weights, or"
          + " normalise before it"),
  /** Units that are 0 for every example, and stay so. */
  DEAD(
      ProblemCode.UNITS_DEAD,
      "a step that was too large moved them to where their slope is 0, and without a slope they"
          + " cannot come back",
      "try a smaller learning rate, or an activation that leaks on its flat side");

  private final ProblemCode code;
  private final String cause;
  private final String mend;

  Sickness(ProblemCode code, String cause, String mend) {
    this.code = code;
    this.cause = cause;
    this.mend = mend;
  }

  /** As {@code watch} writes it. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public ProblemCode code() {
    return code;
  }

  /** What it usually comes from. */
  public String cause() {
    return cause;
  }

  public String mend() {
    return mend;
  }
}
