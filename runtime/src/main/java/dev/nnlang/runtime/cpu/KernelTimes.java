package dev.nnlang.runtime.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** How long each kernel of a program ran, added up over the runs of the sessions that fill it. */
public final class KernelTimes {
  /**
   * One kernel's share.
   *
   * @param number its place in the plan, where loops are written out
   * @param what the equations it computes
   * @param nanos time of all runs
   */
  public record Share(int number, String what, long nanos) {}

  private final LongSupplier clock;
  private String[] names = {};
  private long[] nanos = {};
  private int runs;

  /**
   * Nothing yet.
   *
   * @param clock nanoseconds: {@code System::nanoTime}, or the processor time of a single thread
   */
  public KernelTimes(LongSupplier clock) {
    this.clock = clock;
  }

  long now() {
    return clock.getAsLong();
  }

  void expect(List<Step> steps) {
    if (names.length == 0) {
      names = kernels(steps).map(Step::what).toArray(String[]::new);
      nanos = new long[names.length];
    }
  }

  private static Stream<Step> kernels(List<Step> steps) {
    return steps.stream()
        .flatMap(
            step ->
                switch (step) {
                  case Step.Nest _, Step.Product _ -> Stream.of(step);
                  case Step.Fixed fixed -> kernels(List.of(fixed.step()));
                  case Step.Loop loop -> kernels(loop.body());
                });
  }

  void add(int kernel, long time) {
    nanos[kernel] += time;
  }

  void ran() {
    runs++;
  }

  /** Forgets what was measured, such as runs before the code was compiled well. */
  public void clear() {
    Arrays.fill(nanos, 0);
    runs = 0;
  }

  /** How many times the whole program ran. */
  public int runs() {
    return runs;
  }

  /** All kernels, the slowest first. */
  public List<Share> shares() {
    var shares = new ArrayList<Share>();
    for (int k = 0; k < names.length; k++) {
      shares.add(new Share(k, names[k], nanos[k]));
    }
    shares.sort(Comparator.comparingLong(Share::nanos).reversed());
    return shares;
  }
}
