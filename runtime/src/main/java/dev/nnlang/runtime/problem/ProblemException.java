package dev.nnlang.runtime.problem;

/**
 * Carries a {@link Problem} out of the reading of data or a run. Checked, so that no caller can
 * forget it; it has no stack trace, as the fault is the data's.
 */
public final class ProblemException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.toString(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
