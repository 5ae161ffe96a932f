package dev.nnlang.bench;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** Settings of the C library, for peers that allocate their tensors with it. */
public final class NativeProcess {
  private static final int TRIM_THRESHOLD = -1;
  private static final int TOP_PAD = -2;
  private static final int MMAP_MAX = -4;
  private static final int ARENA_MAX = -8;

  private NativeProcess() {}

  /**
   * By default glibc maps every large tensor afresh and gives it back when it is freed, so that
   * each step pays for zeroing its pages again, more than for the work on them. Peers are to be
   * measured at their best: freed memory stays with the process.
   */
  public static void keepFreedMemory() {
    var linker = Linker.nativeLinker();
    var mallopt = linker.defaultLookup().find("mallopt");
    if (mallopt.isEmpty()) {
      // Another C library than glibc, with other habits.
      return;
    }
    var type =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    var call = linker.downcallHandle(mallopt.get(), type);
    int[][] settings = {
      {ARENA_MAX, 1}, {MMAP_MAX, 0}, {TRIM_THRESHOLD, Integer.MAX_VALUE}, {TOP_PAD, 64 << 20}
    };
    for (int[] setting : settings) {
      try {
        int _ = (int) call.invokeExact(setting[0], setting[1]);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
