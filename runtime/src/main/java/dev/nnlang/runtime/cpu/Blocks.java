package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Bindings;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * A run that takes a few examples at a time: copies their inputs to where kernels read them, and
 * their results to where somebody asks for them.
 */
final class Blocks {
  /** An input of which a block is copied. */
  private record Input(int slot, String name, Object block, int length) {}

  /** A result, whole. */
  private record Result(int slot, ElementType type, Object all, int length) {}

  private final Frame frame;
  private final int count;
  private final List<Input> inputs = new ArrayList<>();
  private final Map<Integer, Result> results = new HashMap<>();

  /**
   * Makes the memory.
   *
   * @param dim of the examples
   * @param count of blocks
   * @param size of a tensor's part in a block
   */
  Blocks(CompiledProgram program, Frame frame, String dim, int count, ToIntFunction<Slot> size) {
    this.frame = frame;
    this.count = count;
    var slots = program.slots();
    for (int slot = 0; slot < slots.size(); slot++) {
      var it = slots.get(slot);
      if (it.home() instanceof Slot.Home.Bound(var input)
          && !it.shape().isEmpty()
          && it.shape().getFirst().equals(new Extent.Dim(dim))) {
        int length = size.applyAsInt(it);
        inputs.add(new Input(slot, input, memory(it.type(), length), length));
      }
    }
    for (int slot : program.results()) {
      var it = slots.get(slot);
      int length = size.applyAsInt(it);
      var all = memory(it.type(), Math.multiplyExact(count, length));
      results.put(slot, new Result(slot, it.type(), all, length));
    }
  }

  private static Object memory(ElementType type, int length) {
    return switch (type) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case INT, BOOL -> new long[length];
    };
  }

  /** How many there are. */
  int count() {
    return count;
  }

  /** Does the work for one block after the other. */
  void run(Bindings bindings, Runnable work) {
    for (int block = 0; block < count; block++) {
      for (var input : inputs) {
        copyIn(input, bindings.get(input.name()), block);
      }
      work.run();
      for (var result : results.values()) {
        var from = frame.array(result.type(), result.slot());
        int to = block * result.length();
        System.arraycopy(from, frame.offsets[result.slot()], result.all(), to, result.length());
      }
    }
  }

  private void copyIn(Input input, Tensor all, int block) {
    var from =
        switch (all.type()) {
          case F32 -> all.floats();
          case F64 -> all.doubles();
          case INT, BOOL -> all.longs();
        };
    System.arraycopy(from, block * input.length(), input.block(), 0, input.length());
    switch (all.type()) {
      case F32 -> frame.floats[input.slot()] = (float[]) input.block();
      case F64 -> frame.doubles[input.slot()] = (double[]) input.block();
      case INT, BOOL -> frame.longs[input.slot()] = (long[]) input.block();
    }
  }

  /** The array of a result, all examples of the last run. */
  Object result(int slot) {
    return results.get(slot).all();
  }
}
