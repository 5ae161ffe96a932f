package dev.nnlang.runtime.cpu;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of one session. The caller works, too; the others wait for a job, first spinning
 * briefly, then parked, because an endless spin takes the core from those who have work.
 *
 * <p>Each thread has a share of the chunks that are next to each other, the same of every job with
 * as many, and takes from others only when it has done its own. So what a thread reads is most
 * often what it has written in the kernel before: a line of memory that another core has written
 * takes ten times as long as one in the core's own cache.
 *
 * <p>Where threads meet they write as few lines as can be: the caller one, with the job and its
 * number; each thread one for the chunks it takes, and one that says that it has ended.
 */
final class Workers implements AutoCloseable {
  private static final int SPINS = 2_000;

  /** Bytes between what different threads write: two lines, since processors read pairs ahead. */
  private static final int APART = 128;

  private static final int LONGS = APART / Long.BYTES;
  private static final int INTS = APART / Integer.BYTES;

  /** One piece of a job: chunks are taken in no particular order. */
  interface Job {
    void chunk(int index);
  }

  private final Thread[] threads;

  /** For each thread's share the number of the job, and in the low half the next chunk. */
  private final AtomicLongArray next;

  /** For each thread the last job that it has ended. */
  private final AtomicIntegerArray ended;

  /** For each thread whether it is parked, or about to be. */
  private final AtomicIntegerArray parked;

  // Seen by whoever sees the number of the job.
  private Job job;
  private int chunks;
  private volatile int number;
  private volatile boolean closed;
  private volatile Throwable failure;

  Workers(int count) {
    threads = new Thread[count - 1];
    // The first lines are left out: an array's length is read by all.
    next = new AtomicLongArray((count + 1) * LONGS);
    ended = new AtomicIntegerArray((count + 1) * INTS);
    parked = new AtomicIntegerArray((count + 1) * INTS);
    for (int i = 1; i < count; i++) {
      int thread = i;
      threads[i - 1] =
          Thread.ofPlatform().daemon().name("nn-worker-" + i).start(() -> work(thread));
    }
  }

  /** Threads that work, the caller among them. */
  int count() {
    return threads.length + 1;
  }

  /** Runs all chunks of a job and returns when all have ended; throws what a chunk threw. */
  void run(int count, Job what) {
    if (threads.length == 0 || count == 1) {
      for (int i = 0; i < count; i++) {
        what.chunk(i);
      }
      return;
    }
    job = what;
    chunks = count;
    int now = number + 1;
    number = now;
    for (int thread = 1; thread < count(); thread++) {
      if (parked.get(ints(thread)) != 0) {
        LockSupport.unpark(threads[thread - 1]);
      }
    }
    takeChunks(0, what, count, now);
    for (int thread = 1; thread < count(); thread++) {
      waitFor(thread, now);
    }
    var thrown = failure;
    if (thrown == null) {
      return;
    }
    failure = null;
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  private void waitFor(int thread, int job) {
    int spins = 0;
    while (ended.get(ints(thread)) != job) {
      if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void work(int thread) {
    int seen = 0;
    while (true) {
      int spins = 0;
      while (number == seen) {
        if (closed) {
          return;
        }
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          parked.set(ints(thread), 1);
          if (number == seen && !closed) {
            LockSupport.park(this);
          }
          parked.set(ints(thread), 0);
        }
      }
      seen = number;
      takeChunks(thread, job, chunks, seen);
      ended.set(ints(thread), seen);
    }
  }

  /** Takes the chunks of its own share, then what others have left of theirs. */
  private void takeChunks(int thread, Job what, int count, int job) {
    try {
      for (int turn = 0; turn < count(); turn++) {
        int share = (thread + turn) % count();
        int end = end(share, count);
        for (int i = take(share, count, job); i < end; i = take(share, count, job)) {
          what.chunk(i);
        }
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      for (int share = 0; share < count(); share++) {
        next.set(longs(share), tag(job, count));
      }
    }
  }

  /** The next chunk of a share; its end or more, if none is left. */
  private int take(int share, int count, int job) {
    while (true) {
      long last = next.get(longs(share));
      int chunk = (int) (last >>> Integer.SIZE) == job ? (int) last : end(share - 1, count);
      if (chunk >= end(share, count)
          || next.compareAndSet(longs(share), last, tag(job, chunk + 1))) {
        return chunk;
      }
    }
  }

  private int end(int share, int count) {
    return share(share + 1, count(), count);
  }

  /** The first chunk of a thread's share of so many: where the share of the one before ends. */
  static int share(int thread, int threads, int count) {
    return (int) ((long) thread * count / threads);
  }

  private static long tag(int job, int chunk) {
    return (long) job << Integer.SIZE | chunk;
  }

  private static int longs(int thread) {
    return (thread + 1) * LONGS;
  }

  private static int ints(int thread) {
    return (thread + 1) * INTS;
  }

  @Override
  public void close() {
    closed = true;
    for (var thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
