package dev.nnlang.compiler;

import dev.nnlang.compiler.elaborate.TrainingProgramSet;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;

/**
 * The memory that one training step takes at the plan's batch, in bytes of 32-bit reals.
 *
 * @param batch of the plan
 * @param parameters all of them
 * @param carried states of layers and of the optimizer
 * @param intermediate the most that is alive at once of all that is computed in between
 */
public record Footprint(long batch, long parameters, long carried, long intermediate) {
  private static final int BYTES = 4;

  public long total() {
    return parameters + carried + intermediate;
  }

  static Footprint of(TrainingProgramSet set, long batch) {
    var plan = Schedule.plan(Pipeline.run(set.step()));
    long parameters = 0;
    long carried = 0;
    for (var input : plan.program().inputs()) {
      switch (input.role()) {
        case PARAMETER, FROZEN -> parameters += bytes(input.tensor(), batch);
        case STATE, OPTIMIZER -> carried += bytes(input.tensor(), batch);
        case DATA, SOURCE, SCALAR -> {}
      }
    }
    var change = new long[plan.kernels().size() + 2];
    plan.lives()
        .forEach(
            (tensor, life) -> {
              change[life.first()] += bytes(tensor, batch);
              change[life.last() + 1] -= bytes(tensor, batch);
            });
    long alive = 0;
    long most = 0;
    for (long c : change) {
      alive += c;
      most = Math.max(most, alive);
    }
    return new Footprint(batch, parameters, carried, most);
  }

  private static long bytes(Tensor tensor, long batch) {
    var size = Poly.product(tensor.shape());
    // Every open dimension but the batch is as long as an example says, which only data know: 1.
    return BYTES * size.evaluate(atom -> atom.equals(new Atom.Dim("batch")) ? batch : 1L);
  }
}
