package dev.nnlang.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has HotSpot compile the kernels that a program is about to use much. Its first run would come to
 * one after the other, and wait for each: interpreted, then in the code of the first compiler, with
 * every vector an object and a thousand times slower, until the second one has made a loop of it
 * that can be entered in its middle, which is thrown away when the whole method is compiled. Here
 * all are called in turn, each for a few of its work items: while one is compiled, the next ones
 * wait for the compiler and not the compiler for them, and each is compiled once.
 *
 * <p>How often a method has to be called is said in {@code .ci/jvm.args}. With HotSpot's own
 * numbers it takes longer, and may be given up.
 */
final class WarmKernels {
  /** What a run takes once it is compiled, so that calling its kernels first pays. */
  private static final long WORTH_IT_NANOS = 1_000_000;

  /** The same of one kernel. */
  private static final long NOTICED_NANOS = 2_000;

  /** How often a kernel is called at least: as often as it takes until it is to be compiled. */
  private static final int LEAST_CALLS = 30;

  /** So often all are called without a pause for the compilers. */
  private static final int BUSY_CALLS = 60;

  /** Nothing is measured more exactly than to this. */
  private static final long FAST_NANOS = 3_000;

  /** Compiled code takes an estimate so many times at most; before, it is ten times that. */
  private static final long SLACK = 3;

  /** When nothing has become fast for so long, such as with no second compiler, nothing will. */
  private static final long PATIENCE_NANOS = 1_200_000_000;

  private static final long MOST_NANOS = 5_000_000_000L;

  /** What has been called of a class. */
  private static final ClassValue<Set<String>> DONE =
      new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
          return ConcurrentHashMap.newKeySet();
        }
      };

  /**
   * A part of a kernel's work that can be done at any time.
   *
   * @param code the class that is called
   * @param what of it: of two calls of the same, one is enough
   * @param part does it; its results are of no use
   * @param nanos about how long the part takes, once it is compiled
   * @param all about how long all of the work takes in a run of the session
   */
  record Call(Class<?> code, String what, Runnable part, long nanos, long all) {}

  private WarmKernels() {}

  /** Returns when the kernels are compiled that take most of a run. */
  static void warm(List<Call> calls) {
    if (calls.stream().mapToLong(Call::all).sum() < WORTH_IT_NANOS) {
      return;
    }
    var slow = new ArrayList<Call>();
    for (var call : calls) {
      if (call.all() >= NOTICED_NANOS && DONE.get(call.code()).add(call.what())) {
        slow.add(call);
      }
    }
    long end = System.nanoTime() + MOST_NANOS;
    long progress = System.nanoTime();
    for (int count = 1; !slow.isEmpty(); count++) {
      boolean isEnough = count >= LEAST_CALLS;
      boolean isFaster = slow.removeIf(call -> isFast(call) && isEnough);
      long now = System.nanoTime();
      if (isFaster || count <= BUSY_CALLS) {
        progress = now;
      }
      if (now > end || now - progress > PATIENCE_NANOS || count > BUSY_CALLS && !pause()) {
        return;
      }
    }
  }

  private static boolean isFast(Call call) {
    long start = System.nanoTime();
    try {
      call.part().run();
    } catch (RuntimeException e) {
      // An index that an earlier kernel was to compute may be outside: then it is left as it is.
      return true;
    }
    return System.nanoTime() - start < FAST_NANOS + SLACK * call.nanos();
  }

  /** Leaves the cores to the compilers; false if somebody wants the thread to end. */
  private static boolean pause() {
    try {
      Thread.sleep(1);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
