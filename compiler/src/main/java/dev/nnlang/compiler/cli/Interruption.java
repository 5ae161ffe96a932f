package dev.nnlang.compiler.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ctrl-C: asks a run to stop at a step, and keeps the process alive until it has saved. A shutdown
 * hook is the only place where Java hears of the signal. Closed, it holds up nothing: every way out
 * of a run must close it, or the end of the process would wait for a run that is gone.
 */
final class Interruption implements AutoCloseable {
  private final AtomicBoolean asked = new AtomicBoolean();
  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "nn-interrupt");

  Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * From now on the end of a stream is a Ctrl-C. Whoever started this process holds the other end,
   * and the system closes that even when it kills him.
   */
  static void atEndOf(InputStream stream) {
    Thread.ofPlatform()
        .daemon()
        .name("nn-attached")
        .start(
            () -> {
              try {
                stream.transferTo(OutputStream.nullOutputStream());
              } catch (IOException broken) {
                System.exit(ExitStatus.PROBLEM.code());
              }
              System.exit(ExitStatus.PROBLEM.code());
            });
  }

  private void stop() {
    asked.set(true);
    try {
      saved.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  boolean asked() {
    return asked.get();
  }

  @Override
  public void close() {
    saved.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The signal came: the hook is running, and ends now.
    }
  }
}
