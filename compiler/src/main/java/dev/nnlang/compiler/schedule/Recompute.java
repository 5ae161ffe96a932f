package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Saving.Reason;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Decides for every cheap value that another kernel needs, most often one of the backward pass,
 * whether it is kept in memory or computed again where it is needed.
 *
 * <pre>
 * n[i] = (x[i] - m) * s;  y = ... n[i] ...;  dx[i] = ... n[i] ...   n is kept, read and written
 * n[i] = (x[i] - m) * s;  y = ... n[i] ...;  dx[i] = ... (x[i] - m) * s ...    only x is kept
 * </pre>
 *
 * <p>The rule: what is no longer written and read, less what is read instead, in bytes, must be
 * worth more than the arithmetic that is done again, and nothing larger may have to live longer for
 * it. A value is expanded down to what lies in memory anyway; values before it have been decided
 * before it. Every quantity is a polynomial of the open dimensions, compared at typical sizes.
 *
 * <p>A value of which a product reads a copy with a border ({@link Padding}) is computed as the
 * copy is made, and all others read it there.
 *
 * <p>A value stays in memory where a product reads it without a copy, where its reader would
 * compute it lane by lane, and where its reader's loop would become too large.
 */
public final class Recompute {
  /** For tests: whether the cost is asked. What cannot be computed again is always kept. */
  public enum Choice {
    BY_COST,
    ALWAYS,
    NEVER
  }

  /**
   * Vector instructions that take as long as moving a byte of each lane. Measured on one core
   * (AVX-512): 0.01 ns for an instruction, by value; 0.07 ns for a byte in main memory, and half of
   * that or less in a cache.
   */
  private static final long WORK_OF_BYTE = 6;

  /** How many times longer a value takes that is computed alone, not in a vector. */
  private static final long ALONE = 16;

  /** Bytes of a tensor that is not worth a thought. */
  private static final long SMALL = 1 << 13;

  /** Instructions in what packs a product's factor. */
  private static final int MOST_WEIGHT_OF_FACTOR = 60;

  /** Instructions of all equations of a time loop: they are one method. */
  private static final int MOST_WEIGHT_OF_STEP = 100;

  private final Choice choice;
  private final Strips strips;
  private final Products products;
  private final Nodes nodes;
  private final Fusion.Kernels draft;
  private final Set<Tensor> fixed;
  private final Map<Tensor, Padding.Border> borders;
  private final Set<Tensor> recurrent = new HashSet<>();
  private final Map<Tensor, Equation> current = new LinkedHashMap<>();
  private final Map<Tensor, Set<Tensor>> readers = new HashMap<>();
  private final Set<Tensor> stored = new HashSet<>();
  private final List<Saving> savings = new ArrayList<>();

  /**
   * What was decided.
   *
   * @param groups the work as it computes values again
   * @param savings one for each value that might have been
   */
  record Decided(List<List<Equation>> groups, List<Saving> savings) {
    boolean isNothing() {
      return savings.stream().allMatch(Saving.Saved.class::isInstance);
    }
  }

  private Recompute(
      Copies work,
      Fusion.Kernels draft,
      Set<Tensor> wanted,
      Choice choice,
      Strips strips,
      Products products,
      Nodes nodes) {
    this.draft = draft;
    this.strips = strips;
    this.choice = choice;
    this.products = products;
    this.nodes = nodes;
    this.fixed = new HashSet<>(wanted);
    fixed.addAll(work.copies());
    fixed.addAll(strips.read());
    this.borders = work.borders();
    for (var group : work.groups()) {
      for (var equation : group) {
        current.put(equation.tensor(), equation);
        reads(equation);
        if (strips.isRecurrence(group)) {
          recurrent.add(equation.tensor());
        }
      }
    }
    for (var kernel : draft.list()) {
      kernel.equations().forEach(e -> stored.add(e.tensor()));
      stored.removeAll(kernel.local());
    }
  }

  /**
   * Decides, and rewrites what reads.
   *
   * @param draft the kernels as they are if everything is kept
   * @param wanted what must be in memory at the end, in the order in which it is looked for
   */
  static Decided decide(
      Copies work,
      Fusion.Kernels draft,
      SequencedSet<Tensor> wanted,
      Choice choice,
      Strips strips,
      Products products,
      Nodes nodes) {
    if (choice == Choice.NEVER) {
      return new Decided(work.groups(), List.of());
    }
    var decision = new Recompute(work, draft, wanted, choice, strips, products, nodes);
    work.groups().forEach(group -> decision.consider(group.getFirst().tensor()));
    return new Decided(strips.groups(wanted, decision.current), List.copyOf(decision.savings));
  }

  private void reads(Equation equation) {
    for (var tensor : strips.reads(equation)) {
      readers.computeIfAbsent(tensor, _ -> new LinkedHashSet<>()).add(equation.tensor());
    }
  }

  private void rewrite(Equation equation) {
    for (var tensor : Walk.tensors(current.get(equation.tensor()))) {
      readers.get(tensor).remove(equation.tensor());
    }
    current.put(equation.tensor(), equation);
    reads(equation);
  }

  // One value.

  private boolean isCheap(Tensor tensor) {
    var equation = current.get(tensor);
    return equation != null
        && equation.reduction().isEmpty()
        && !recurrent.contains(tensor)
        && !fixed.contains(tensor)
        && tensor.type() != Type.INT
        && Walk.nodes(equation).stream().noneMatch(Recompute::isBound);
  }

  /** What is computed once, and where its loops are: whole matrices, and reads by a read. */
  private static boolean isBound(Node node) {
    return switch (node.expr()) {
      case Expr.Draw draw -> draw.distribution() == Expr.Distribution.ORTHOGONAL;
      case Expr.Read(_, var subscripts) ->
          subscripts.stream().anyMatch(s -> !(s.expr() instanceof Expr.Index));
      default -> false;
    };
  }

  private int home(Tensor tensor) {
    return draft.home().getOrDefault(tensor, -1);
  }

  private void consider(Tensor tensor) {
    boolean small = choice == Choice.BY_COST && Sizes.typical(Cost.bytes(tensor)) < SMALL;
    if (!isCheap(tensor) || small) {
      return;
    }
    var far =
        readers.getOrDefault(tensor, Set.of()).stream()
            .filter(r -> home(r) != home(tensor))
            .toList();
    if (far.isEmpty()) {
      return;
    }
    var border = borders.get(tensor);
    if (border != null && far.contains(border.copy())) {
      var trial = new Trial(tensor);
      if (trial.obstacle(List.of(border.copy())).or(trial::verdict).isEmpty()) {
        savings.add(new Saving.Bordered(tensor, border.copy(), trial.bytes));
        accept(trial);
        for (var reader : far) {
          if (!reader.equals(border.copy())) {
            rewrite(reading(border, current.get(reader), tensor));
          }
        }
        return;
      }
    }
    var trial = new Trial(tensor);
    var against =
        trial
            .obstacle(far)
            .or(() -> trial.keepsMore() ? Optional.of(Reason.LONGER) : trial.verdict());
    if (against.isPresent()) {
      savings.add(new Saving.Saved(tensor, against.get()));
    } else {
      savings.add(new Saving.Recomputed(tensor, trial.bytes));
      accept(trial);
    }
  }

  private void accept(Trial trial) {
    stored.remove(trial.tensor);
    stored.addAll(trial.leaves);
    trial.changed.forEach(this::rewrite);
  }

  /** An equation as it finds a tensor within its border. */
  private Equation reading(Padding.Border border, Equation reader, Tensor tensor) {
    var rewrite =
        Rebuild.upwards(
            nodes,
            node -> {
              if (!(node.expr() instanceof Expr.Read(var of, var subscripts))
                  || !of.equals(tensor)) {
                return node;
              }
              var moved = new ArrayList<Node>();
              for (int p = 0; p < subscripts.size(); p++) {
                moved.add(nodes.add(subscripts.get(p), nodes.integer(border.low().get(p))));
              }
              return nodes.read(border.copy(), moved);
            });
    return Signs.with(reader, rewrite);
  }

  /** What it would be like to compute a value again in all kernels that need it. */
  private final class Trial {
    final Tensor tensor;
    final List<Equation> changed = new ArrayList<>();
    final Set<Tensor> leaves = new LinkedHashSet<>();
    private final Set<Integer> kernels = new HashSet<>();
    private final Map<Integer, Set<Tensor>> read = new HashMap<>();

    /** No longer moved, less what is moved instead. */
    Poly bytes;

    private double work;

    Trial(Tensor tensor) {
      this.tensor = tensor;
      this.bytes = Cost.bytes(tensor);
    }

    /** What speaks against it, if these equations compute the value again. */
    Optional<Reason> obstacle(List<Tensor> far) {
      for (var reader : far) {
        var against = add(current.get(reader));
        if (against.isPresent()) {
          return against;
        }
      }
      vanish();
      return Optional.empty();
    }

    /** What its own kernel no longer does, if nobody there needs the value. */
    private void vanish() {
      var gone = new HashSet<Tensor>();
      var open = new ArrayList<>(List.of(tensor));
      while (!open.isEmpty()) {
        var next = open.removeLast();
        var near =
            readers.getOrDefault(next, Set.of()).stream()
                .filter(r -> home(r) == home(tensor))
                .toList();
        if (!gone.containsAll(near) || !next.equals(tensor) && (stored.contains(next))) {
          continue;
        }
        gone.add(next);
        var equation = current.get(next);
        work -= new ReaderForm(equation, home(tensor)).work();
        Walk.tensors(equation).stream()
            .filter(o -> home(o) == home(tensor) && isCheap(o))
            .forEach(open::add);
      }
      var left = new HashSet<Tensor>();
      for (var equation : draft.list().get(home(tensor)).equations()) {
        if (!gone.contains(equation.tensor())) {
          left.addAll(Walk.tensors(current.get(equation.tensor())));
        }
      }
      var unread = new HashSet<Tensor>();
      gone.forEach(t -> unread.addAll(Walk.tensors(current.get(t))));
      unread.removeAll(left);
      for (var each : unread) {
        if (home(each) != home(tensor)) {
          bytes = bytes.plus(least(Cost.bytes(each), Cost.bytes(tensor)));
        }
      }
    }

    /** Adds a reader; gives what speaks against it. */
    private Optional<Reason> add(Equation reader) {
      int kernel = home(reader.tensor());
      var before = new ReaderForm(reader, kernel);
      if (before.isDirect(tensor)) {
        return Optional.of(Reason.IN_PLACE);
      }
      var definition = expanded(tensor, kernel);
      if (isScattered(definition)) {
        return Optional.of(Reason.SCATTERED);
      }
      var after = new ReaderForm(inlined(reader, definition), kernel);
      if (!after.keeps(before)) {
        return Optional.of(Reason.IN_PLACE);
      }
      if (!after.hasRoom(changed)) {
        return Optional.of(Reason.ROOM);
      }
      changed.add(after.equation);
      boolean draws = Walk.nodes(definition).stream().anyMatch(n -> n.expr() instanceof Expr.Draw);
      work += (after.work() - before.work()) * (draws ? ALONE : 1);
      if (kernels.add(kernel)) {
        bytes = bytes.plus(Cost.bytes(tensor));
      }
      for (var leaf : Walk.tensors(definition)) {
        if (home(leaf) != kernel) {
          leaf(leaf, kernel);
        }
      }
      return Optional.empty();
    }

    private void leaf(Tensor leaf, int kernel) {
      boolean isNew = leaves.add(leaf);
      var size = least(Cost.bytes(leaf), Cost.bytes(tensor));
      if (isNew && current.containsKey(leaf) && !stored.contains(leaf)) {
        bytes = bytes.minus(Cost.bytes(leaf));
      }
      boolean isRead =
          readers.getOrDefault(leaf, Set.of()).stream().anyMatch(r -> home(r) == kernel);
      if (!isRead && read.computeIfAbsent(kernel, _ -> new HashSet<>()).add(leaf)) {
        bytes = bytes.minus(size);
      }
    }

    Optional<Reason> verdict() {
      if (choice == Choice.ALWAYS) {
        return Optional.empty();
      }
      return Sizes.typical(bytes) * WORK_OF_BYTE > work
          ? Optional.empty()
          : Optional.of(Reason.COST);
    }

    /** Whether more must live longer than it does today than is no longer kept. */
    boolean keepsMore() {
      int last = kernels.stream().mapToInt(k -> k).max().orElse(0);
      double sum = 0;
      for (var leaf : leaves) {
        boolean lives =
            !current.containsKey(leaf)
                || stored.contains(leaf)
                    && readers.get(leaf).stream().anyMatch(r -> home(r) >= last);
        sum += lives ? 0 : Sizes.typical(Cost.bytes(leaf));
      }
      return choice == Choice.BY_COST && sum > Sizes.typical(Cost.bytes(tensor));
    }
  }

  private static Poly least(Poly a, Poly b) {
    return Sizes.typical(a) <= Sizes.typical(b) ? a : b;
  }

  // Expressions.

  /** A value's definition in terms of what a kernel has or finds in memory. */
  private Equation expanded(Tensor tensor, int kernel) {
    var equation = current.get(tensor);
    var rewrite =
        Rebuild.upwards(
            nodes,
            node ->
                node.expr() instanceof Expr.Read(var of, var subscripts)
                        && home(of) != kernel
                        && !stored.contains(of)
                        && isCheap(of)
                    ? Inline.at(nodes, expanded(of, kernel), subscripts)
                    : Signs.plain(node, nodes));
    return Signs.with(equation, rewrite);
  }

  private Equation inlined(Equation reader, Equation definition) {
    var rewrite =
        Rebuild.upwards(
            nodes,
            node ->
                node.expr() instanceof Expr.Read(var of, var subscripts)
                        && of.equals(definition.tensor())
                    ? Inline.at(nodes, definition, subscripts)
                    : Signs.plain(node, nodes));
    return Signs.with(reader, rewrite);
  }

  /** Whether what it is made of does not lie as its own values do. */
  private static boolean isScattered(Equation definition) {
    var last = Space.lastWide(definition.axes());
    return last.isPresent()
        && Walk.reads(definition).stream()
            .anyMatch(r -> Access.along(r, List.of(last.get())) == Access.Along.APART);
  }

  /** How a kernel evaluates one of its equations. */
  private final class ReaderForm {
    final Equation equation;
    private final int kernel;

    /** Where the equation is the product itself, not something that is done with its elements. */
    private final Optional<Kernel.Contraction> product;

    ReaderForm(Equation equation, int kernel) {
      this.equation = equation;
      this.kernel = kernel;
      this.product = isProduct(equation, kernel) ? products.of(equation) : Optional.empty();
    }

    /** Whether a value is read where it lies. */
    boolean isDirect(Tensor tensor) {
      return product
          .flatMap(Kernel.Contraction::leftInPlace)
          .filter(read -> read.tensor().equals(tensor))
          .isPresent();
    }

    /** Whether it is still what it was: a product, with the same factor read where it lies. */
    boolean keeps(ReaderForm before) {
      return product.isPresent() == before.product.isPresent()
          && product.flatMap(Kernel.Contraction::leftInPlace).isPresent()
              == before.product.flatMap(Kernel.Contraction::leftInPlace).isPresent();
    }

    /** Whether the loop that it stands in stays small, if these equations change as well. */
    boolean hasRoom(List<Equation> others) {
      if (product.isPresent()) {
        var factors = List.of(product.get().left(), product.get().right());
        return factors.stream().allMatch(f -> LaneForm.weight(List.of(f)) <= MOST_WEIGHT_OF_FACTOR);
      }
      if (draft.list().get(kernel) instanceof Kernel.Recurrence) {
        // Its equations find their loops anew.
        return LaneForm.weight(equation) <= MOST_WEIGHT_OF_STEP;
      }
      int weight = 0;
      for (var member : draft.list().get(kernel).equations()) {
        if (!isProduct(member, kernel)) {
          weight += LaneForm.weight(newest(member.tensor(), others));
        }
      }
      return weight
          <= (recurrent.contains(equation.tensor())
              ? MOST_WEIGHT_OF_STEP
              : Math.min(Space.MOST_WEIGHT, Product.MOST_WEIGHT));
    }

    private Equation newest(Tensor member, List<Equation> others) {
      if (member.equals(equation.tensor())) {
        return equation;
      }
      return others.stream()
          .filter(o -> o.tensor().equals(member))
          .findFirst()
          .orElseGet(() -> current.get(member));
    }

    /** Instructions for all of its values. */
    double work() {
      return product
          .map(
              c ->
                  (c.leftInPlace().isPresent()
                          ? 0
                          : work(c.left(), c.batch(), c.rows(), c.reduced()))
                      + work(c.right(), c.batch(), c.columns(), c.reduced()))
          .orElseGet(
              () -> (double) LaneForm.weight(equation) * Sizes.typical(Cost.points(equation)));
    }

    private static double work(Node factor, List<Axis> batch, List<Axis> side, List<Axis> terms) {
      boolean inLanes =
          Walk.nodes(List.of(factor)).stream()
              .anyMatch(n -> n.expr() instanceof Expr.Read read && isBeside(read, side));
      double points = (double) Sizes.typical(batch) * Sizes.typical(side) * Sizes.typical(terms);
      return points * LaneForm.weight(List.of(factor)) * (inLanes ? 1 : ALONE);
    }

    private static boolean isBeside(Expr.Read read, List<Axis> side) {
      return !side.isEmpty()
          && Access.place(read.tensor(), read.subscripts())
              .coefficient(side.getLast().index())
              .is(1);
    }
  }

  private boolean isProduct(Equation equation, int kernel) {
    return draft.list().get(kernel) instanceof Kernel.Contraction c
        && c.equation().tensor().equals(equation.tensor());
  }
}
