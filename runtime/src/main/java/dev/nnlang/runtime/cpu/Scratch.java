package dev.nnlang.runtime.cpu;

/** Memory of one thread for the pieces of matrices that it works on; kept from run to run. */
final class Scratch {
  private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

  final Panel panel = new Panel();
  final float[] laneFloats = new float[4 * Lanes.FLOATS.length()];
  final double[] laneDoubles = new double[4 * Lanes.DOUBLES.length()];
  private float[] leftFloats = {};
  private float[] rightFloats = {};
  private float[] resultFloats = {};
  private double[] leftDoubles = {};
  private double[] rightDoubles = {};
  private double[] resultDoubles = {};

  static Scratch mine() {
    return MINE.get();
  }

  float[] leftFloats(int length) {
    return leftFloats.length < length ? leftFloats = new float[length] : leftFloats;
  }

  float[] rightFloats(int length) {
    return rightFloats.length < length ? rightFloats = new float[length] : rightFloats;
  }

  float[] resultFloats(int length) {
    return resultFloats.length < length ? resultFloats = new float[length] : resultFloats;
  }

  double[] leftDoubles(int length) {
    return leftDoubles.length < length ? leftDoubles = new double[length] : leftDoubles;
  }

  double[] rightDoubles(int length) {
    return rightDoubles.length < length ? rightDoubles = new double[length] : rightDoubles;
  }

  double[] resultDoubles(int length) {
    return resultDoubles.length < length ? resultDoubles = new double[length] : resultDoubles;
  }
}
