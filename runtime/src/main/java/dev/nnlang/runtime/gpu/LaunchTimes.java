package dev.nnlang.runtime.gpu;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long each launch of a program took, from the call until the device had done it, added up over
 * the runs of the sessions that fill it. Each waits for the one before, so all of them together
 * take longer than a run in which none does.
 */
public final class LaunchTimes {
  /** Who computes products that no kernel of ours does. */
  static final String LIBRARY = "cuBLASLt";

  /**
   * What is launched.
   *
   * @param what the equations it computes
   * @param kernel its name in the text
   */
  record Key(String what, String kernel) {}

  /**
   * One launch's share; what a loop launches in each round is one.
   *
   * @param number its place in the order of the program
   * @param what the equations it computes
   * @param kernel its name in the text
   * @param nanos time of all runs
   */
  public record Share(int number, String what, String kernel, long nanos) {}

  private final Map<Key, Long> nanos = new LinkedHashMap<>();
  private int runs;

  /** Nothing yet. */
  public LaunchTimes() {}

  void add(Key launch, long time) {
    nanos.merge(launch, time, Long::sum);
  }

  void ran() {
    runs++;
  }

  /** Forgets what was measured, such as the runs in which a driver still prepares kernels. */
  public void clear() {
    nanos.replaceAll((_, _) -> 0L);
    runs = 0;
  }

  /** How many times the whole program ran. */
  public int runs() {
    return runs;
  }

  /** All launches, the slowest first. */
  public List<Share> shares() {
    var shares = new ArrayList<Share>();
    nanos.forEach(
        (launch, time) -> shares.add(new Share(shares.size(), launch.what, launch.kernel, time)));
    shares.sort(Comparator.comparingLong(Share::nanos).reversed());
    return shares;
  }
}
