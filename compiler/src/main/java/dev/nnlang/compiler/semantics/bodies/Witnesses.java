package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Axis;
import dev.nnlang.compiler.semantics.Typed.Reducer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code if any[i](G)} says of {@code mean[j | G]} (LR-35): a guard in one spelling, whatever
 * its indices are called.
 */
public final class Witnesses {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*|[0-9.]+|\\S");

  private Witnesses() {}

  /** The guards of which a condition that holds says that something satisfies them. */
  static Set<String> holding(Typed.Expr condition) {
    return switch (condition) {
      case Typed.And a -> both(holding(a.x()), holding(a.y()));
      case Typed.Not n -> failing(n.x());
      case Typed.Reduce r when r.reducer() == Reducer.ANY && r.guard().isEmpty() ->
          Set.of(spelling(r.axes(), r.body()));
      default -> Set.of();
    };
  }

  /** Those of which a condition that does not hold says it. */
  static Set<String> failing(Typed.Expr condition) {
    return switch (condition) {
      case Typed.Or o -> both(failing(o.x()), failing(o.y()));
      case Typed.Not n -> holding(n.x());
      default -> Set.of();
    };
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    var all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }

  /** A guard with its binders by number and their ranges, without blanks. */
  static String spelling(List<Axis> axes, Typed.Expr guard) {
    Map<String, String> numbers = new HashMap<>();
    var text = new StringBuilder();
    for (var axis : axes) {
      var name = axis.index().name().replaceFirst("#.*", "");
      numbers.put(name, "$" + numbers.size());
      text.append(axis.range().size()).append(';');
    }
    var words = WORD.matcher(guard.span().text());
    while (words.find()) {
      text.append(' ').append(numbers.getOrDefault(words.group(), words.group()));
    }
    return text.toString();
  }
}
