package dev.nnlang.runtime.program;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;

/**
 * An index that was computed from the user's data is outside its dimension: the run has stopped,
 * and outputs and updated state are not to be used. Unchecked, as only data that were not validated
 * can cause it; whoever feeds such data catches it and shows {@link #problem}.
 */
public final class IndexOutside extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /**
   * @param tensor what was read, and at which of its dimensions
   */
  public IndexOutside(String tensor, long index, long extent) {
    super("index " + index + " of " + tensor + " is not in 0 .. " + (extent - 1));
    this.problem = Problem.of(ProblemCode.INDEX_OUTSIDE, getMessage());
  }

  public Problem problem() {
    return problem;
  }
}
