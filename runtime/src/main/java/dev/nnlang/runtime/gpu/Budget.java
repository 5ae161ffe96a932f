package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import java.util.Locale;

/**
 * How much of a device's memory is taken. Many drivers promise more than they have and fail later,
 * in the middle of a run; so we count. {@code -Dnn.device.memory=BYTES} leaves us less than there
 * is.
 */
final class Budget {
  private static final String LIMIT = "nn.device.memory";

  private final DeviceInfo device;
  private long taken;

  Budget(DeviceInfo device) {
    this.device = device;
  }

  private long all() {
    return Math.min(device.memory(), Long.getLong(LIMIT, Long.MAX_VALUE));
  }

  void take(long bytes) {
    if (bytes > all() - taken) {
      throw tooMuch(bytes);
    }
    taken += bytes;
  }

  long taken() {
    return taken;
  }

  void giveBack(long bytes) {
    taken -= bytes;
  }

  DeviceFailure tooMuch(long bytes) {
    return new DeviceFailure(
        Problem.of(
                ProblemCode.DEVICE_MEMORY,
                "%s (%s) has too little memory: %s are needed, of %s it has %s left"
                    .formatted(
                        device.name(),
                        device.model(),
                        size(bytes),
                        size(all()),
                        size(Math.max(0, all() - taken))))
            .mend(
                "a smaller batch takes less; --device cpu computes in the memory of the machine"));
  }

  private static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : bytes < 1_000_000_000
            ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
            : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
