package dev.nnlang.runtime.cpu;

/** What the generated class of a mover implements. */
public interface MoverCode {
  /**
   * Moves a piece of a matrix between its tensor and scratch memory, or writes a table of places.
   *
   * @param slots of the tensors that the mover touches, in its own order
   */
  void move(Frame frame, int[] slots, Panel panel);
}
