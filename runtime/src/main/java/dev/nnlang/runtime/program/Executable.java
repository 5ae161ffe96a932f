package dev.nnlang.runtime.program;

/** A program that can be run. Immutable and shared between threads; see {@link Session}. */
public interface Executable {
  Signature signature();

  /**
   * Buffers to run in.
   *
   * @param threads how many threads a run may use, at least 1; results do not depend on it
   */
  Session open(int threads);
}
