package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.syntax.Ast;
import java.util.Optional;

/**
 * What a config or const may be.
 *
 * @param kind as written, or that of the default; absent for a number
 * @param length how many values it has, where it has several: {@code dim[2]}
 */
record Wanted(Optional<Ast.ConfigKind> kind, Optional<Integer> length) {
  static final Wanted ANY = new Wanted(Optional.empty(), Optional.empty());

  static Wanted of(Ast.ConfigType type) {
    return new Wanted(Optional.of(type.kind()), type.length());
  }

  static Wanted one(Optional<Ast.ConfigKind> kind) {
    return new Wanted(kind, Optional.empty());
  }
}
