package dev.nnlang.compiler.semantics;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file with all that it uses and the standard library: the names of everything that can be
 * checked, run or trained.
 */
public final class Workspace {
  private final Unit main;
  private final List<Unit> units;

  Workspace(Unit main, List<Unit> units) {
    this.main = main;
    this.units = List.copyOf(units);
  }

  /**
   * The workspace of a file.
   *
   * @param library the files of the standard library
   * @param sources how files that it uses are found
   */
  public static Checked<Workspace> of(Ast.File main, List<Ast.File> library, Sources sources) {
    return new Loader(library, sources).load(main);
  }

  /** The name of the started file, for messages. */
  public String name() {
    return main.file().span().file().name();
  }

  /** The file that was started. */
  Unit main() {
    return main;
  }

  /** The user's files: the started one first. */
  List<Unit> units() {
    return units;
  }

  Optional<Symbol> find(String name) {
    int dot = name.indexOf('.');
    if (dot > 0) {
      var alias = main.aliases().get(name.substring(0, dot));
      return alias == null
          ? Optional.empty()
          : Optional.ofNullable(alias.own().get(name.substring(dot + 1)));
    }
    return main.find(name);
  }

  /** What a name declares: its kind's word ({@code layer}, {@code train}), if there is one. */
  public Optional<String> kindOf(String name) {
    return find(name).map(Symbol::word);
  }

  /** The names that the started file declares itself, with their kinds' words, in order. */
  public Map<String, String> declarations() {
    var names = new java.util.LinkedHashMap<String, String>();
    main.own().forEach((name, symbol) -> names.put(name, symbol.word()));
    return names;
  }

  /** All names that can be seen from the started file. */
  public List<String> names() {
    return List.copyOf(main.names());
  }

  /** The declaration of a name, as it was written. */
  public Optional<Ast.Declaration> declaration(String name) {
    return find(name).map(Symbol::declaration);
  }
}
