package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Unit;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which declarations an edit asks to be checked again, so that the problems are those of a check of
 * everything.
 *
 * <p>A declaration was clean if nothing was found in it. It still is if its text and tree are what
 * they were, its words mean at the top of the file what they meant, and this holds for all that it
 * names, and so on. The others are affected.
 *
 * <p>What is found in a declaration that maps tensors depends on its uses, too: on the settings
 * that they give, on whether there are any, on whether some use needs a {@code ??}. So what an
 * affected declaration uses, or has used, is checked again with all its users. The set is closed:
 * with a declaration it has all that use it, directly or not. Dimensions, constants and data
 * without config are the same for every use.
 *
 * <p>Words are taken from the text, comments included: a word too many costs time, never an answer.
 */
public final class Recheck {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Workspace workspace;
  private final Known before;
  private final boolean hasSyntaxProblems;
  private final Map<String, Symbol> symbols = new LinkedHashMap<>();
  private final Map<Symbol, Known.Entry> entries = new IdentityHashMap<>();
  private final Map<Symbol, Set<Symbol>> named = new IdentityHashMap<>();
  private final Map<Symbol, Set<Symbol>> naming = new IdentityHashMap<>();

  private Recheck(Workspace workspace, Known before, boolean hasSyntaxProblems) {
    this.workspace = workspace;
    this.before = before;
    this.hasSyntaxProblems = hasSyntaxProblems;
    for (var unit : workspace.units()) {
      for (var symbol : unit.own().values()) {
        symbols.put(key(symbol), symbol);
        naming.put(symbol, identitySet());
      }
    }
    symbols.values().forEach(this::read);
  }

  /**
   * @param hasSyntaxProblems whether the text has errors
   */
  static Recheck of(Workspace workspace, Known before, boolean hasSyntaxProblems) {
    return new Recheck(workspace, before, hasSyntaxProblems);
  }

  private static Set<Symbol> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static String key(Symbol symbol) {
    return symbol.unit().path() + "#" + symbol.name();
  }

  // What stands there now.

  private void read(Symbol symbol) {
    var unit = symbol.unit();
    var text = symbol.declaration().span().text();
    var earlier = before.entries().get(key(symbol));
    var words =
        earlier != null && earlier.text().equals(text) ? earlier.meanings().keySet() : words(text);
    var meanings = new HashMap<String, String>();
    var used = identitySet();
    for (var word : words) {
      var meant = meant(word, unit, words);
      meanings.put(word, meaning(word, unit, meant));
      used.addAll(meant);
    }
    used.remove(symbol);
    named.put(symbol, used);
    used.forEach(other -> naming.get(other).add(symbol));
    var keys = new HashSet<String>();
    used.forEach(other -> keys.add(key(other)));
    entries.put(
        symbol,
        new Known.Entry(
            text, new Known.Reading(symbol.declaration()), meanings, keys, unit.lacking(), false));
  }

  private static Set<String> words(String text) {
    var words = new LinkedHashSet<String>();
    var matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  /** What a word means at the top of a file, as far as it may differ from check to check. */
  private static String meaning(String word, Unit unit, List<Symbol> meant) {
    var text = new StringBuilder();
    var alias = unit.aliases().get(word);
    text.append(alias == null ? "" : alias.path()).append('|');
    text.append(unit.find(word).filter(s -> s.unit().isLibrary()).isPresent());
    meant.forEach(s -> text.append('|').append(key(s)));
    return text.toString();
  }

  /** The user's declarations that a word may stand for, by itself or behind an alias. */
  private static List<Symbol> meant(String word, Unit unit, Collection<String> words) {
    var found = new ArrayList<Symbol>();
    unit.find(word).filter(s -> !s.unit().isLibrary()).ifPresent(found::add);
    unit.aliases()
        .forEach(
            (alias, used) -> {
              var symbol = words.contains(alias) ? used.own().get(word) : null;
              if (symbol != null) {
                found.add(symbol);
              }
            });
    return found;
  }

  // What is to be done.

  /** What an edit asks for. */
  Set<Symbol> again() {
    var changed = identitySet();
    var uses = identitySet();
    for (var symbol : symbols.values()) {
      var earlier = before.entries().get(key(symbol));
      if (earlier == null || !isSame(earlier, entries.get(symbol))) {
        changed.add(symbol);
      }
    }
    // What was used and is not any more.
    before
        .entries()
        .forEach(
            (key, entry) -> {
              var symbol = symbols.get(key);
              if (symbol == null || changed.contains(symbol)) {
                entry.used().stream().map(symbols::get).filter(s -> s != null).forEach(uses::add);
              }
            });
    var affected = closure(changed, naming);
    return withUsers(affected, uses);
  }

  /** What is to be checked for the findings of one declaration. */
  Set<Symbol> around(Symbol symbol) {
    var one = identitySet();
    one.add(symbol);
    return withUsers(one, Set.of());
  }

  /** With what they use, or have used, where that depends on its uses, and with all its users. */
  private Set<Symbol> withUsers(Set<Symbol> affected, Set<Symbol> before) {
    var from = identitySet();
    from.addAll(affected);
    from.addAll(before);
    var used = closure(from, named);
    used.removeIf(s -> !dependsOnUses(s));
    var all = closure(used, naming);
    all.addAll(affected);
    return all;
  }

  private static boolean dependsOnUses(Symbol symbol) {
    return switch (symbol.declaration()) {
      case Ast.Function _ -> true;
      case Ast.Data d -> !d.configs().isEmpty();
      case Ast.DimDef _, Ast.EnumDim _, Ast.ConstDef _, Ast.Train _, Ast.Use _, Ast.Missing _ ->
          false;
    };
  }

  private boolean isSame(Known.Entry earlier, Known.Entry now) {
    boolean isSame =
        earlier.isClean()
            && earlier.text().equals(now.text())
            && earlier.lacking().equals(now.lacking())
            && earlier.meanings().equals(now.meanings());
    // Where there are no errors, equal characters are read in one way.
    boolean isReadAlike = !hasSyntaxProblems && !before.hasSyntaxProblems();
    return isSame && (isReadAlike || now.reading().isLike(earlier.reading()));
  }

  private static Set<Symbol> closure(Set<Symbol> from, Map<Symbol, Set<Symbol>> edges) {
    var all = identitySet();
    all.addAll(from);
    var work = new ArrayDeque<>(from);
    while (!work.isEmpty()) {
      for (var next : edges.get(work.remove())) {
        if (all.add(next)) {
          work.add(next);
        }
      }
    }
    return all;
  }

  // What is known then.

  /**
   * @param asked what was checked
   * @param clean those in which nothing was found; what was not checked is as it was
   */
  Known known(Set<Symbol> asked, Set<Symbol> clean) {
    var all = new HashMap<String, Known.Entry>();
    entries.forEach(
        (symbol, e) ->
            all.put(
                key(symbol),
                new Known.Entry(
                    e.text(),
                    e.reading(),
                    e.meanings(),
                    e.used(),
                    e.lacking(),
                    !asked.contains(symbol) || clean.contains(symbol))));
    return new Known(all, hasSyntaxProblems);
  }
}
