package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a config or a {@code const} may be: fixed when compiling. */
public sealed interface Value {
  /** An integer or a size; symbolic where a declaration is checked generically. */
  record Whole(Dimension dimension) implements Value {
    public static Whole of(Poly poly) {
      return new Whole(Dimension.of(poly));
    }

    public Poly poly() {
      return dimension.size();
    }
  }

  /** A real number. */
  record Number(double value) implements Value {}

  record Truth(boolean value) implements Value {}

  record Words(String value) implements Value {}

  /** The values of a config that has several: {@code dim[2]}. */
  record Several(List<Value> items) implements Value {
    public Several {
      items = List.copyOf(items);
    }
  }

  /** A number that depends on the step (a schedule) or on sizes: a scalar expression. */
  record Formula(Typed.Expr expr) implements Value {}

  /**
   * A declaration and what it has been given: {@code snake(a = 2)}, {@code LSTM}, {@code
   * Dense(10)}.
   *
   * @param settings config given so far, by name
   */
  record Maker(Symbol symbol, Map<String, Value> settings, Span span) implements Value {
    public Maker {
      settings = Map.copyOf(settings);
    }

    public Ast.Function function() {
      return (Ast.Function) symbol.declaration();
    }
  }

  /** {@code repeat(n, C)}: a chain of n independent copies. */
  record Chain(int copies, Maker maker, Span span) implements Value {}

  /** A scalar function of the language as a value of type {@code fn} (LR-93). */
  record BuiltIn(String name) implements Value {}

  /** What it is, for messages. */
  default String describe() {
    return switch (this) {
      case Whole w ->
          w.dimension()
              .named()
              .map(n -> "the dimension " + n.name())
              .orElse("the number " + w.poly());
      case Number n -> "the number " + n.value();
      case Truth t -> String.valueOf(t.value());
      case Words w -> "the string \"" + w.value() + "\"";
      case Several s -> "a list of " + s.items().size();
      case Formula _ -> "a number that changes with the step";
      case Maker m -> "the " + m.symbol().word() + " " + m.symbol().name();
      case Chain c -> "repeat of " + c.maker().symbol().name();
      case BuiltIn b -> "the function " + b.name();
    };
  }

  /** As a number, where it is one that is known. */
  default Optional<Double> number() {
    return switch (this) {
      case Whole w when w.poly().isConstant() -> Optional.of((double) w.poly().constantTerm());
      case Number n -> Optional.of(n.value());
      default -> Optional.empty();
    };
  }
}
