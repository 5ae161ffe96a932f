package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.differentiate.Differentiate;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.semantics.check.Semantics;
import java.util.List;

/**
 * What only a use shows: that the value in a {@code grad} of the program's text does not depend on
 * what it is differentiated by (LR-6, LR-94).
 */
final class Independence {
  private Independence() {}

  static List<Problem> problems(Program program) {
    // Derivatives that no line of source asked for may well be 0: of a parameter that is not used.
    var written =
        program.derivatives().stream()
            .filter(d -> d.origin().span().isPresent())
            .filter(d -> d.result().name().startsWith("d_"))
            .toList();
    return Differentiate.independent(program, written).stream()
        .map(
            d ->
                Semantics.independent(
                    d.origin().span().orElseThrow(), d.of().name(), d.by().name()))
        .toList();
  }
}
