package dev.nnlang.runtime.random;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrthogonalTest {
  @ParameterizedTest
  @CsvSource({"1,1", "4,4", "3,8", "8,3", "32,128", "1,5", "5,1"})
  void theFewerOfRowsAndColumnsAreOrthonormal(int rows, int columns) {
    var m = Orthogonal.matrix(1, 2, 0, 0, rows, columns);
    boolean wide = columns >= rows;
    int count = Math.min(rows, columns);
    int length = Math.max(rows, columns);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        double dot = 0;
        for (int k = 0; k < length; k++) {
          dot +=
              wide
                  ? m[i * columns + k] * m[j * columns + k]
                  : m[k * columns + i] * m[k * columns + j];
        }
        assertEquals(i == j ? 1 : 0, dot, 1e-13);
      }
    }
  }
}
