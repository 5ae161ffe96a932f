package dev.nnlang.runtime.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has HotSpot compile what a program is about to run much. Before its second compiler has seen a
 * kernel, each vector is an object, and an operation takes a hundred times as long; and since a
 * program comes to one kernel after the other, they would be compiled one after the other, each
 * time with everybody waiting, and first as a loop that can be entered in its middle, which is
 * thrown away. Here all are called in turn, for a little work, and then hardly any more, so that
 * the compiler has the cores.
 */
final class WarmUp {
  /** Calls of a part in its turn: the fastest tells how fast it is. */
  private static final int BURST = 4;

  /** Turns in which a part is called without a pause at least. */
  private static final int FIRST_TURNS = 12;

  /** So long a part is called without a pause: it goes round its loops as often as it has to. */
  private static final long BUSY_NANOS = 10_000_000;

  /** A part that took so long and is not fast will not be. */
  private static final long ENOUGH_NANOS = 100_000_000;

  /** When nothing has become fast for so long, such as with no second compiler, nothing will. */
  private static final long PATIENCE_NANOS = 500_000_000;

  /** The same where all that is left has become a little faster. */
  private static final long LITTLE_PATIENCE_NANOS = 100_000_000;

  /** Nobody waits longer. */
  private static final long MOST_NANOS = 3_000_000_000L;

  /** What has been called of a class. */
  private static final ClassValue<Set<String>> DONE =
      new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
          return ConcurrentHashMap.newKeySet();
        }
      };

  /**
   * A part of a program's work that can be done at any time.
   *
   * @param code the class that is called
   * @param what of it: of two parts of the same, one is enough
   * @param call does it
   */
  record Part(Class<?> code, String what, Call call) {}

  /** Does a little of a part; the results are of no use. */
  interface Call {
    /**
     * Does it.
     *
     * @return how many nanoseconds that takes the second compiler's code at most, and the first
     *     one's certainly not. That a part has become some times faster would not tell which of
     *     them made the code: scalars gain from the first as much as from the second.
     */
    long run();
  }

  /** A part and how it went so far. */
  private static final class Turns {
    private final Part part;
    private int count;
    private long spent;

    /** Times of the fastest call in the first turn and in the last one, by what they should be. */
    private double first = Double.POSITIVE_INFINITY;

    private double last;

    private Turns(Part part) {
      this.part = part;
    }

    /** Calls the part a few times; whether it needs no more turns. */
    private boolean take() {
      last = Double.POSITIVE_INFINITY;
      for (int call = 0; call < BURST; call++) {
        long start = System.nanoTime();
        long compiled;
        try {
          compiled = part.call.run();
        } catch (RuntimeException e) {
          // An index that an earlier kernel was to compute may be outside: then it is left as it
          // is.
          return true;
        }
        long nanos = System.nanoTime() - start;
        spent += nanos;
        last = Math.min(last, (double) nanos / Math.max(1, compiled));
      }
      first = count == 0 ? last : first;
      count++;
      return last < 1 || spent > ENOUGH_NANOS;
    }

    private boolean isFaster() {
      return last * 3 < first * 2;
    }

    private boolean isBusy() {
      return count < FIRST_TURNS || spent < BUSY_NANOS;
    }
  }

  private WarmUp() {}

  /** Whether a part has not been called before. */
  static boolean isNew(Class<?> code, String what) {
    return !DONE.get(code).contains(what);
  }

  /** Returns when the parts are compiled that are new. */
  static void run(List<Part> parts) {
    var slow = new ArrayList<Turns>();
    for (var part : parts) {
      if (DONE.get(part.code()).add(part.what())) {
        slow.add(new Turns(part));
      }
    }
    long begin = System.nanoTime();
    long progress = begin;
    while (!slow.isEmpty()) {
      boolean isFaster = slow.removeIf(Turns::take);
      boolean isBusy = slow.stream().anyMatch(Turns::isBusy);
      long now = System.nanoTime();
      if (isFaster || isBusy) {
        progress = now;
      }
      long patience =
          slow.stream().allMatch(Turns::isFaster) ? LITTLE_PATIENCE_NANOS : PATIENCE_NANOS;
      if (now - begin > MOST_NANOS || now - progress > patience || !isBusy && !pause()) {
        return;
      }
    }
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
