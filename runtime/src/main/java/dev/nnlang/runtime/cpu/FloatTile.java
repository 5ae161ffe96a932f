package dev.nnlang.runtime.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tile of a matrix product in 32 bits: 8 rows times one or two vectors of columns.
 *
 * <p>Every accumulator is a plain local, since a vector in an array or field is an object; the loop
 * is not unrolled by hand, since that makes HotSpot spill (performance.md, B1 and 1c).
 */
final class FloatTile {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int ROWS = 8;
  static final int LANES = SPECIES.length();

  private FloatTile() {}

  /**
   * Adds the product of 8 packed rows and two vectors of packed columns to the result, or stores
   * it.
   *
   * @param first whether nothing is in the result yet
   */
  static void wide(
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int stride,
      int depth,
      boolean first) {
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c41 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c51 = FloatVector.zero(SPECIES);
    FloatVector c60 = FloatVector.zero(SPECIES);
    FloatVector c61 = FloatVector.zero(SPECIES);
    FloatVector c70 = FloatVector.zero(SPECIES);
    FloatVector c71 = FloatVector.zero(SPECIES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo + k * 2 * LANES);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + k * 2 * LANES + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 6]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 7]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
    }
    if (!first) {
      c00 = c00.add(FloatVector.fromArray(SPECIES, c, co));
      c01 = c01.add(FloatVector.fromArray(SPECIES, c, co + LANES));
      c10 = c10.add(FloatVector.fromArray(SPECIES, c, co + stride));
      c11 = c11.add(FloatVector.fromArray(SPECIES, c, co + stride + LANES));
      c20 = c20.add(FloatVector.fromArray(SPECIES, c, co + 2 * stride));
      c21 = c21.add(FloatVector.fromArray(SPECIES, c, co + 2 * stride + LANES));
      c30 = c30.add(FloatVector.fromArray(SPECIES, c, co + 3 * stride));
      c31 = c31.add(FloatVector.fromArray(SPECIES, c, co + 3 * stride + LANES));
      c40 = c40.add(FloatVector.fromArray(SPECIES, c, co + 4 * stride));
      c41 = c41.add(FloatVector.fromArray(SPECIES, c, co + 4 * stride + LANES));
      c50 = c50.add(FloatVector.fromArray(SPECIES, c, co + 5 * stride));
      c51 = c51.add(FloatVector.fromArray(SPECIES, c, co + 5 * stride + LANES));
      c60 = c60.add(FloatVector.fromArray(SPECIES, c, co + 6 * stride));
      c61 = c61.add(FloatVector.fromArray(SPECIES, c, co + 6 * stride + LANES));
      c70 = c70.add(FloatVector.fromArray(SPECIES, c, co + 7 * stride));
      c71 = c71.add(FloatVector.fromArray(SPECIES, c, co + 7 * stride + LANES));
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LANES);
    c10.intoArray(c, co + stride);
    c11.intoArray(c, co + stride + LANES);
    c20.intoArray(c, co + 2 * stride);
    c21.intoArray(c, co + 2 * stride + LANES);
    c30.intoArray(c, co + 3 * stride);
    c31.intoArray(c, co + 3 * stride + LANES);
    c40.intoArray(c, co + 4 * stride);
    c41.intoArray(c, co + 4 * stride + LANES);
    c50.intoArray(c, co + 5 * stride);
    c51.intoArray(c, co + 5 * stride + LANES);
    c60.intoArray(c, co + 6 * stride);
    c61.intoArray(c, co + 6 * stride + LANES);
    c70.intoArray(c, co + 7 * stride);
    c71.intoArray(c, co + 7 * stride + LANES);
  }

  /**
   * Adds the product of 8 packed rows and one vector of packed columns to the result, or stores it.
   *
   * @param first whether nothing is in the result yet
   */
  static void narrow(
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int stride,
      int depth,
      boolean first) {
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c60 = FloatVector.zero(SPECIES);
    FloatVector c70 = FloatVector.zero(SPECIES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo + k * LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS]);
      c00 = a0.fma(b0, c00);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 1]);
      c10 = a1.fma(b0, c10);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 2]);
      c20 = a2.fma(b0, c20);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 3]);
      c30 = a3.fma(b0, c30);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 4]);
      c40 = a4.fma(b0, c40);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 5]);
      c50 = a5.fma(b0, c50);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 6]);
      c60 = a6.fma(b0, c60);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 7]);
      c70 = a7.fma(b0, c70);
    }
    if (!first) {
      c00 = c00.add(FloatVector.fromArray(SPECIES, c, co));
      c10 = c10.add(FloatVector.fromArray(SPECIES, c, co + stride));
      c20 = c20.add(FloatVector.fromArray(SPECIES, c, co + 2 * stride));
      c30 = c30.add(FloatVector.fromArray(SPECIES, c, co + 3 * stride));
      c40 = c40.add(FloatVector.fromArray(SPECIES, c, co + 4 * stride));
      c50 = c50.add(FloatVector.fromArray(SPECIES, c, co + 5 * stride));
      c60 = c60.add(FloatVector.fromArray(SPECIES, c, co + 6 * stride));
      c70 = c70.add(FloatVector.fromArray(SPECIES, c, co + 7 * stride));
    }
    c00.intoArray(c, co);
    c10.intoArray(c, co + stride);
    c20.intoArray(c, co + 2 * stride);
    c30.intoArray(c, co + 3 * stride);
    c40.intoArray(c, co + 4 * stride);
    c50.intoArray(c, co + 5 * stride);
    c60.intoArray(c, co + 6 * stride);
    c70.intoArray(c, co + 7 * stride);
  }

  /** As {@link #wide}, with rows that are read where they lie: at their place plus the term's. */
  static void wideDirect(
      float[] a,
      int p0,
      int p1,
      int p2,
      int p3,
      int p4,
      int p5,
      int p6,
      int p7,
      int[] terms,
      int to,
      float[] b,
      int bo,
      float[] c,
      int co,
      int stride,
      int depth,
      boolean first) {
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c41 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c51 = FloatVector.zero(SPECIES);
    FloatVector c60 = FloatVector.zero(SPECIES);
    FloatVector c61 = FloatVector.zero(SPECIES);
    FloatVector c70 = FloatVector.zero(SPECIES);
    FloatVector c71 = FloatVector.zero(SPECIES);
    for (int k = 0; k < depth; k++) {
      int t = terms[to + k];
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo + k * 2 * LANES);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + k * 2 * LANES + LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[p0 + t]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[p1 + t]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[p2 + t]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[p3 + t]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[p4 + t]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[p5 + t]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[p6 + t]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[p7 + t]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
    }
    if (!first) {
      c00 = c00.add(FloatVector.fromArray(SPECIES, c, co));
      c01 = c01.add(FloatVector.fromArray(SPECIES, c, co + LANES));
      c10 = c10.add(FloatVector.fromArray(SPECIES, c, co + stride));
      c11 = c11.add(FloatVector.fromArray(SPECIES, c, co + stride + LANES));
      c20 = c20.add(FloatVector.fromArray(SPECIES, c, co + 2 * stride));
      c21 = c21.add(FloatVector.fromArray(SPECIES, c, co + 2 * stride + LANES));
      c30 = c30.add(FloatVector.fromArray(SPECIES, c, co + 3 * stride));
      c31 = c31.add(FloatVector.fromArray(SPECIES, c, co + 3 * stride + LANES));
      c40 = c40.add(FloatVector.fromArray(SPECIES, c, co + 4 * stride));
      c41 = c41.add(FloatVector.fromArray(SPECIES, c, co + 4 * stride + LANES));
      c50 = c50.add(FloatVector.fromArray(SPECIES, c, co + 5 * stride));
      c51 = c51.add(FloatVector.fromArray(SPECIES, c, co + 5 * stride + LANES));
      c60 = c60.add(FloatVector.fromArray(SPECIES, c, co + 6 * stride));
      c61 = c61.add(FloatVector.fromArray(SPECIES, c, co + 6 * stride + LANES));
      c70 = c70.add(FloatVector.fromArray(SPECIES, c, co + 7 * stride));
      c71 = c71.add(FloatVector.fromArray(SPECIES, c, co + 7 * stride + LANES));
    }
    c00.intoArray(c, co);
    c01.intoArray(c, co + LANES);
    c10.intoArray(c, co + stride);
    c11.intoArray(c, co + stride + LANES);
    c20.intoArray(c, co + 2 * stride);
    c21.intoArray(c, co + 2 * stride + LANES);
    c30.intoArray(c, co + 3 * stride);
    c31.intoArray(c, co + 3 * stride + LANES);
    c40.intoArray(c, co + 4 * stride);
    c41.intoArray(c, co + 4 * stride + LANES);
    c50.intoArray(c, co + 5 * stride);
    c51.intoArray(c, co + 5 * stride + LANES);
    c60.intoArray(c, co + 6 * stride);
    c61.intoArray(c, co + 6 * stride + LANES);
    c70.intoArray(c, co + 7 * stride);
    c71.intoArray(c, co + 7 * stride + LANES);
  }

  /** As {@link #narrow}, with rows that are read where they lie: at their place plus the term's. */
  static void narrowDirect(
      float[] a,
      int p0,
      int p1,
      int p2,
      int p3,
      int p4,
      int p5,
      int p6,
      int p7,
      int[] terms,
      int to,
      float[] b,
      int bo,
      float[] c,
      int co,
      int stride,
      int depth,
      boolean first) {
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c60 = FloatVector.zero(SPECIES);
    FloatVector c70 = FloatVector.zero(SPECIES);
    for (int k = 0; k < depth; k++) {
      int t = terms[to + k];
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo + k * LANES);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[p0 + t]);
      c00 = a0.fma(b0, c00);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[p1 + t]);
      c10 = a1.fma(b0, c10);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[p2 + t]);
      c20 = a2.fma(b0, c20);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[p3 + t]);
      c30 = a3.fma(b0, c30);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[p4 + t]);
      c40 = a4.fma(b0, c40);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[p5 + t]);
      c50 = a5.fma(b0, c50);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[p6 + t]);
      c60 = a6.fma(b0, c60);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[p7 + t]);
      c70 = a7.fma(b0, c70);
    }
    if (!first) {
      c00 = c00.add(FloatVector.fromArray(SPECIES, c, co));
      c10 = c10.add(FloatVector.fromArray(SPECIES, c, co + stride));
      c20 = c20.add(FloatVector.fromArray(SPECIES, c, co + 2 * stride));
      c30 = c30.add(FloatVector.fromArray(SPECIES, c, co + 3 * stride));
      c40 = c40.add(FloatVector.fromArray(SPECIES, c, co + 4 * stride));
      c50 = c50.add(FloatVector.fromArray(SPECIES, c, co + 5 * stride));
      c60 = c60.add(FloatVector.fromArray(SPECIES, c, co + 6 * stride));
      c70 = c70.add(FloatVector.fromArray(SPECIES, c, co + 7 * stride));
    }
    c00.intoArray(c, co);
    c10.intoArray(c, co + stride);
    c20.intoArray(c, co + 2 * stride);
    c30.intoArray(c, co + 3 * stride);
    c40.intoArray(c, co + 4 * stride);
    c50.intoArray(c, co + 5 * stride);
    c60.intoArray(c, co + 6 * stride);
    c70.intoArray(c, co + 7 * stride);
  }
}
