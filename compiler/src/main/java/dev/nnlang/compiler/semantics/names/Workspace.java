package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.syntax.Ast;
import java.util.LinkedHashMap;
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
  public Unit main() {
    return main;
  }

  /** The user's files: the started one first. */
  public List<Unit> units() {
    return units;
  }

  /**
   * A declaration as names find it.
   *
   * @param file in which it stands
   * @param isLibrary whether that is a file of the standard library
   */
  public record Declared(
      Ast.File file, Ast.Name name, Ast.Declaration declaration, boolean isLibrary) {
    static Declared of(Symbol symbol) {
      var unit = symbol.unit();
      return new Declared(unit.file(), symbol.named(), symbol.declaration(), unit.isLibrary());
    }
  }

  /** The user's files: the started one first. */
  public List<Ast.File> files() {
    return units.stream().map(Unit::file).toList();
  }

  /** What a name at the top of one of the user's files means. */
  public Optional<Declared> find(Ast.File from, String name) {
    return unit(from).flatMap(u -> u.find(name)).map(Declared::of);
  }

  /** What {@code alias.name} means in one of the user's files. */
  public Optional<Declared> find(Ast.File from, String alias, String name) {
    return unit(from)
        .map(u -> u.aliases().get(alias))
        .map(u -> u.own().get(name))
        .map(Declared::of);
  }

  /** All names that can be seen in one of the user's files, and what they mean. */
  public Map<String, Declared> visible(Ast.File from) {
    var found = new LinkedHashMap<String, Declared>();
    unit(from)
        .ifPresent(
            u ->
                u.names()
                    .forEach(name -> u.find(name).ifPresent(s -> found.put(name, Declared.of(s)))));
    return found;
  }

  /** The names that a file brings in {@code as} another, with what can stand behind the dot. */
  public Map<String, List<Declared>> aliases(Ast.File from) {
    var found = new LinkedHashMap<String, List<Declared>>();
    unit(from)
        .ifPresent(
            u ->
                u.aliases()
                    .forEach(
                        (alias, used) ->
                            found.put(
                                alias, used.own().values().stream().map(Declared::of).toList())));
    return found;
  }

  /** The file that {@code use "path"} of a file means, if it could be opened. */
  public Optional<Ast.File> used(Ast.File from, Ast.Use use) {
    return unit(from).map(u -> u.used().get(use)).map(Unit::file);
  }

  private Optional<Unit> unit(Ast.File file) {
    return units.stream().filter(u -> u.file() == file).findFirst();
  }

  public Optional<Symbol> find(String name) {
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
    var names = new LinkedHashMap<String, String>();
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
