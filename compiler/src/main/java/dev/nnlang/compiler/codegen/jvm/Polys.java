package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;

/** Emits integer polynomials of dimensions and indices. */
final class Polys {
  private final KernelScope scope;
  private final Code code;

  Polys(KernelScope scope) {
    this.scope = scope;
    this.code = scope.code;
  }

  /** Leaves an int: for what is known to fit, such as places in arrays and loop bounds. */
  void asInt(Poly poly) {
    sum(poly, Kind.INT);
  }

  /** Leaves a long. */
  void asLong(Poly poly) {
    sum(poly, Kind.LONG);
  }

  /** Outer loops' terms come first, so that what a loop does not change is one subexpression. */
  private void sum(Poly poly, Kind kind) {
    var terms = new ArrayList<>(poly.terms().entrySet());
    terms.sort(Comparator.comparingInt(t -> depth(t.getKey())));
    boolean first = true;
    for (var term : terms) {
      boolean negative = !first && term.getValue() < 0;
      product(term, negative ? -term.getValue() : term.getValue(), kind);
      if (!first) {
        code.op(kind.of(negative ? Opcodes.ISUB : Opcodes.IADD));
      }
      first = false;
    }
    if (first) {
      constant(0, kind);
    }
  }

  /** Loops declare their locals from outside to inside, so a later slot is a deeper loop. */
  private int depth(List<Atom> atoms) {
    int depth = 0;
    for (var atom : atoms) {
      for (var variable : Poly.of(atom).variables()) {
        if (variable instanceof Atom.Index index) {
          depth = Math.max(depth, scope.index(index).slot());
        }
      }
    }
    return depth;
  }

  private void product(Map.Entry<List<Atom>, Long> term, long coefficient, Kind kind) {
    var atoms = new ArrayList<>(term.getKey());
    atoms.sort(Comparator.comparingInt(a -> depth(List.of(a))));
    boolean first = true;
    if (coefficient != 1 || atoms.isEmpty()) {
      constant(coefficient, kind);
      first = false;
    }
    for (var atom : atoms) {
      atom(atom, kind);
      if (!first) {
        code.op(kind.of(Opcodes.IMUL));
      }
      first = false;
    }
  }

  private void constant(long value, Kind kind) {
    if (kind == Kind.INT) {
      code.constant((int) value);
    } else {
      code.constant(value);
    }
  }

  private void atom(Atom atom, Kind kind) {
    switch (atom) {
      case Atom.Dim(var name) -> widen(scope.dim(name), kind);
      case Atom.Index index -> widen(scope.index(index), kind);
      case Atom.Quotient(var a, var b) -> {
        sum(a, kind);
        sum(b, kind);
        code.call(kind == Kind.INT ? Abi.FLOOR_DIV_INT : Abi.FLOOR_DIV);
      }
      case Atom.Remainder(var a, var b) -> {
        sum(a, kind);
        sum(b, kind);
        code.call(kind == Kind.INT ? Abi.FLOOR_MOD_INT : Abi.FLOOR_MOD);
      }
    }
  }

  private void widen(Code.Local local, Kind kind) {
    code.load(local);
    if (kind == Kind.LONG) {
      code.op(Opcodes.I2L);
    }
  }
}
