package dev.nnlang.runtime.cpu;

/** What a generated class implements: its kernels behind one entry. */
public interface KernelCode {
  /** Computes the work items {@code from <= item < to} of a kernel. */
  void run(int kernel, Frame frame, int from, int to);

  /** Moves a piece of a matrix between its tensor and scratch memory. */
  void move(int mover, Frame frame, Panel panel);
}
