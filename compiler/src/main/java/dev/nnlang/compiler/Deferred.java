package dev.nnlang.compiler;

import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;
import java.util.function.Supplier;

/**
 * A program that is compiled when somebody wants to run it: whoever predicts does not wait for the
 * training step, whoever trains begins before the test is compiled.
 */
final class Deferred implements Executable {
  private final Signature signature;
  private final Supplier<Executable> compile;

  /** What one compilation at a time holds: programs of one plan have their nodes in common. */
  private final Object lock;

  private Executable compiled;

  Deferred(Signature signature, Supplier<Executable> compile, Object lock) {
    this.signature = signature;
    this.compile = compile;
    this.lock = lock;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public Session open(int threads) {
    return now().open(threads);
  }

  /** The program, compiled by now. */
  Executable now() {
    synchronized (lock) {
      if (compiled == null) {
        compiled = compile.get();
      }
      return compiled;
    }
  }
}
