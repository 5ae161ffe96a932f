package dev.nnlang.compiler.induction;

import dev.nnlang.compiler.elaborate.LowTraining;
import dev.nnlang.compiler.elaborate.Stack;
import dev.nnlang.compiler.induction.Stretches.Item;
import dev.nnlang.runtime.cpu.CompiledProgram.Parts;
import dev.nnlang.runtime.cpu.Step;
import dev.nnlang.runtime.program.Carry;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parts of a program with all copies of one stack. */
final class TallParts {
  private static final String DRAW = "draw ";
  private static final int NONE = -1;

  private final Parts low;
  private final Stack stack;

  /** The paths of draws, by their sites: of those that are made, too. */
  private final Map<Long, String> draws;

  private final Uses uses;
  private final Named slots;

  /** The slots of the whole program. */
  private final List<Item> made;

  /** The slots of the whole program, by the first that is written out and the copy's number. */
  private final int[][] numbers;

  /** Texts about steps, taken apart: each is asked for every copy. */
  private final Map<String, Numbered> texts = new HashMap<>();

  private TallParts(Parts low, Stack stack, Map<Long, String> draws) {
    this.low = low;
    this.stack = stack;
    this.draws = draws;
    this.uses = Uses.of(low.steps(), low.slots().size());
    this.slots = new Named(low.slots().stream().map(this::name).toList(), stack, this::isLike);
    this.made = slots.whole();
    this.numbers = new int[low.slots().size()][];
    for (int number = 0; number < made.size(); number++) {
      var copy = slots.copy(made.get(number).source(), made.get(number).number());
      int known = numbers[copy.first()] == null ? 0 : numbers[copy.first()].length;
      if (copy.number() >= known) {
        var more = new int[Math.max(copy.number() + 1, 2 * known)];
        Arrays.fill(more, NONE);
        if (known > 0) {
          System.arraycopy(numbers[copy.first()], 0, more, 0, known);
        }
        numbers[copy.first()] = more;
      }
      numbers[copy.first()][copy.number()] = number;
    }
  }

  /**
   * What was made.
   *
   * @param steps for each step which one of the given it is
   */
  record Made(Parts parts, List<Integer> steps) {}

  static Made of(Parts low, Stack stack, Map<Long, String> draws) {
    return new TallParts(low, stack, draws).made();
  }

  private String name(Slot slot) {
    return slot.home() instanceof Slot.Home.Site(var site) ? DRAW + draws.get(site) : slot.name();
  }

  /** Whether a slot can be the next copy's of another. */
  private boolean isLike(int item, int other) {
    var one = low.slots().get(item);
    var two = low.slots().get(other);
    return one.type() == two.type()
        && one.shape().equals(two.shape())
        && switch (one.home()) {
          case Slot.Home.Bound _ -> two.home() instanceof Slot.Home.Bound;
          case Slot.Home.Window _ -> two.home() instanceof Slot.Home.Window;
          case Slot.Home.Site _ -> two.home() instanceof Slot.Home.Site;
          case Slot.Home.Arena(_, _, var isFixed) ->
              two.home() instanceof Slot.Home.Arena(_, _, var isFixedToo)
                  && isFixed == isFixedToo
                  && livesOn(item) == livesOn(other);
        };
  }

  /** Whether a tensor is alive behind the last step; else it is while steps use it. */
  private boolean livesOn(int slot) {
    if (!(low.slots().get(slot).home() instanceof Slot.Home.Arena(var from, var to, var isFixed))) {
      return false;
    }
    int end = low.steps().size();
    if (isFixed
        ? from != 0 || to != end
        : from != uses.first(slot) || to != end && to != uses.last(slot)) {
      throw new Irregular("not alive as it is used: " + low.slots().get(slot).name());
    }
    return to == end;
  }

  private Made made() {
    var steps = new ArrayList<Step>();
    var sources = new ArrayList<Integer>();
    var names = steps();
    for (var item : names.whole()) {
      var renaming =
          new Renaming(
              slot -> number(slot, item.number()), text -> numbered(text).from(item.number()));
      steps.add(renaming.of(low.steps().get(item.source())));
      sources.add(item.source());
    }
    var parts =
        new Parts(
            TallSignature.of(low.signature(), stack),
            low.real(),
            slots(steps),
            steps,
            carries(),
            outputs(),
            low.blocks(),
            low.kernels(),
            low.movers(),
            low.tiles(),
            Optional.empty());
    return new Made(parts, sources);
  }

  private int number(int slot, int number) {
    var copy = slots.copy(slot, number);
    var copies = numbers[copy.first()];
    if (copies == null || copy.number() >= copies.length || copies[copy.number()] == NONE) {
      throw new Irregular("no copy of " + low.slots().get(slot).name());
    }
    return copies[copy.number()];
  }

  private Numbered numbered(String text) {
    return texts.computeIfAbsent(text, t -> Numbered.of(t, stack));
  }

  private Named steps() {
    var next = new Renaming(slots::next, text -> numbered(text).next());
    var names =
        new Named(
            low.steps().stream().map(Step::what).toList(),
            stack,
            (a, b) ->
                a == b ? isCommon(a) : next.of(low.steps().get(a)).equals(low.steps().get(b)));
    for (int k = 0; k < low.steps().size(); k++) {
      for (int slot : uses.of(k)) {
        names.reaches(k, slots.places(slot));
      }
    }
    return names;
  }

  private boolean isCommon(int step) {
    return uses.of(step).stream().allMatch(slot -> slots.next(slot) == slot);
  }

  /**
   * Whether the tensors of missing copies are used by as many steps as one of those that they are
   * like: a step that belongs to several copies, and comes once for so many, would be missing.
   */
  private void areUsedAlike(Uses using) {
    var counts = new HashMap<Integer, Set<Integer>>();
    for (int slot = 0; slot < low.slots().size(); slot++) {
      int first = slots.copy(slot, 0).first();
      counts.computeIfAbsent(first, _ -> new HashSet<>()).add(uses.count(slot));
    }
    for (int s = 0; s < made.size(); s++) {
      var item = made.get(s);
      int first = slots.copy(item.source(), item.number()).first();
      boolean isCommon = slots.next(item.source()) == item.source();
      if (!isCommon && !counts.get(first).contains(using.count(s))) {
        throw new Irregular("a step is missing that uses " + slots.name(item));
      }
    }
  }

  private List<Slot> slots(List<Step> steps) {
    var using = Uses.of(steps, made.size());
    areUsedAlike(using);
    var all = new ArrayList<Slot>();
    for (int s = 0; s < made.size(); s++) {
      var item = made.get(s);
      var name = slots.name(item);
      var source = low.slots().get(item.source());
      all.add(
          switch (source.home()) {
            case Slot.Home.Bound _ ->
                new Slot(name, source.type(), source.shape(), new Slot.Home.Bound(name));
            case Slot.Home.Window window -> new Slot(name, source.type(), source.shape(), window);
            case Slot.Home.Site _ -> draw(name.substring(DRAW.length()));
            case Slot.Home.Arena(_, _, var isFixed) -> {
              int from = isFixed ? 0 : using.first(s);
              int to = livesOn(item.source()) ? steps.size() : using.last(s);
              if (low.blocks().isPresent()
                  && !isFixed
                  && slots.next(item.source()) != item.source()) {
                isLocal(item.source(), to - from);
              }
              yield new Slot(
                  name, source.type(), source.shape(), new Slot.Home.Arena(from, to, isFixed));
            }
          });
    }
    return all;
  }

  /** Examples that are taken in blocks are as many as fit near, however high the stack is. */
  private void isLocal(int slot, int life) {
    if (livesOn(slot) || life != uses.last(slot) - uses.first(slot)) {
      throw new Irregular("lives longer in a higher stack: " + low.slots().get(slot).name());
    }
  }

  private Slot draw(String path) {
    long site = LowTraining.site(path);
    draws.put(site, path);
    return Slot.site(site);
  }

  private List<Carry> carries() {
    var low = this.low.carries();
    var names =
        new Named(
            low.stream().map(c -> this.low.slots().get(c.state()).name()).toList(),
            stack,
            (a, b) -> slots.next(low.get(a).next()) == low.get(b).next());
    for (int i = 0; i < low.size(); i++) {
      names.reaches(i, slots.places(low.get(i).next()));
    }
    return names.whole().stream()
        .map(
            i -> {
              var carry = low.get(i.source());
              return new Carry(number(carry.state(), i.number()), number(carry.next(), i.number()));
            })
        .toList();
  }

  private Map<String, Integer> outputs() {
    var ports = low.signature().outputs().stream().map(Port::name).toList();
    var low = ports.stream().map(this.low.outputs()::get).toList();
    var names = new Named(ports, stack, (a, b) -> slots.next(low.get(a)) == (int) low.get(b));
    for (int i = 0; i < low.size(); i++) {
      names.reaches(i, slots.places(low.get(i)));
    }
    var all = new LinkedHashMap<String, Integer>();
    for (var item : names.whole()) {
      all.put(names.name(item), number(low.get(item.source()), item.number()));
    }
    return all;
  }
}
