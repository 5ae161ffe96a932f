package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Equations that share the values of some axes, and so a loop nest.
 *
 * <pre>
 * m[b] = max[c](y[b, c]);  s[b] = sum[c](exp(y[b, c] - m[b]));  p[b, c] = exp(y[b, c] - m[b]) / s[b]
 * </pre>
 *
 * share {@code [b, c]}: the first two reduce a row {@code [c]}, the last is over all of it. Rows
 * are independent of each other, so each is a work item; within a row one stage follows the other.
 */
final class Space extends Cluster {
  /** What an equation is in the space. */
  enum Role {
    /** It has all axes. */
    FULL,
    /** It has the axes in front of the row, and reduces the row. */
    REDUCES,
    /** It has the axes in front of the row. */
    ROW
  }

  record Member(Equation equation, Role role) {}

  /** Of rows, with open dimensions at their typical size, below which a nest would run alone. */
  private static final long FEWEST_ROWS = 8;

  /** Of a whole space that one work item may compute. */
  private static final long SMALL = 8192;

  /** Of a space whose equations are put together even if they have nothing in common. */
  private static final long TINY = 16;

  /** Instructions in one nest, so that its method stays small enough to be compiled. */
  static final int MOST_WEIGHT = 155;

  private static final int UNDECIDED = -1;

  private final Choices choices;
  private final Outer outer;
  private final Nodes nodes;
  private List<Axis> axes;
  private int rows = UNDECIDED;
  private final Map<Tensor, Member> members = new LinkedHashMap<>();
  private final Set<Tensor> read = new LinkedHashSet<>();
  private int weight;

  Space(Equation first, Choices choices, Outer outer, Nodes nodes) {
    this.choices = choices;
    this.outer = outer;
    this.nodes = nodes;
    if (reducesRow(first)) {
      this.axes = fresh(extents(own(first)), extents(first.reduced()));
      this.rows = own(first).size();
      add(first, Role.REDUCES);
    } else {
      this.axes = fresh(extents(own(first)), List.of());
      add(first, Role.FULL);
    }
  }

  private List<Axis> fresh(List<Poly> some, List<Poly> more) {
    var made = new ArrayList<Axis>();
    some.forEach(e -> made.add(Axis.of(nodes.fresh("i"), e)));
    more.forEach(e -> made.add(Axis.of(nodes.fresh("k"), e)));
    return made;
  }

  private static List<Poly> extents(List<Axis> some) {
    return some.stream().map(Axis::extent).toList();
  }

  private List<Axis> own(Equation equation) {
    return outer.free(equation.axes());
  }

  /** Whether the lanes of a reduction should run along what it reduces. */
  private boolean reducesRow(Equation equation) {
    if (equation.reduced().isEmpty() || !choices.takesLanes(equation)) {
      return false;
    }
    if (own(equation).isEmpty()) {
      return true;
    }
    var own = neighbours(equation, lastWide(own(equation)));
    var reduced = neighbours(equation, lastWide(equation.reduced()));
    return own.isEmpty() || reduced.isPresent() && reduced.get() >= own.get();
  }

  /** The last axis that is longer than 1. */
  static Optional<Axis> lastWide(List<Axis> axes) {
    for (int a = axes.size() - 1; a >= 0; a--) {
      if (!axes.get(a).extent().is(1)) {
        return Optional.of(axes.get(a));
      }
    }
    return Optional.empty();
  }

  /** How many reads have neighbours along an axis, less those that jump. */
  private static Optional<Integer> neighbours(Equation equation, Optional<Axis> along) {
    if (along.isEmpty()) {
      return Optional.empty();
    }
    int sum = 0;
    for (var access : Walk.reads(equation)) {
      sum +=
          switch (Access.along(access, List.of(along.get()))) {
            case NEIGHBOURS -> 1;
            case SAME -> 0;
            case APART -> -2;
          };
    }
    return Optional.of(sum);
  }

  // Joining.

  @Override
  boolean isOpen() {
    return Sizes.typical(axes) <= TINY;
  }

  @Override
  boolean take(Equation equation) {
    var joined = role(equation);
    if (joined.isEmpty()
        || weight + LaneForm.weight(equation) > MOST_WEIGHT
        || !isWorth(equation)) {
      return false;
    }
    var how = joined.get();
    var before = axes;
    int rowsBefore = rows;
    axes = how.axes;
    rows = how.rows;
    if (!isLegal(renamed(equation, how.role))) {
      axes = before;
      rows = rowsBefore;
      return false;
    }
    add(equation, how.role);
    return true;
  }

  private record Joined(Role role, List<Axis> axes, int rows) {}

  private Optional<Joined> role(Equation equation) {
    var own = extents(own(equation));
    var reduced = extents(equation.reduced());
    var all = extents(axes);
    var together = new ArrayList<>(own);
    together.addAll(reduced);
    if (!reduced.isEmpty() && !together.equals(all) && !own.equals(all)) {
      // Neither its values nor its terms are those of the space: the dear question is not asked.
      return Optional.empty();
    }
    if (reducesRow(equation)) {
      boolean fits = together.equals(all) && (rows == UNDECIDED || rows == own.size());
      return fits && isParallel(own.size())
          ? Optional.of(new Joined(Role.REDUCES, axes, own.size()))
          : Optional.empty();
    }
    if (own.equals(all)) {
      return Optional.of(new Joined(Role.FULL, axes, rows));
    }
    if (!reduced.isEmpty() || own.size() >= all.size() || !all.subList(0, own.size()).equals(own)) {
      return Optional.empty();
    }
    boolean fits = rows == own.size() || rows == UNDECIDED && isParallel(own.size());
    return fits ? Optional.of(new Joined(Role.ROW, axes, own.size())) : Optional.empty();
  }

  /** Whether there would be enough rows, or so little work that it does not matter. */
  private boolean isParallel(int front) {
    return Sizes.typical(axes.subList(0, front)) >= FEWEST_ROWS || Sizes.typical(axes) <= SMALL;
  }

  private boolean isWorth(Equation equation) {
    if (isOpen()) {
      return true;
    }
    for (var tensor : Walk.tensors(equation)) {
      if (members.containsKey(tensor) || tensor.rank() > 0 && read.contains(tensor)) {
        return true;
      }
    }
    return false;
  }

  /** What a member has computed must have been computed when it is read: in the same row. */
  private boolean isLegal(Equation renamed) {
    for (var access : Walk.reads(renamed)) {
      var member = members.get(access.tensor());
      if (member == null || outer.isCarried(access, member.equation)) {
        continue;
      }
      int same =
          switch (member.role) {
            case FULL -> rows == UNDECIDED ? axes.size() : rows;
            case REDUCES, ROW -> rows;
          };
      if (!isBare(access, member.equation, same)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the first subscripts are just the indices of the first axes. */
  private boolean isBare(Expr.Read access, Equation writer, int first) {
    int own = 0;
    for (int p = 0; own < first; p++) {
      if (outer.isTime(writer.axes().get(p).index())) {
        continue;
      }
      if (!(access.subscripts().get(p).expr() instanceof Expr.Index(var value))
          || !value.equals(Poly.of(axes.get(own).index()))) {
        return false;
      }
      own++;
    }
    return true;
  }

  private void add(Equation equation, Role role) {
    var renamed = renamed(equation, role);
    members.put(equation.tensor(), new Member(renamed, role));
    read.addAll(Walk.tensors(equation));
    weight += LaneForm.weight(equation);
  }

  private Equation renamed(Equation equation, Role role) {
    var names = new HashMap<Atom.Index, Axis>(outer.names());
    var own = own(equation);
    for (int p = 0; p < own.size(); p++) {
      names.put(own.get(p).index(), axes.get(p));
    }
    if (role == Role.REDUCES) {
      for (int p = 0; p < equation.reduced().size(); p++) {
        names.put(equation.reduced().get(p).index(), axes.get(own.size() + p));
      }
    }
    return Rename.equation(equation, names, nodes);
  }

  // The nest.

  @Override
  List<Equation> equations() {
    return members.values().stream().map(Member::equation).toList();
  }

  @Override
  Kernel kernel(Set<Tensor> elsewhere) {
    var row = rows == UNDECIDED ? Optional.<Integer>empty() : Optional.of(rows);
    return new NestShape(axes, row, choices, outer, nodes)
        .nest(List.copyOf(members.values()), elsewhere);
  }

  /** The node by which another equation reads a member at its own place. */
  static Node ownRead(Equation equation, Nodes nodes) {
    return nodes.readAt(equation.tensor(), equation.axes());
  }
}
