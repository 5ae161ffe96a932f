package dev.nnlang.compiler.codegen;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.List;

/** Sizes as the runtime knows them. */
public final class Extents {
  private Extents() {}

  public static List<Extent> shape(Tensor tensor) {
    return tensor.shape().stream().map(Extents::of).toList();
  }

  /** How elements are stored where reals are stored so. */
  public static ElementType element(Type type, ElementType real) {
    return switch (type) {
      case REAL -> real;
      case INT -> ElementType.INT;
      case BOOL -> ElementType.BOOL;
    };
  }

  public static Extent of(Poly poly) {
    var terms = new ArrayList<Extent>();
    poly.terms()
        .forEach(
            (atoms, c) -> {
              var factors = new ArrayList<Extent>();
              if (c != 1 || atoms.isEmpty()) {
                factors.add(Extent.of(c));
              }
              atoms.forEach(atom -> factors.add(of(atom)));
              terms.add(factors.size() == 1 ? factors.getFirst() : new Extent.Product(factors));
            });
    return switch (terms.size()) {
      case 0 -> Extent.of(0);
      case 1 -> terms.getFirst();
      default -> new Extent.Sum(List.copyOf(terms));
    };
  }

  private static Extent of(Atom atom) {
    return switch (atom) {
      case Atom.Dim(var name) -> new Extent.Dim(name);
      case Atom.Index(var name) -> throw new CompilerBug("an index in an extent: " + name);
      case Atom.Quotient(var a, var b) -> new Extent.Quotient(of(a), of(b));
      case Atom.Remainder(var a, var b) -> new Extent.Remainder(of(a), of(b));
    };
  }
}
