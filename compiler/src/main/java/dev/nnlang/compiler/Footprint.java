package dev.nnlang.compiler;

import dev.nnlang.compiler.elaborate.TrainingProgramSet;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Cost;
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
    long most = plan.alive().stream().mapToLong(alive -> evaluate(alive, batch)).max().orElse(0);
    return new Footprint(batch, parameters, carried, most);
  }

  private static long bytes(Tensor tensor, long batch) {
    return evaluate(Cost.bytes(tensor), batch);
  }

  private static long evaluate(Poly size, long batch) {
    // Every open dimension but the batch is as long as an example says, which only data know: 1.
    return size.evaluate(atom -> atom.equals(new Atom.Dim("batch")) ? batch : 1L);
  }
}
