package dev.nnlang.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** What the benchmarks run on, and what it could do at most. */
final class Machine {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Over some seconds, since for some the other half of a core may belong to somebody else. */
  private static final int ROUNDS = 60;

  private Machine() {}

  /** Processors waiting for, or given to, all processes of the machine, over the last minute. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** The processor, the system, the Java, and the load. */
  static String describe() {
    return "%s; %d processors; %s; %s %s; vectors of %d bits; load %.2f"
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.name") + " " + System.getProperty("os.version"),
            System.getProperty("java.vm.name"),
            System.getProperty("java.version"),
            SPECIES.vectorBitSize(),
            load());
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  /**
   * What one core does at most.
   *
   * @param flops multiplications and additions a second, in fused multiply-adds
   * @param bytes read and written a second by the JVM's own copy, which may write past the caches
   *     (JDK-8310159)
   * @param loopBytes the same by a loop over vectors, as generated code can do it
   */
  record Peak(double flops, double bytes, double loopBytes) {
    @Override
    public String toString() {
      return "one core: %.0f GFLOP/s of multiply-adds; copies read and write %.1f GB/s, loops that copy %.1f"
          .formatted(flops / 1e9, bytes / 1e9, loopBytes / 1e9);
    }
  }

  static Peak peak() {
    var from = new float[16 << 20];
    var to = new float[from.length];
    Arrays.fill(from, 1);
    return new Peak(
        flops(),
        bytes(from.length, () -> System.arraycopy(from, 0, to, 0, from.length)),
        bytes(from.length, () -> copyInVectors(from, to)));
  }

  /** Multiply-adds in registers alone, as two operations each, in a second. */
  private static double flops() {
    int steps = 4_000_000;
    var rates = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      float result = multiplyAdds(steps);
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (Float.isNaN(result)) {
        throw new IllegalStateException("the sums are numbers");
      }
      rates[round] = 2.0 * 12 * SPECIES.length() * steps / seconds;
    }
    return Arrays.stream(rates).max().orElseThrow();
  }

  /** Twelve independent chains hide the latency of one. */
  private static float multiplyAdds(int steps) {
    var x = FloatVector.broadcast(SPECIES, 0.999f);
    var y = FloatVector.broadcast(SPECIES, 0.001f);
    FloatVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
    for (int step = 0; step < steps; step++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
      k = k.fma(x, y);
      l = l.fma(x, y);
    }
    return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }

  /** Bytes that a copy of so many numbers reads and writes in a second. */
  private static double bytes(int numbers, Runnable copy) {
    var rates = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long begin = System.nanoTime();
      copy.run();
      rates[round] = 2.0 * numbers * Float.BYTES / ((System.nanoTime() - begin) / 1e9);
    }
    return Arrays.stream(rates).max().orElseThrow();
  }

  private static void copyInVectors(float[] from, float[] to) {
    for (int i = 0; i < SPECIES.loopBound(from.length); i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, from, i).intoArray(to, i);
    }
  }
}
