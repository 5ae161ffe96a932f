package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.syntax.Ast;
import java.util.Optional;

/** How {@code use} finds files: the compiler itself reads none. */
public interface Sources {
  /**
   * The file at a path, parsed.
   *
   * @param path relative to the folder of the started file, {@code /} between folders, without
   *     {@code .} and {@code ..}
   * @return empty where there is no such file
   */
  Optional<Checked<Ast.File>> open(String path);

  /** No file uses another. */
  static Sources none() {
    return path -> Optional.empty();
  }
}
