package dev.nnlang.runtime.math;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
  /** Values of C's erf. */
  @ParameterizedTest
  @CsvSource({
    "1e-300, 1.1283791670955126e-300",
    "1e-08, 1.1283791670955126e-08",
    "0.1, 0.1124629160182849",
    "0.5, 0.5204998778130465",
    "1.0, 0.8427007929497149",
    "1.5, 0.9661051464753108",
    "2.0, 0.9953222650189527",
    "2.4999, 0.9995928300996666",
    "2.5, 0.999593047982555",
    "2.6, 0.9997639655834707",
    "3.0, 0.9999779095030014",
    "4.0, 0.9999999845827421",
    "5.5, 0.9999999999999927",
    "5.99, 1.0",
    "7.0, 1.0"
  })
  void agreesWithTheCLibrary(double x, double expected) {
    assertEquals(expected, ErrorFunction.erf(x), 2 * Math.ulp(expected));
    assertEquals(-expected, ErrorFunction.erf(-x), 2 * Math.ulp(expected));
  }

  @Test
  void theEdges() {
    assertEquals(0.0, ErrorFunction.erf(0.0));
    assertEquals(-0.0, ErrorFunction.erf(-0.0));
    assertEquals(1.0, ErrorFunction.erf(Double.POSITIVE_INFINITY));
    assertEquals(-1.0, ErrorFunction.erf(Double.NEGATIVE_INFINITY));
    assertEquals(Double.NaN, ErrorFunction.erf(Double.NaN));
  }
}
