package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.program.Extent;
import java.util.List;

/**
 * One kernel of a program, and how it is launched.
 *
 * @param what the equations it computes, for messages
 * @param kernel its name in the text
 * @param arguments in the order of its parameters
 * @param groups how many work-groups; with none nothing is launched
 * @param width of a work-group
 * @param height of a work-group
 * @param counts sizes up to which it counts, beside those of its arguments
 * @param scratch bytes of memory that only this kernel uses
 */
public record Launch(
    String what,
    String kernel,
    List<Given> arguments,
    Extent groups,
    int width,
    int height,
    List<Extent> counts,
    Extent scratch)
    implements Command {
  public Launch {
    arguments = List.copyOf(arguments);
    counts = List.copyOf(counts);
  }

  /** What a kernel is given. */
  public sealed interface Given {
    /** A tensor, by its slot. */
    record Tensor(int slot) implements Given {}

    /** A size, as an int. */
    record Size(Extent size) implements Given {}

    /** The round that a loop is in, as an int. */
    record Round(int loop) implements Given {}

    /**
     * Where an index that is outside is reported: a number of the tensor, the index, the extent.
     */
    record Report() implements Given {}

    /** Memory for this kernel alone. */
    record Scratch() implements Given {}
  }
}
