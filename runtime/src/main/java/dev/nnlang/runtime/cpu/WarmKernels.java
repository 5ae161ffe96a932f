package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Parts of the work of a program's kernels and movers that can be done before its first run: a few
 * items here and there. What a run updates is read and written elsewhere meanwhile; all else that
 * is written is in the arena.
 */
final class WarmKernels {
  /** What a kernel should take in a run, as plain loops, so that calling it first pays. */
  private static final long WORTH_NANOS = 200_000;

  /** About what a call takes, as plain loops. */
  private static final long CALL_NANOS = 5_000;

  /** A kernel with larger items is left to the first run. */
  private static final long MOST_NANOS = 300_000;

  private final CompiledProgram program;
  private final Map<String, Long> dims;
  private final Frame from;
  private final Reals reals;
  private final long[] longs;
  private final ToIntFunction<Slot> size;
  private final List<WarmUp.Part> parts = new ArrayList<>();

  /** Where kernels find tensors meanwhile; made for the first that is new. */
  private Optional<Frame> frame = Optional.empty();

  /**
   * Of a program with its sizes.
   *
   * @param from where its tensors are; not changed
   * @param reals of the arena
   * @param longs of the arena
   * @param size how many elements a tensor has
   */
  WarmKernels(
      CompiledProgram program,
      Map<String, Long> dims,
      Frame from,
      Reals reals,
      long[] longs,
      ToIntFunction<Slot> size) {
    this.program = program;
    this.dims = dims;
    this.from = from;
    this.reals = reals;
    this.longs = longs;
    this.size = size;
  }

  List<WarmUp.Part> parts() {
    return parts;
  }

  /** Adds the kernels among steps. */
  void add(List<Step> steps) {
    add(steps, 1);
  }

  /** The same, with the rounds of the loops around them. */
  private void add(List<Step> steps, long rounds) {
    for (var step : steps) {
      switch (step) {
        case Step.Fixed(var once) -> add(List.of(once), rounds);
        case Step.Nest nest -> add(nest, rounds);
        case Step.Loop loop -> add(loop.body(), rounds * loop.rounds().evaluate(dims));
        // Those of blocks find their tensors only there.
        case Step.Product _, Step.RowBlocks _ -> {}
      }
    }
  }

  private void add(Step.Nest step, long rounds) {
    int all = Math.toIntExact(step.items().evaluate(dims));
    long nanos = Math.max(1, step.nanos().evaluate(dims));
    var code = program.kernel(step.code());
    if (nanos > MOST_NANOS
        || rounds * nanos * all < WORTH_NANOS
        || !WarmUp.isNew(code.getClass(), "")) {
      return;
    }
    int few = Math.clamp(CALL_NANOS / nanos, 1, all);
    // The estimate is of plain loops. What the second compiler made of vectors is faster by half
    // their lanes at least; the first one's code takes a fifth of the estimate or more.
    double compiled = 2.0 * nanos / Lanes.inFloats();
    var call = new FewItems(code, frame(), step.code().slots(), all, few, compiled);
    parts.add(new WarmUp.Part(code.getClass(), "", call));
  }

  /** Adds the movers of a product. */
  void add(Product product) {
    for (var moves : product.moves()) {
      var mover = program.mover(moves.mover()).getClass();
      if (moves.isWorthIt() && WarmUp.isNew(mover, "")) {
        parts.add(new WarmUp.Part(mover, "", moves.call(program, frame())));
      }
    }
  }

  private Frame frame() {
    if (frame.isEmpty()) {
      frame = Optional.of(made());
    }
    return frame.get();
  }

  private Frame made() {
    var made = new Frame(from.offsets.length, from.dims.length);
    made.read(from);
    Arrays.fill(made.dims, program.signature().open().size(), made.dims.length, 0);
    var updated = new ArrayList<Integer>();
    int most = 0;
    var slots = program.slots();
    for (int slot = 0; slot < slots.size(); slot++) {
      if (slots.get(slot).home() instanceof Slot.Home.Bound(var input)
          && program.signature().updated().contains(input)) {
        updated.add(slot);
        most = Math.max(most, size.applyAsInt(slots.get(slot)));
      }
    }
    var spare = reals.length() < most ? Reals.of(program.real(), most) : reals;
    var spareLongs = longs.length < most ? new long[most] : longs;
    for (int slot : updated) {
      made.floats[slot] = spare.floats();
      made.doubles[slot] = spare.doubles();
      made.longs[slot] = spareLongs;
      made.offsets[slot] = 0;
    }
    return made;
  }

  /** A few items, now at the beginning, now at the end, now somewhere else. */
  private static final class FewItems implements WarmUp.Call {
    private final KernelCode code;
    private final Frame frame;
    private final int[] slots;
    private final int all;
    private final int few;
    private final double nanos;
    private int turn;

    FewItems(KernelCode code, Frame frame, int[] slots, int all, int few, double nanos) {
      this.nanos = nanos;
      this.code = code;
      this.frame = frame;
      this.slots = slots;
      this.all = all;
      this.few = few;
    }

    @Override
    public long run() {
      turn++;
      int count = turn % 3 == 0 ? Math.max(1, few / 2) : few;
      int most = all - count;
      int from =
          switch (turn % 4) {
            case 0 -> 0;
            case 1 -> most;
            default -> (int) ((long) most * (turn * 37 % 101) / 101);
          };
      code.run(frame, slots, from, from + count);
      return (long) (count * nanos);
    }
  }
}
