package dev.nnlang.runtime.program;

import dev.nnlang.runtime.tensor.Tensor;

/**
 * One set of buffers and bindings in which a program runs, for one caller at a time.
 *
 * <p>A bound tensor is kept, not copied: the run reads its array and, for updated state, writes it.
 * On a device the array may be behind after a run, until it is asked for ({@link
 * dev.nnlang.runtime.tensor.Tensor.Mirror}): so nobody keeps an array of a tensor over a run, and a
 * tensor that sessions of several devices share is bound again before each run. What depends on
 * parameters alone is computed when one is bound, or was written since the last run ({@link
 * dev.nnlang.runtime.tensor.Tensor#version}). Open dimensions follow from the shapes of what is
 * bound.
 */
public interface Session extends AutoCloseable {
  /**
   * Gives an input. Its element type must be the port's and its shape must fit; an {@link
   * IllegalArgumentException} says what does not.
   */
  void bind(String input, Tensor value);

  /** Gives the scalar input {@code name} ({@code seed}, {@code step}, ...). */
  default void bind(String name, long value) {
    bind(name, Tensor.of(new long[] {value}));
  }

  /** States an open dimension that no bound tensor shows. */
  void dimension(String name, long size);

  /**
   * Computes all outputs, then carries out the updates. All inputs must be bound; the sizes of one
   * open dimension must agree.
   */
  void run();

  /**
   * About how many operations on reals a run takes with what is bound, to tell much from little; 0
   * where nobody knows.
   */
  default long operations() {
    return 0;
  }

  /** A result of the last run, in storage of its own for the caller. */
  Tensor output(String name);

  @Override
  void close();
}
