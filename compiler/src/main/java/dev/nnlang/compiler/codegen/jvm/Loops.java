package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Emits loops over axes. */
final class Loops {
  private final KernelScope scope;
  private final Code code;
  private final Polys polys;

  Loops(KernelScope scope) {
    this.scope = scope;
    this.code = scope.code;
    this.polys = new Polys(scope);
  }

  /** A loop over all values of an axis, upwards. */
  void over(Axis axis, Runnable body) {
    polys.asInt(axis.extent());
    var end = code.keep(Kind.INT);
    code.constant(0);
    var index = code.keep(Kind.INT);
    scope.index(axis.index(), index);
    code.upTo(index, end, body);
  }

  /** A loop inside of a loop, and so on. */
  void over(List<Axis> axes, Runnable body) {
    if (axes.isEmpty()) {
      body.run();
    } else {
      over(axes.getFirst(), () -> over(axes.subList(1, axes.size()), body));
    }
  }

  /** Dimensions are at least 1 (LR-39), so a product of them is, too. */
  static boolean isNeverEmpty(Poly extent) {
    return extent.terms().size() == 1
        && extent.terms().values().iterator().next() > 0
        && extent.terms().firstKey().stream().allMatch(Atom.Dim.class::isInstance);
  }

  static Set<Atom> indices(Collection<Axis> axes) {
    var indices = new HashSet<Atom>();
    axes.forEach(a -> indices.add(a.index()));
    return indices;
  }
}
