package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.syntax.Ast;
import java.util.Optional;

/** {@code search(...)} stands for its middle, and says so: {@code nn tune} is what explores it. */
final class Searches {
  private final Frame frame;
  private final Typer typer;

  Searches(Frame frame, Typer typer) {
    this.frame = frame;
    this.typer = typer;
  }

  Ast.Setting settled(Ast.Setting setting) {
    return new Ast.Setting(setting.doc(), setting.name(), settled(setting.value()), setting.span());
  }

  /** The same expression with a number for every search in it. */
  Ast.Expr settled(Ast.Expr e) {
    return switch (e) {
      case Ast.Call call when isSearch(call) -> middle(call);
      case Ast.Call call ->
          new Ast.Call(
              settled(call.callee()),
              call.arguments().stream()
                  .map(a -> new Ast.Argument(a.name(), settled(a.value()), a.span()))
                  .toList(),
              call.span());
      case Ast.Binary b -> new Ast.Binary(b.op(), settled(b.left()), settled(b.right()), b.span());
      case Ast.Unary u -> new Ast.Unary(u.op(), settled(u.operand()), u.span());
      default -> e;
    };
  }

  private static boolean isSearch(Ast.Call call) {
    return call.callee() instanceof Ast.Ref r && r.name().text().equals("search");
  }

  private Ast.Expr middle(Ast.Call call) {
    var found = value(call);
    if (found.isEmpty()) {
      frame.report(new PlanProblem.BadSearch(call.span()));
      return new Ast.Missing(call.span());
    }
    frame.report(new PlanProblem.SearchMiddle(call.span(), text(found.get())));
    return found.get();
  }

  private static String text(Ast.Expr e) {
    return switch (e) {
      case Ast.RealLiteral r -> r.spelling();
      case Ast.IntLiteral i -> i.spelling();
      default -> e.span().text();
    };
  }

  private Optional<Ast.Expr> value(Ast.Call call) {
    if (call.arguments().isEmpty()) {
      return Optional.empty();
    }
    return switch (call.arguments().getFirst().value()) {
      case Ast.ListOf list when !list.items().isEmpty() ->
          Optional.of(list.items().get((list.items().size() - 1) / 2));
      case Ast.Range range -> {
        var from = number(range.from());
        var to = number(range.to());
        if (from.isEmpty() || to.isEmpty()) {
          yield Optional.empty();
        }
        boolean log =
            call.arguments().size() == 2
                && call.arguments().get(1).value() instanceof Ast.Ref r
                && r.name().text().equals("log");
        if (log && (from.get() <= 0 || to.get() <= 0)) {
          yield Optional.empty();
        }
        double middle = log ? Math.sqrt(from.get() * to.get()) : (from.get() + to.get()) / 2;
        boolean whole =
            range.from() instanceof Ast.IntLiteral && range.to() instanceof Ast.IntLiteral;
        yield Optional.of(
            whole
                ? new Ast.IntLiteral((long) middle, Long.toString((long) middle), call.span())
                : new Ast.RealLiteral(middle, Double.toString(middle), call.span()));
      }
      default -> Optional.empty();
    };
  }

  private Optional<Double> number(Ast.Expr e) {
    var value =
        frame
            .engine()
            .quietly(() -> typer.statics().evaluate(e, Optional.empty(), Context.of(frame)));
    return value == null ? Optional.empty() : value.number();
  }
}
