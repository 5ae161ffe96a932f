package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.ScalarFunctions;
import dev.nnlang.compiler.syntax.Ast;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/**
 * What a local is that may read itself, before its right side has a type (LR-25): an int if all
 * else that it is computed from is int, a bool if it is made of bools, otherwise a real.
 */
public final class SelfReads {
  private final Frame frame;
  private final Set<Entity.Local> asked = Collections.newSetFromMap(new IdentityHashMap<>());

  private SelfReads(Frame frame) {
    this.frame = frame;
  }

  /** The element type to begin with; where nothing reads itself the right side's replaces it. */
  static Element element(Entity.Local local, Frame frame) {
    return new SelfReads(frame).local(local).orElse(Types.REAL);
  }

  /** Empty where it is only itself. */
  private Optional<Element> local(Entity.Local local) {
    if (local.variable != null) {
      return Optional.of(plain(local.variable.type().element()));
    }
    if (!(local.definition instanceof Ast.Equation e)) {
      return Optional.of(Types.REAL);
    }
    if (!asked.add(local)) {
      return Optional.empty();
    }
    if (e.type().isPresent()) {
      return Optional.of(
          e.type().get() instanceof Ast.ScalarType(var scalar, _)
              ? switch (scalar) {
                case INT -> Types.INT;
                case BOOL -> Types.BOOL;
                case REAL -> Types.REAL;
              }
              : Types.INT);
    }
    return e.relation() == Ast.Relation.DRAWN ? Optional.of(Types.REAL) : of(e.right());
  }

  private static Element plain(Element element) {
    return element instanceof Element.IndexOf ? Types.INT : element;
  }

  private Optional<Element> of(Ast.Expr e) {
    return switch (e) {
      case Ast.IntLiteral _ -> Optional.of(Types.INT);
      case Ast.BoolLiteral _ -> Optional.of(Types.BOOL);
      case Ast.Ref r -> name(r);
      case Ast.Access a -> of(a.target());
      case Ast.Fallback f -> join(of(f.read()), of(f.outside()));
      case Ast.Conditional i -> join(of(i.then()), of(i.otherwise()));
      case Ast.Unary u -> u.op() == Ast.UnaryOp.NOT ? Optional.of(Types.BOOL) : of(u.operand());
      case Ast.Binary b ->
          switch (b.op()) {
            case OR, AND, EQ, NE, LT, LE, GT, GE -> Optional.of(Types.BOOL);
            case ADD, SUB, MUL, MOD -> join(of(b.left()), of(b.right()));
            case DIV, POW -> Optional.of(Types.REAL);
          };
      case Ast.Reduction r ->
          r.function().text().equals("any") || r.function().text().equals("all")
              ? Optional.of(Types.BOOL)
              : Optional.of(Types.REAL);
      case Ast.RealLiteral _,
          Ast.Text _,
          Ast.Member _,
          Ast.Call _,
          Ast.Pipe _,
          Ast.Named _,
          Ast.ListOf _,
          Ast.Range _,
          Ast.Missing _ ->
          Optional.of(Types.REAL);
    };
  }

  private Optional<Element> name(Ast.Ref r) {
    return switch (frame.find(r.name().text())) {
      case Entity.Local l -> local(l);
      case Entity.Tensor t -> Optional.of(plain(t.variable().type().element()));
      case Entity.Size _ -> Optional.of(Types.INT);
      case Entity.Setting s -> Optional.of(s.value instanceof Value.Whole ? Types.INT : Types.REAL);
      // An index of the equation, or a dimension of the file.
      case null ->
          Optional.of(
              frame.unit().find(r.name().text()).filter(s -> !s.word().equals("dim")).isPresent()
                      || ScalarFunctions.isKnown(r.name().text())
                  ? Types.REAL
                  : Types.INT);
      case Entity.Run _, Entity.Bound _, Entity.Failed _ -> Optional.of(Types.REAL);
    };
  }

  private static Optional<Element> join(Optional<Element> a, Optional<Element> b) {
    return a.isEmpty() || a.equals(b) ? b : b.isEmpty() ? a : Optional.of(Types.REAL);
  }
}
