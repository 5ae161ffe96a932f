package dev.nnlang.compiler.picture;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import java.util.List;
import java.util.stream.Collectors;

/** Types as people read them: names of dimensions where they have one, else their sizes. */
public final class Shapes {
  private Shapes() {}

  /** {@code [28, Digit]}; empty for a scalar. */
  public static String text(List<Dimension> shape) {
    return shape.isEmpty()
        ? ""
        : shape.stream().map(Shapes::text).collect(Collectors.joining(", ", "[", "]"));
  }

  public static String text(Dimension dimension) {
    return dimension.named().map(Typed.NamedDim::name).orElseGet(() -> dimension.size().toString());
  }

  /** The shape, and the elements' type where it is not real: {@code [T]: index Char}. */
  public static String text(Typed.Type type) {
    return text(type.shape()) + element(type.element());
  }

  private static String element(Element element) {
    return switch (element) {
      case Element.Real _ -> "";
      case Element.Int _ -> ": int";
      case Element.Bool _ -> ": bool";
      case Element.IndexOf(var dimension) -> ": index " + text(dimension);
    };
  }

  /** The sizes of dimensions that have names: {@code Digit = 10}; empty where there are none. */
  public static String sizes(List<Dimension> shape) {
    return shape.stream()
        .filter(d -> d.named().isPresent())
        .map(d -> text(d) + " = " + d.size())
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
