package dev.nnlang.compiler.semantics.check;

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

  static <T> T run(Supplier<T> work) {
    var result = new AtomicReference<T>();
    var failure = new AtomicReference<Throwable>();
    var thread =
        new Thread(
            null,
            () -> {
              try {
                result.set(work.get());
              } catch (RuntimeException | Error e) {
                failure.set(e);
              }
            },
            "semantics",
            BYTES);
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompilerBug("interrupted while checking", e);
    }
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new CompilerBug("while checking", e);
    }
    return result.get();
  }
}
