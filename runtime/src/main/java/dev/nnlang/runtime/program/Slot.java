package dev.nnlang.runtime.program;

import dev.nnlang.runtime.tensor.ElementType;
import java.util.List;

/**
 * One tensor of a compiled program and where it lives.
 *
 * @param name the tensor's name
 * @param home what kind of storage it has
 */
public record Slot(String name, ElementType type, List<Extent> shape, Home home) {
  public Slot {
    shape = List.copyOf(shape);
  }

  /** A number that tells a draw from others, for code that is the same for many draws. */
  public static Slot site(long site) {
    return new Slot(
        "draw " + Long.toHexString(site), ElementType.INT, List.of(), new Home.Site(site));
  }

  /** Where a tensor lives. */
  public sealed interface Home {
    /** In the array that was bound to this input. */
    record Bound(String input) implements Home {}

    /**
     * In the arena, from the step that writes it to the last one that reads it, both inclusive.
     *
     * @param isFixed whether parameters alone say what it holds
     */
    record Arena(int first, int last, boolean isFixed) implements Home {}

    /** A few rows of it at a time, in memory that each thread has for itself. */
    record Window() implements Home {}

    /** It is a number that never changes: the site of a draw. */
    record Site(long value) implements Home {}
  }
}
