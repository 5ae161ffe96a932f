package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.bodies.Engine;
import dev.nnlang.compiler.semantics.bodies.Value;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.plans.DataBuilder;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What other declarations can see of one whose inside is the same for all of them: a dimension's
 * size, a constant's value, which tensors the examples of data are. While its face is the same,
 * what uses it need not be checked again, however it is written. Functions have none: a use looks
 * into the body.
 */
final class Face {
  private Face() {}

  static boolean isThere(Symbol symbol) {
    return switch (symbol.declaration()) {
      case Ast.DimDef _, Ast.EnumDim _, Ast.ConstDef _ -> true;
      case Ast.Data d -> DataBuilder.isPlain(d);
      case Ast.Function _, Ast.Train _, Ast.Use _, Ast.Missing _ -> false;
    };
  }

  /**
   * The face of a declaration that this engine has checked; equal to another where no use can tell
   * them apart.
   */
  static Object of(Symbol symbol, Engine engine) {
    return switch (symbol.declaration()) {
      case Ast.DimDef _ -> List.of("dim", value(symbol, engine));
      case Ast.EnumDim _ -> List.of("names", value(symbol, engine));
      case Ast.ConstDef _ -> List.of("const", value(symbol, engine));
      case Ast.Data _ ->
          List.of("data", DataBuilder.build(engine, symbol, Map.of()).map(Face::samples));
      case Ast.Function _, Ast.Train _, Ast.Use _, Ast.Missing _ -> new Object();
    };
  }

  private static Object value(Symbol symbol, Engine engine) {
    var value = engine.globals().constant(symbol, null);
    return switch (value) {
      // What a mistake leads to elsewhere may hang on its place.
      case null -> new Object();
      // A use looks into what is called.
      case Value.Maker _, Value.Chain _, Value.Formula _ -> new Object();
      default -> Said.form(value);
    };
  }

  /** A plan sees the names and types of the samples, and which parts there are. */
  private static Object samples(Typed.Data data) {
    return List.of(
        data.name(),
        data.samples().stream().map(v -> List.of(v.name(), v.role(), of(v.type()))).toList(),
        data.split().map(s -> s.parts().stream().map(Typed.Part::name).toList()));
  }

  private static Object of(Typed.Type type) {
    var element =
        type.element() instanceof Typed.Element.IndexOf(var dimension)
            ? List.of("index", of(dimension))
            : type.element();
    return List.of(element, type.shape().stream().map(Face::of).toList());
  }

  static Object of(Typed.Dimension dimension) {
    Optional<Object> named =
        dimension.named().map(n -> List.of(n.name(), n.size(), n.members(), n.words()));
    return List.of(dimension.size(), named);
  }
}
