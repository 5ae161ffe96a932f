package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file's names: its own first, then those it uses, then the standard library's (LR-48). A file of
 * the standard library sees the whole library.
 */
public final class Unit {
  /** Who wrote it: messages about the library's insides are shown at the user's call. */
  enum Origin {
    USER,
    LIBRARY
  }

  /** A name brought in by {@code use}. */
  record Import(Symbol symbol, Span at) {}

  private final String path;
  private final Ast.File file;
  private final Origin origin;
  private final Map<String, Symbol> library;
  private final Map<String, Symbol> own = new LinkedHashMap<>();
  private final Map<String, Import> imported = new LinkedHashMap<>();
  private final Map<String, Unit> aliases = new LinkedHashMap<>();
  private final Set<String> lacking = new LinkedHashSet<>();
  private boolean lacksAny;
  private final Map<Ast.Use, Unit> used = new LinkedHashMap<>();

  Unit(String path, Ast.File file, Origin origin, Map<String, Symbol> library) {
    this.path = path;
    this.file = file;
    this.origin = origin;
    this.library = library;
  }

  /** Relative to the folder of the started file. */
  public String path() {
    return path;
  }

  public Ast.File file() {
    return file;
  }

  public boolean isLibrary() {
    return origin == Origin.LIBRARY;
  }

  public Map<String, Symbol> own() {
    return own;
  }

  Map<String, Import> imported() {
    return imported;
  }

  /** Files brought in {@code as} a name. */
  public Map<String, Unit> aliases() {
    return aliases;
  }

  /** A `use` that failed: names that it would have brought in are not unknown. */
  void lacks(Ast.Use use) {
    if (use.alias().isPresent()) {
      lacking.add(use.alias().get().text());
    } else if (use.names().isPresent()) {
      use.names().get().forEach(name -> lacking.add(name.text()));
    } else {
      lacksAny = true;
    }
  }

  /** A name that a used file does not declare, which has been said. */
  void lacks(String name) {
    lacking.add(name);
  }

  /** Whether a name may be one that a failed {@code use} would have brought in. */
  public boolean mayLack(String name) {
    return lacksAny || lacking.contains(name);
  }

  /** All that a failed {@code use} might have brought in, as one text. */
  public String lacking() {
    return lacksAny + " " + lacking;
  }

  /** The files behind the {@code use} lines of this one. */
  Map<Ast.Use, Unit> used() {
    return used;
  }

  /** The declaration that a name means at file level. */
  public Optional<Symbol> find(String name) {
    var mine = own.get(name);
    if (mine != null) {
      return Optional.of(mine);
    }
    var used = imported.get(name);
    return Optional.ofNullable(used != null ? used.symbol() : library.get(name));
  }

  /** {@link #find} without the standard library: what a signature's dimension may mean (LR-22). */
  public Optional<Symbol> findNear(String name) {
    return find(name).filter(s -> isLibrary() ? s.unit() == this : !s.unit().isLibrary());
  }

  /** All names that are visible, for suggestions. */
  public Collection<String> names() {
    Set<String> names = new LinkedHashSet<>(own.keySet());
    names.addAll(imported.keySet());
    names.addAll(aliases.keySet());
    names.addAll(library.keySet());
    return names;
  }
}
