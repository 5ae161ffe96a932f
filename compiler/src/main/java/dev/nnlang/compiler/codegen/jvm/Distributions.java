package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr.Distribution;
import dev.nnlang.runtime.random.Draws;

/** Which method of the runtime draws from a distribution. */
final class Distributions {
  private Distributions() {}

  static Abi.Target of(Distribution distribution) {
    return switch (distribution) {
      case UNIFORM -> two("uniform");
      case NORMAL -> two("normal");
      case TRUNCATED_NORMAL -> two("truncatedNormal");
      case BERNOULLI -> one("bernoulli");
      case ORTHOGONAL -> throw new CompilerBug("an orthogonal draw inside an expression");
    };
  }

  private static Abi.Target one(String name) {
    return Abi.method(
        Draws.class,
        name,
        long.class,
        long.class,
        long.class,
        long.class,
        long.class,
        double.class);
  }

  private static Abi.Target two(String name) {
    return Abi.method(
        Draws.class,
        name,
        long.class,
        long.class,
        long.class,
        long.class,
        long.class,
        double.class,
        double.class);
  }
}
