package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The time loops around a kernel. To the kernel their indices are constants: its own loops run over
 * the other axes of its equations.
 */
record Outer(List<Axis> times) {
  /** No loop is around the kernel. */
  static final Outer NONE = new Outer(List.of());

  Outer {
    times = List.copyOf(times);
  }

  /** The axes that the kernel's own loops run over. */
  List<Axis> free(List<Axis> axes) {
    return times.isEmpty() ? axes : axes.stream().filter(a -> !isTime(a.index())).toList();
  }

  boolean isTime(Atom.Index index) {
    return times.stream().anyMatch(t -> t.index().equals(index));
  }

  boolean isMentioned(Poly value) {
    return times.stream().anyMatch(t -> value.mentions(t.index()));
  }

  /** Names for {@link Rename}: those of the loops stay. */
  Map<Atom.Index, Axis> names() {
    var names = new HashMap<Atom.Index, Axis>();
    times.forEach(t -> names.put(t.index(), t));
    return names;
  }

  /**
   * Whether a read is of what another round has computed, which is there whatever this one does.
   */
  boolean isCarried(Expr.Read read, Equation writer) {
    for (int p = 0; p < writer.axes().size(); p++) {
      var index = writer.axes().get(p).index();
      boolean other =
          isTime(index)
              && !(read.subscripts().get(p).expr() instanceof Expr.Index(var value)
                  && value.equals(Poly.of(index)));
      if (other) {
        return true;
      }
    }
    return false;
  }
}
