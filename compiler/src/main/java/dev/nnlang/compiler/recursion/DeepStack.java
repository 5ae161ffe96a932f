package dev.nnlang.compiler.recursion;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Runs recursive work on a stack that the longest legal equation fits in (LR-72: 100,000 nodes).
 * The stack is reserved, not used: only what is touched costs memory.
 */
public final class DeepStack {
  private static final long BYTES = 1L << 30;

  private DeepStack() {}

  /** A thread that work may be nested in. */
  private static final class Deep extends Thread {
    Deep(Runnable work) {
      super(null, work, "nn-deep", BYTES);
    }
  }

  /**
   * The result of the work, on a stack of its own; it is waited for even if this thread is
   * interrupted.
   */
  public static <T> T run(Supplier<T> work) {
    var result = new AtomicReference<T>();
    var failure = new AtomicReference<Throwable>();
    var thread =
        new Deep(
            () -> {
              try {
                result.set(work.get());
              } catch (RuntimeException | Error e) {
                failure.set(e);
              }
            });
    thread.start();
    await(thread);
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new CompilerBug("on a deep stack", e);
    }
    return result.get();
  }

  /**
   * The result of the work, on this stack if it is one of these: for short work that is done often,
   * and where what it is called from is not deep itself.
   */
  public static <T> T within(Supplier<T> work) {
    return Thread.currentThread() instanceof Deep ? work.get() : run(work);
  }

  private static void await(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
