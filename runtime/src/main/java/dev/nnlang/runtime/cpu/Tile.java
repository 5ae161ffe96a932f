package dev.nnlang.runtime.cpu;

/**
 * What a register tile is asked for: for {@code depth} terms {@code k}, a few rows {@code r} and
 * vectors {@code v} of columns,
 *
 * <pre>
 * result[resultAt + r * resultStride + v] (+)= sum[k](
 *     left[leftAt + rowPlaces[row + r] + terms[term + k]] * right[rightAt + k * rightStride + rightTerms[rightTerm + k] + v])
 * </pre>
 *
 * Tiles of windows are asked for terms {@code k} to {@code k + w} together, and read the left
 * factor at {@code leftAt + rowPlaces[row] + terms[term + k] + (r + w) * distance}.
 *
 * <p>Generated code reads the fields once, at its start.
 */
public final class Tile {
  /** The arrays of a 32-bit program. */
  public float[] leftFloats;

  public float[] rightFloats;
  public float[] resultFloats;

  /** The arrays of a 64-bit program. */
  public double[] leftDoubles;

  public double[] rightDoubles;
  public double[] resultDoubles;

  /** Parts of the left factor's places, by row and by term, and what all of them have. */
  public int[] rowPlaces;

  public int row;
  public int[] terms;
  public int term;
  public int leftAt;

  /** Terms {@code k} and {@code k + 1} of one run are neighbours; runs begin at its multiples. */
  public int run;

  /** How far apart neighbouring rows and the terms of a window are. */
  public int distance;

  public int rightAt;

  /** How far apart terms of the right factor are, if evenly; else the parts of their places. */
  public int rightStride;

  public int[] rightTerms;
  public int rightTerm;
  public int resultAt;
  public int resultStride;
  public int depth;

  /** Whether nothing is in the result yet, so that it is stored and not added to. */
  public boolean first;

  /** Nothing yet; whoever computes a tile fills the fields. */
  public Tile() {}
}
