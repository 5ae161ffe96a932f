package dev.nnlang.runtime.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
   * @param product of a product
   */
  public record Share(int number, String what, long nanos, Optional<Product> product) {}

  /**
   * A product as it was computed last.
   *
   * @param shape its sizes
   * @param form the form that was chosen for it
   */
  public record Product(ProductShape shape, ProductForm form) {}

  private final LongSupplier clock;
  private String[] names = {};
  private long[] nanos = {};
  private Product[] products = {};
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
      products = new Product[names.length];
    }
  }

  private static Stream<Step> kernels(List<Step> steps) {
    return steps.stream()
        .flatMap(
            step ->
                switch (step) {
                  case Step.Nest _, Step.Product _, Step.RowBlocks _ -> Stream.of(step);
                  case Step.Fixed fixed -> kernels(List.of(fixed.step()));
                  case Step.Loop loop -> kernels(loop.body());
                });
  }

  void isProduct(int kernel, ProductShape shape, ProductForm form) {
    products[kernel] = new Product(shape, form);
  }

  /** Adds what a kernel took on one thread; those that compute blocks at once add what they did. */
  synchronized void add(int kernel, long time) {
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
      shares.add(new Share(k, names[k], nanos[k], Optional.ofNullable(products[k])));
    }
    shares.sort(Comparator.comparingLong(Share::nanos).reversed());
    return shares;
  }
}
