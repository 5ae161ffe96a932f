package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.problem.Problem;

/**
 * A device that cannot go on: too little memory, kernels that its driver refuses, a call that
 * failed. The run has stopped, and outputs and updated state are not to be used. Unchecked, as any
 * run may end so; whoever runs on devices catches it and shows {@link #problem}.
 */
public final class DeviceFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public DeviceFailure(Problem problem) {
    super(problem.message());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
