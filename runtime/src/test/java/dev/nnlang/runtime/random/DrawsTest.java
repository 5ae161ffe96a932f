package dev.nnlang.runtime.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final int N = 200_000;

  @Test
  void uniformFillsItsRangeEvenly() {
    var counts = new int[50];
    for (int i = 0; i < N; i++) {
      double u = Draws.uniform(1, 2, 3, i / 100, i % 100, -1, 3);
      assertTrue(u >= -1 && u < 3);
      counts[(int) ((u + 1) / 4 * 50)]++;
    }
    double chi = 0;
    for (int count : counts) {
      double expected = N / 50.0;
      chi += (count - expected) * (count - expected) / expected;
    }
    // 49 degrees of freedom: beyond 100 has a probability of about 2e-5, and the key is fixed.
    assertTrue(chi < 100, "chi square " + chi);
  }

  @Test
  void normalHasItsMoments() {
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    for (int i = 0; i < N; i++) {
      double z = (Draws.normal(7, 0, i, 0, 0, 5, 2) - 5) / 2;
      sum += z;
      squares += z * z;
      fourth += z * z * z * z;
    }
    assertEquals(0, sum / N, 0.01);
    assertEquals(1, squares / N, 0.015);
    assertEquals(3, fourth / N, 0.1);
  }

  @Test
  void truncatedNormalIsCutAtTwoDeviations() {
    double squares = 0;
    for (int i = 0; i < N; i++) {
      double z = Draws.truncatedNormal(7, 0, 0, i, 0, 0, 1);
      assertTrue(Math.abs(z) <= 2);
      squares += z * z;
    }
    // The variance of a normal cut at two deviations.
    assertEquals(0.7737, squares / N, 0.01);
  }

  @Test
  void bernoulliHasItsProbability() {
    double ones = 0;
    for (int i = 0; i < N; i++) {
      ones += Draws.bernoulli(3, i, 0, 0, 0, 0.3);
    }
    assertEquals(0.3, ones / N, 0.005);
  }

  @Test
  void everyWordOfTheKeyMatters() {
    var seen = new HashSet<Long>();
    for (int place = 0; place < 6; place++) {
      for (long value = 1; value < 1000; value++) {
        var key = new long[6];
        key[place] = value;
        assertTrue(seen.add(Draws.bits(key[0], key[1], key[2], key[3], key[4], key[5])));
      }
    }
  }

  @Test
  void neighboursAreNotCorrelated() {
    double product = 0;
    for (int i = 0; i < N; i++) {
      product +=
          (Draws.uniform(1, 1, 1, 0, i, 0, 1) - 0.5)
              * (Draws.uniform(1, 1, 1, 0, i + 1, 0, 1) - 0.5);
    }
    assertEquals(0, product / N * 12, 0.01);
  }
}
