package dev.nnlang.runtime.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kinds of vectors of this machine, for generated classes, which lie in this package. Apart
 * from {@link Lanes}, since a JVM without the Vector API cannot load this class.
 */
public final class Vectors {
  /** The vectors of a 32-bit program. Constant, since any other species is slow. */
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** The vectors of a 64-bit program. */
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /** As many integers as there are floats in a vector. */
  static final VectorSpecies<Integer> FLOAT_INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(FLOATS.length() * Integer.SIZE));

  /** As many integers as there are doubles in a vector. */
  static final VectorSpecies<Integer> DOUBLE_INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(DOUBLES.length() * Integer.SIZE));

  /** The number of each lane, from 0. */
  static final FloatVector FLOAT_NUMBERS = FloatVector.zero(FLOATS).addIndex(1);

  /** The number of each lane, from 0. */
  static final DoubleVector DOUBLE_NUMBERS = DoubleVector.zero(DOUBLES).addIndex(1);

  private Vectors() {}
}
