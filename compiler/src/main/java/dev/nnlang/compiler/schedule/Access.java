package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** Where the elements of a row-major tensor lie, and how a place moves with an index. */
public final class Access {
  private Access() {}

  /** How the elements lie that consecutive values of an index read. */
  public enum Along {
    /** It is the same element for all. */
    SAME,
    /** Each is beside the one before. */
    NEIGHBOURS,
    /** Anything else. */
    APART
  }

  /** How far apart the elements are along each dimension of a row-major tensor. */
  public static Poly[] strides(Tensor tensor) {
    var strides = new Poly[tensor.rank()];
    var stride = Poly.ONE;
    for (int p = tensor.rank() - 1; p >= 0; p--) {
      strides[p] = stride;
      stride = stride.times(tensor.shape().get(p));
    }
    return strides;
  }

  /** The distance from the first element, as far as it is known without reading anything. */
  public static Poly place(Tensor tensor, List<Node> subscripts) {
    var strides = strides(tensor);
    var place = Poly.ZERO;
    for (int p = 0; p < subscripts.size(); p++) {
      if (subscripts.get(p).expr() instanceof Expr.Index(var value)) {
        place = place.plus(value.times(strides[p]));
      }
    }
    return joined(place);
  }

  /** The place of the element of {@code tensor} at these axes. */
  public static Poly placeAt(Tensor tensor, List<Axis> axes) {
    var strides = strides(tensor);
    var place = Poly.ZERO;
    for (int p = 0; p < strides.length; p++) {
      place = place.plus(Poly.of(axes.get(p).index()).times(strides[p]));
    }
    return place;
  }

  /** A place where all these axes are at their beginning. */
  public static Poly start(Poly place, List<Axis> run) {
    var zero = new HashMap<Atom, Poly>();
    run.forEach(a -> zero.put(a.index(), Poly.ZERO));
    return place.substitute(zero);
  }

  /** Whether a read is inside its tensor whatever guards say: at indices of just its extents. */
  public static boolean isWhole(Expr.Read read, Collection<Axis> axes) {
    for (int p = 0; p < read.subscripts().size(); p++) {
      var extent = read.tensor().shape().get(p);
      boolean own =
          read.subscripts().get(p).expr() instanceof Expr.Index(var value)
              && axes.stream()
                  .anyMatch(a -> value.equals(Poly.of(a.index())) && a.extent().equals(extent));
      if (!own) {
        return false;
      }
    }
    return true;
  }

  /** How a read moves with axes that are run through as if they were one. */
  public static Along along(Expr.Read read, List<Axis> run) {
    for (var subscript : read.subscripts()) {
      if (!(subscript.expr() instanceof Expr.Index) && mentions(subscript, run)) {
        return Along.APART;
      }
    }
    return along(place(read.tensor(), read.subscripts()), run);
  }

  /** How a place moves with axes that are run through as if they were one. */
  public static Along along(Poly place, List<Axis> run) {
    var last = place.coefficient(run.getLast().index());
    var rest = place;
    var step = last;
    for (var axis : run.reversed()) {
      if (!place.coefficient(axis.index()).equals(step)) {
        return Along.APART;
      }
      rest = rest.minus(step.times(Poly.of(axis.index())));
      step = step.times(axis.extent());
    }
    for (var axis : run) {
      if (rest.mentions(axis.index())) {
        return Along.APART;
      }
    }
    return last.is(0) ? Along.SAME : last.is(1) ? Along.NEIGHBOURS : Along.APART;
  }

  /** Whether a node depends on any of the axes' indices. */
  static boolean mentions(Node node, List<Axis> axes) {
    for (var below : Walk.nodes(List.of(node))) {
      if (below.expr() instanceof Expr.Index(var value)
          && axes.stream().anyMatch(a -> value.mentions(a.index()))) {
        return true;
      }
    }
    return false;
  }

  /** Puts {@code c*n*(a / n) + c*(a % n)} together to {@code c*a}: what a reshape leaves behind. */
  private static Poly joined(Poly place) {
    if (!place.hasQuotient()) {
      return place;
    }
    var current = place;
    for (var next = join(current); next.isPresent(); next = join(current)) {
      current = next.get();
    }
    return current;
  }

  private static Optional<Poly> join(Poly place) {
    for (var term : place.terms().entrySet()) {
      for (var atom : term.getKey()) {
        if (atom instanceof Atom.Remainder(var a, var n) && n.isConstant()) {
          var quotient = quotient(a, n);
          var others = new ArrayList<>(term.getKey());
          others.remove(atom);
          var monomial = Poly.product(others.stream().map(Poly::of).toList());
          var small = monomial.times(Poly.of(atom)).times(term.getValue());
          var large = monomial.times(quotient).times(n).times(term.getValue());
          var rest = place.minus(small).minus(large);
          if (rest.terms().size() <= place.terms().size() - 2) {
            return Optional.of(rest.plus(monomial.times(a).times(term.getValue())));
          }
        }
      }
    }
    return Optional.empty();
  }

  /** {@code floor(floor(x / m) / n)} is {@code floor(x / (m n))} for positive numbers. */
  private static Poly quotient(Poly a, Poly n) {
    if (a.terms().size() == 1
        && a.terms().firstKey().size() == 1
        && a.terms().firstKey().getFirst() instanceof Atom.Quotient(var x, var m)
        && a.coefficient(a.terms().firstKey().getFirst()).is(1)
        && m.isConstant()
        && m.constantTerm() > 0
        && n.constantTerm() > 0) {
      return x.floorDiv(m.times(n));
    }
    return a.floorDiv(n);
  }
}
