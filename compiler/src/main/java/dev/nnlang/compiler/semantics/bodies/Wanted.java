package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.syntax.Ast;
import java.util.Optional;

/**
 * What a config or const may be.
 *
 * @param kind as written, or that of the default; absent for a number
 * @param howMany values it has: one, {@code dim[2]}, {@code real[]}
 */
public record Wanted(Optional<Ast.ConfigKind> kind, Ast.HowMany howMany) {
  static final Wanted ANY = one(Optional.empty());

  static Wanted of(Ast.ConfigType type) {
    return new Wanted(Optional.of(type.kind()), type.howMany());
  }

  static Wanted one(Optional<Ast.ConfigKind> kind) {
    return new Wanted(kind, new Ast.HowMany.One());
  }
}
