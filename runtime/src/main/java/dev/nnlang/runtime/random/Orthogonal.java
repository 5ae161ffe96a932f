package dev.nnlang.runtime.random;

/**
 * Matrices with orthonormal rows or columns, whichever are fewer, evenly drawn. Source: Saxe,
 * McClelland, Ganguli 2013. A tensor of higher rank is folded to its first dimension by the product
 * of the others.
 */
public final class Orthogonal {
  private Orthogonal() {}

  /** {@code rows * columns} elements, row-major. */
  public static double[] matrix(
      long site, long seed, long step, long example, int rows, int columns) {
    boolean wide = columns >= rows;
    int count = wide ? rows : columns;
    int length = wide ? columns : rows;
    var vectors = new double[count][length];
    for (int i = 0; i < count; i++) {
      long stream = 0;
      do {
        for (int j = 0; j < length; j++) {
          long element = ((stream++ * count + i) * length) + j;
          vectors[i][j] = Draws.normal(site, seed, step, example, element, 0, 1);
        }
        // Twice is enough: the second pass removes what rounding left over (Kahan, Parlett 1980).
        remove(vectors, i);
        remove(vectors, i);
      } while (!normalise(vectors[i]));
    }
    var matrix = new double[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix[r * columns + c] = wide ? vectors[r][c] : vectors[c][r];
      }
    }
    return matrix;
  }

  /** Takes the components along earlier vectors out of vector {@code i}. */
  private static void remove(double[][] vectors, int i) {
    for (int k = 0; k < i; k++) {
      double along = 0;
      for (int j = 0; j < vectors[i].length; j++) {
        along += vectors[i][j] * vectors[k][j];
      }
      for (int j = 0; j < vectors[i].length; j++) {
        vectors[i][j] -= along * vectors[k][j];
      }
    }
  }

  /** False where the vector was all but dependent on earlier ones, so that another is drawn. */
  private static boolean normalise(double[] vector) {
    double square = 0;
    for (double v : vector) {
      square += v * v;
    }
    double length = Math.sqrt(square);
    if (length < 1e-6) {
      return false;
    }
    for (int j = 0; j < vector.length; j++) {
      vector[j] /= length;
    }
    return true;
  }
}
