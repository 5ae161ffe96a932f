package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Slot;
import java.util.List;
import java.util.Map;

/**
 * What kernels count: places in tensors, terms of sums, work-groups. They do so in 32 bits, which
 * is checked here before anything is asked for; what is too large would be computed wrongly.
 */
final class Counts {
  /** Numbers of work-items are rounded up to whole groups, and ends of sums to whole parts. */
  private static final long MOST = (1L << 31) - (1L << 16);

  private final DeviceInfo device;
  private final Map<String, Long> dims;

  Counts(DeviceInfo device, Map<String, Long> dims) {
    this.device = device;
    this.dims = dims;
  }

  /** A {@link DeviceFailure} names the first that is too large. */
  void check(List<Slot> slots, List<Command> commands) {
    for (var slot : slots) {
      check(new Extent.Product(slot.shape()), slot.name(), "elements");
    }
    check(commands);
  }

  private void check(List<Command> commands) {
    for (var command : commands) {
      switch (command) {
        case Launch launch -> {
          for (var argument : launch.arguments()) {
            if (argument instanceof Launch.Given.Size(var size)) {
              check(size, "a dimension of " + launch.what(), "values");
            }
          }
          for (var count : launch.counts()) {
            check(count, "what " + launch.what() + " goes through", "values");
          }
          check(launch.groups(), "what computes " + launch.what(), "work-groups");
        }
        case Product product -> {
          for (var size : List.of(product.rows(), product.columns(), product.terms())) {
            check(size, "a side of " + product.what(), "values");
          }
          check(product.batch(), product.what(), "matrices");
          for (var launches : List.of(product.behind(), product.otherwise())) {
            check(List.<Command>copyOf(launches));
          }
        }
        case Command.Loop loop -> {
          check(loop.rounds(), "a loop", "rounds");
          check(loop.body());
        }
      }
    }
  }

  private void check(Extent count, String whose, String what) {
    long value;
    try {
      value = count.evaluate(dims);
    } catch (ArithmeticException _) {
      value = Long.MAX_VALUE;
    }
    if (value > MOST) {
      throw new DeviceFailure(
          Problem.of(
                  ProblemCode.DEVICE_COUNT,
                  "%s has %s %s; kernels for %s (%s) count to %d"
                      .formatted(
                          whose,
                          value == Long.MAX_VALUE ? "more than 2^63" : Long.toString(value),
                          what,
                          device.name(),
                          device.model(),
                          MOST))
              .mend("a smaller batch has fewer"));
    }
  }
}
