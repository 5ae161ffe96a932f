package dev.nnlang.runtime.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of one session. The caller works, too; the others wait for a job, first spinning
 * briefly, then parked, because an endless spin takes the core from those who have work.
 */
final class Workers implements AutoCloseable {
  private static final int SPINS = 2_000;

  /** One piece of a job: chunks are taken from a shared counter, in no particular order. */
  interface Job {
    void chunk(int index);
  }

  private final Thread[] threads;
  private final AtomicInteger nextChunk = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
  private volatile Job job;
  private volatile int chunks;
  private volatile int generation;
  private volatile boolean closed;
  private volatile Throwable failure;

  Workers(int count) {
    threads = new Thread[count - 1];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = Thread.ofPlatform().daemon().name("nn-worker-" + (i + 1)).start(this::work);
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
    failure = null;
    job = what;
    chunks = count;
    nextChunk.set(0);
    busy.set(threads.length);
    generation++;
    for (var thread : threads) {
      LockSupport.unpark(thread);
    }
    takeChunks(what, count);
    int spins = 0;
    while (busy.get() != 0) {
      if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    var thrown = failure;
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  private void work() {
    int seen = 0;
    while (true) {
      int spins = 0;
      while (generation == seen) {
        if (closed) {
          return;
        }
        if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      seen = generation;
      takeChunks(job, chunks);
      busy.decrementAndGet();
    }
  }

  private void takeChunks(Job what, int count) {
    try {
      for (int i = nextChunk.getAndIncrement(); i < count; i = nextChunk.getAndIncrement()) {
        what.chunk(i);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      nextChunk.set(count);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (var thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
