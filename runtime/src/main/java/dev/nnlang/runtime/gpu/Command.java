package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.program.Extent;
import java.util.List;

/** What a device does for a program, in order. */
public sealed interface Command permits Launch, Product, Command.Loop {
  /**
   * Commands that are given once for each value of an index.
   *
   * @param number of the loop, by which kernels are given the value
   * @param rounds how many values there are
   * @param backwards whether the last value comes first
   */
  record Loop(int number, Extent rounds, boolean backwards, List<Command> body) implements Command {
    public Loop {
      body = List.copyOf(body);
    }
  }
}
