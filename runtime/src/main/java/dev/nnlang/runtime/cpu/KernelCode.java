package dev.nnlang.runtime.cpu;

/** What the generated class of a kernel implements. */
public interface KernelCode {
  /**
   * Computes the work items {@code from <= item < to}.
   *
   * @param slots of the tensors that the kernel touches, behind the places of loops' indices, in
   *     its own order: so kernels that do the same with other tensors are one class
   */
  void run(Frame frame, int[] slots, int from, int to);
}
