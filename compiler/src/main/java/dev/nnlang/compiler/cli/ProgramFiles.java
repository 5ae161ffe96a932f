package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.compiler.syntax.SourceText;
import dev.nnlang.runtime.model.ModelInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A program's files on disk: the one that was started, and those that it uses, found in and below
 * its folder. The compiler itself reads none.
 */
final class ProgramFiles implements Sources {
  private final Path folder;
  private final Map<String, SourceFile> opened = new LinkedHashMap<>();

  ProgramFiles(Path started) {
    var parent = started.toAbsolutePath().normalize().getParent();
    this.folder = parent == null ? Path.of("").toAbsolutePath() : parent;
  }

  /** The text of one file; ends the command where there is none, or where it is no text. */
  static SourceFile read(Path file) {
    var decoded = SourceText.decode(file.toString(), TextFiles.read(file));
    if (decoded.hasErrors()) {
      throw new Reported(decoded.problems());
    }
    return decoded.value();
  }

  @Override
  public Optional<Checked<Ast.File>> open(String path) {
    return read(path).map(decoded -> decoded.then(Parser::parse));
  }

  private Optional<Checked<SourceFile>> read(String path) {
    var file = folder.resolve(path).normalize();
    if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    var decoded = SourceText.decode(path, TextFiles.read(file));
    opened.put(path, decoded.value());
    return Optional.of(decoded);
  }

  /** A hash of the text of every file that was opened, by its path. */
  Map<String, String> hashes() {
    var hashes = new LinkedHashMap<String, String>();
    opened.forEach((path, used) -> hashes.put(path, ModelInfo.hash(used.text())));
    return hashes;
  }

  /** Opens the files of these paths as if they were used; whether their texts have these hashes. */
  boolean areStill(Map<String, String> hashes) {
    return hashes.keySet().stream().allMatch(path -> read(path).isPresent())
        && hashes().equals(hashes);
  }

  /** Every file that {@code use} has opened so far, by its path from the started file's folder. */
  Map<String, SourceFile> opened() {
    return opened;
  }
}
