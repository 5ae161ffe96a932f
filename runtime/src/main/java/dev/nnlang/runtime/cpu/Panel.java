package dev.nnlang.runtime.cpu;

/**
 * A piece of a matrix between a tensor and scratch memory, as generated code moves it. Element
 * {@code (x, y)} lies at {@code at + (y - y0) * stride + (x - x0)} of the array.
 */
public final class Panel {
  /** The scratch memory of a 32-bit program. */
  public float[] floats;

  /** The scratch memory of a 64-bit program. */
  public double[] doubles;

  /** Parts of places, where those are asked for. */
  public int[] places;

  /** Where the piece starts in it. */
  public int at;

  /** How far apart two lines of the piece are. */
  public int stride;

  /** Which matrix of the batch. */
  public int batch;

  /** The first and the end of what lies side by side. */
  public int x0;

  public int x1;

  /** The first and the end of the lines. */
  public int y0;

  public int y1;

  /** Nothing yet; whoever moves a piece fills the fields. */
  public Panel() {}
}
