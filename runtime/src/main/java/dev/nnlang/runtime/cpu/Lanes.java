package dev.nnlang.runtime.cpu;

/**
 * What generated code needs to work on several values at a time. How many they are is decided once
 * for a process: as many as a vector of the machine has ({@link Vectors}) or, in a JVM without the
 * Vector API, one, unless it compiles for another process. What is generated for one lane is plain
 * Java: slower once it is compiled, and far faster before that, which is all that a short command
 * sees of it.
 */
public final class Lanes {
  /**
   * Set to 1, it takes one lane although there are vectors. Where there is no Vector API: how many
   * lanes of floats a process has that this one compiles for, and then nothing can run here.
   */
  public static final String PROPERTY = "nn.lanes";

  private static final String MODULE = "jdk.incubator.vector";
  private static final boolean IS_API_THERE = ModuleLayer.boot().findModule(MODULE).isPresent();
  private static final int IN_FLOATS = floatsInLanes();
  private static final boolean ARE_VECTORS = IN_FLOATS > 1;
  private static final int IN_DOUBLES =
      ARE_VECTORS && IS_API_THERE ? Vectors.DOUBLES.length() : Math.max(1, IN_FLOATS / 2);

  /** Of a thread's memory for lanes: the vector that is copied by {@link #near}. */
  private static final int NEAR = 2;

  /** Of a thread's memory for lanes: the vector of which a part is copied to its place. */
  public static final int PART = 3;

  /** How many vectors a thread's memory for lanes holds; generated code uses the first two. */
  static final int VECTORS = 4;

  private Lanes() {}

  /** Who forgets the module has a program that is many times slower, and should know why. */
  private static int floatsInLanes() {
    int wanted = Integer.getInteger(PROPERTY, 0);
    if (wanted == 1) {
      return 1;
    }
    if (IS_API_THERE) {
      return Vectors.FLOATS.length();
    }
    if (wanted > 1) {
      return wanted;
    }
    System.getLogger(Lanes.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "networks run without vectors, and slowly: start java with --add-modules={0}, or with"
                + " -D{1}=1 if that is meant",
            MODULE,
            PROPERTY);
    return 1;
  }

  /** Whether there are vectors: without them there is one lane. */
  public static boolean areVectors() {
    return ARE_VECTORS;
  }

  /** Values in a vector of a 32-bit program. */
  public static int inFloats() {
    return IN_FLOATS;
  }

  /** Values in a vector of a 64-bit program. */
  public static int inDoubles() {
    return IN_DOUBLES;
  }

  /** Bits of a vector; of one float, if there are none. */
  static int bits() {
    return IN_FLOATS * Float.SIZE;
  }

  /** Registers for vectors: 16 on x86-64 without AVX-512, else 32. */
  static int registers() {
    boolean fewer = System.getProperty("os.arch").equals("amd64") && bits() < 512;
    return fewer ? 16 : 32;
  }

  /** Memory of this thread for a few vectors. */
  public static float[] floats() {
    return Scratch.mine().laneFloats;
  }

  /** Memory of this thread for a few vectors. */
  public static double[] doubles() {
    return Scratch.mine().laneDoubles;
  }

  // The last values of a run, which do not fill a vector.

  /**
   * Where a whole vector can be read that begins at a place: the array itself, if the vector is in
   * it, else a copy with zeros for what is not there.
   */
  public static float[] near(float[] array, int at) {
    return at >= 0 && at <= array.length - IN_FLOATS ? array : copied(array, at);
  }

  /** Where a whole vector can be read that begins at a place. */
  public static double[] near(double[] array, int at) {
    return at >= 0 && at <= array.length - IN_DOUBLES ? array : copied(array, at);
  }

  /** The place in what {@link #near} has found. */
  public static int at(float[] array, int at, float[] near) {
    return near == array ? at : NEAR * IN_FLOATS;
  }

  /** The place in what {@link #near} has found. */
  public static int at(double[] array, int at, double[] near) {
    return near == array ? at : NEAR * IN_DOUBLES;
  }

  private static float[] copied(float[] array, int at) {
    var near = floats();
    for (int i = 0; i < IN_FLOATS; i++) {
      boolean exists = at + i >= 0 && at + i < array.length;
      near[NEAR * IN_FLOATS + i] = exists ? array[at + i] : 0;
    }
    return near;
  }

  private static double[] copied(double[] array, int at) {
    var near = doubles();
    for (int i = 0; i < IN_DOUBLES; i++) {
      boolean exists = at + i >= 0 && at + i < array.length;
      near[NEAR * IN_DOUBLES + i] = exists ? array[at + i] : 0;
    }
    return near;
  }

  /** Copies the first values of this thread's part of a vector to their place. */
  public static void copyPart(float[] to, int at, int count) {
    System.arraycopy(floats(), PART * IN_FLOATS, to, at, count);
  }

  /** Copies the first values of this thread's part of a vector to their place. */
  public static void copyPart(double[] to, int at, int count) {
    System.arraycopy(doubles(), PART * IN_DOUBLES, to, at, count);
  }

  // The last step of a sum or product, always in the same order: a vector's own is not defined to
  // be. Four chains, since additions that wait for each other take longer than a short row's other
  // work.

  public static float sum(float[] lanes, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      a += lanes[i];
      b += lanes[i + 1];
      c += lanes[i + 2];
      d += lanes[i + 3];
    }
    for (; i < count; i++) {
      a += lanes[i];
    }
    return (float) ((a + b) + (c + d));
  }

  public static float product(float[] lanes, int count) {
    double a = 1;
    double b = 1;
    double c = 1;
    double d = 1;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      a *= lanes[i];
      b *= lanes[i + 1];
      c *= lanes[i + 2];
      d *= lanes[i + 3];
    }
    for (; i < count; i++) {
      a *= lanes[i];
    }
    return (float) ((a * b) * (c * d));
  }

  public static double sum(double[] lanes, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      a += lanes[i];
      b += lanes[i + 1];
      c += lanes[i + 2];
      d += lanes[i + 3];
    }
    for (; i < count; i++) {
      a += lanes[i];
    }
    return (a + b) + (c + d);
  }

  public static double product(double[] lanes, int count) {
    double a = 1;
    double b = 1;
    double c = 1;
    double d = 1;
    int i = 0;
    for (; i <= count - 4; i += 4) {
      a *= lanes[i];
      b *= lanes[i + 1];
      c *= lanes[i + 2];
      d *= lanes[i + 3];
    }
    for (; i < count; i++) {
      a *= lanes[i];
    }
    return (a * b) * (c * d);
  }

  /** The nearest 32-bit integer; comparisons with small numbers stay what they were. */
  public static int clamp(long value) {
    return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
