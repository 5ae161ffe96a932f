package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.syntax.Ast;
import java.util.HashMap;
import java.util.Map;

/**
 * The names of a body's anonymous instances: {@code Kind_k}, k from 1 per kind in source order; a
 * pipe stage pinned by {@code as} has its name (LR-54).
 */
public final class Paths {
  private final Typer typer;
  private final Frame frame;
  private final Map<String, Integer> counts = new HashMap<>();

  Paths(Typer typer, Frame frame) {
    this.typer = typer;
    this.frame = frame;
  }

  void name(Ast.Body body) {
    if (!frame.where().makesLayers()) {
      return;
    }
    switch (body) {
      case Ast.Block b -> block(b);
      case Ast.Single s -> expr(s.value());
    }
  }

  /** The same for an expression that stands in no body, such as a setting of a plan. */
  void name(Ast.Expr e) {
    expr(e);
  }

  private void block(Ast.Block block) {
    for (var s : block.statements()) {
      switch (s) {
        case Ast.Equation e -> equation(e);
        case Ast.Destructuring d -> expr(d.right());
        case Ast.If i -> {
          block(i.then());
          i.otherwise().ifPresent(this::block);
        }
        default -> {}
      }
    }
  }

  private void equation(Ast.Equation e) {
    boolean binds =
        e.left().items().isEmpty()
            && !e.left().primed()
            && (e.right() instanceof Ast.Ref
                || e.right() instanceof Ast.Call(Ast.Ref _, _, _)
                || e.right() instanceof Ast.Call(Ast.Member _, _, _));
    if (!binds || kind(e.right()) == null) {
      expr(e.right());
    }
  }

  private void expr(Ast.Expr e) {
    switch (e) {
      case Ast.Call call -> {
        // Dense(10)(x): the outer call applies what the inner one makes.
        if (call.callee() instanceof Ast.Call inner && kind(inner) != null) {
          anonymous(call, inner);
        } else {
          expr(call.callee());
          if (kind(call) != null && call.callee() instanceof Ast.Ref r && isChain(r)) {
            anonymous(call, r);
          }
        }
        call.arguments().forEach(a -> expr(a.value()));
      }
      case Ast.Pipe p -> {
        expr(p.input());
        for (var stage : p.stages()) {
          if (stage.alias().isPresent()) {
            frame.paths().put(stage.function(), stage.alias().get().text());
          } else if (kind(stage.function()) != null) {
            anonymous(stage.function(), stage.function());
          }
        }
      }
      case Ast.Reduction r -> {
        r.guard().ifPresent(this::expr);
        expr(r.body());
      }
      case Ast.Access a -> {
        expr(a.target());
        a.subscripts()
            .forEach(
                s -> {
                  if (s instanceof Ast.At at) {
                    expr(at.value());
                  }
                });
      }
      case Ast.Fallback f -> {
        expr(f.read());
        expr(f.outside());
      }
      case Ast.Unary u -> expr(u.operand());
      case Ast.Binary b -> {
        expr(b.left());
        expr(b.right());
      }
      case Ast.Conditional i -> {
        expr(i.condition());
        expr(i.then());
        expr(i.otherwise());
      }
      case Ast.Named n -> expr(n.value());
      case Ast.ListOf l -> l.items().forEach(this::expr);
      case Ast.Range _,
          Ast.Member _,
          Ast.Ref _,
          Ast.IntLiteral _,
          Ast.RealLiteral _,
          Ast.BoolLiteral _,
          Ast.Text _,
          Ast.Missing _ -> {}
    }
  }

  private void anonymous(Ast use, Ast.Expr maker) {
    var kind = kind(maker);
    frame.paths().put(use, kind + "_" + counts.merge(kind, 1, Integer::sum));
  }

  private boolean isChain(Ast.Ref r) {
    return frame.find(r.name().text()) instanceof Entity.Setting s
        && typer.statics().value(s, Context.of(frame)) instanceof Value.Chain;
  }

  /** The name of the layer that an expression makes an instance of; null where it makes none. */
  private String kind(Ast.Expr e) {
    var base = e;
    while (base instanceof Ast.Call call) {
      if (call.callee() instanceof Ast.Ref r
          && r.name().text().equals("repeat")
          && frame.find("repeat") == null
          && call.arguments().size() == 2) {
        return kind(call.arguments().get(1).value());
      }
      base = call.callee();
    }
    return switch (base) {
      case Ast.Ref _, Ast.Member _ -> {
        if (base instanceof Ast.Member m
            && !(m.object() instanceof Ast.Ref owner
                && frame.unit().aliases().containsKey(owner.name().text()))) {
          yield null;
        }
        yield switch (frame
            .engine()
            .quietly(() -> typer.calls().callee(this.base(e), Context.of(frame)))) {
          case Callee.Made(var maker) -> maker.symbol().isMaker() ? maker.symbol().name() : null;
          case Callee.Repeated(var chain) -> chain.maker().symbol().name();
          default -> null;
        };
      }
      default -> null;
    };
  }

  private Ast.Expr base(Ast.Expr e) {
    var base = e;
    while (base instanceof Ast.Call call) {
      base = call.callee();
    }
    return base;
  }
}
