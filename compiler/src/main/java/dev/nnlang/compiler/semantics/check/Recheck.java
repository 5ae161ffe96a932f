package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.semantics.bodies.Engine;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.semantics.names.Unit;
import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.source.Span;
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
import java.util.stream.Stream;

/**
 * Which declarations an edit asks to be checked again, so that the problems are those of a check of
 * everything.
 *
 * <p>What is found in a declaration follows from two things. It <em>rests</em> on what is written:
 * on its own text, tree and words, and on those of all that it names, and so on; but of what has a
 * {@link Face} only on that. And it <em>hears</em> of its uses: the settings that they give,
 * whether there are any, whether some use needs a {@code ??} ({@link Said}). It was clean if
 * nothing was found in it. It is clean if it once was, resting on the same and hearing the same;
 * what was typed and taken back again is known from before.
 *
 * <p>All others are asked, with all their users where these decide what is found. What a check then
 * shows may be another face, or other things said, than was taken for granted: then those to whom
 * that matters are asked, too, until nothing is taken for granted any more.
 *
 * <p>Words are taken from the text, comments included: a word too many costs time, never an answer.
 */
public final class Recheck {
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** How often what was found asks for more before everything is asked. */
  private static final int MOST_ROUNDS = 5;

  /** How many versions of a declaration are known, and how they were clean. */
  private static final int MOST_VERSIONS = 4;

  /** For how many edits one is known that is not there, as while its name is typed. */
  private static final int LONGEST_ABSENCE = 16;

  /** The face of what nobody has looked at. */
  private static final Object UNSEEN = new Object();

  private final Known before;
  private final boolean isSound;
  private final Map<String, Symbol> symbols = new LinkedHashMap<>();
  private final Map<Symbol, Known.Writing> writings = new IdentityHashMap<>();
  private final Map<Symbol, Set<Symbol>> named = new IdentityHashMap<>();
  private final Map<Symbol, Set<Symbol>> naming = new IdentityHashMap<>();

  private final Set<Symbol> asked = identitySet();
  private final Map<Symbol, Object> faces = new IdentityHashMap<>();
  private final Map<Symbol, List<Said>> said = new IdentityHashMap<>();
  private final Map<Symbol, Map<String, Object>> rests = new IdentityHashMap<>();
  private final Map<Symbol, Known.Clean> clean = new IdentityHashMap<>();
  private Map<String, Said.Heard> heard = Map.of();
  private Set<String> broken = Set.of();
  private int rounds;

  private Recheck(Workspace workspace, Known before, boolean isSound) {
    this.before = before;
    this.isSound = isSound;
    for (var unit : workspace.units()) {
      for (var symbol : unit.own().values()) {
        symbols.put(key(symbol), symbol);
        naming.put(symbol, identitySet());
      }
    }
    symbols.values().forEach(this::read);
    settle();
  }

  /**
   * @param isSound whether the text has no errors
   */
  static Recheck of(Workspace workspace, Known before, boolean isSound) {
    return new Recheck(workspace, before, isSound);
  }

  private static Set<Symbol> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static String key(Symbol symbol) {
    return symbol.unit().path() + "#" + symbol.name();
  }

  private Known.Entry entry(Symbol symbol) {
    return before.entries().getOrDefault(key(symbol), Known.Entry.NONE);
  }

  // What stands there now.

  private void read(Symbol symbol) {
    var unit = symbol.unit();
    var text = symbol.declaration().span().text();
    var earlier = entry(symbol).writings();
    var words =
        earlier.stream()
            .filter(w -> w.text().equals(text))
            .findFirst()
            .<Collection<String>>map(w -> w.meanings().keySet())
            .orElseGet(() -> words(text));
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
    var reading = new Known.Reading(symbol.declaration());
    var now = new Known.Writing(text, reading, meanings, unit.lacking(), isSound, new Object());
    writings.put(
        symbol,
        earlier.stream()
            .filter(w -> isSame(w, now))
            .findFirst()
            .map(w -> again(w, now))
            .orElse(now));
  }

  private static boolean isSame(Known.Writing earlier, Known.Writing now) {
    return earlier.text().equals(now.text())
        && earlier.lacking().equals(now.lacking())
        && earlier.meanings().equals(now.meanings())
        // Where there are no errors, equal characters are read in one way.
        && (earlier.isSound() && now.isSound() || now.reading().isLike(earlier.reading()));
  }

  private static Known.Writing again(Known.Writing earlier, Known.Writing now) {
    return new Known.Writing(
        earlier.text(),
        now.reading(),
        earlier.meanings(),
        earlier.lacking(),
        // Read as it is where there are no errors.
        earlier.isSound() || now.isSound(),
        earlier.version());
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

  /** What is to be checked. */
  Set<Symbol> asked() {
    return asked;
  }

  /** Adds all of which nothing says that it is clean; whether there was any. */
  private boolean settle() {
    rests.clear();
    clean.clear();
    // First what has a face, since others rest on that.
    symbols.values().stream().filter(Face::isThere).forEach(this::look);
    symbols.values().stream().filter(s -> !Face.isThere(s)).forEach(this::look);
    var all = new ArrayList<Said>();
    symbols.values().forEach(s -> all.addAll(says(s)));
    heard = Said.heard(all);
    var dirty = identitySet();
    for (var symbol : symbols.values()) {
      var known = clean.get(symbol);
      if (known == null || !known.hears().equals(hears(symbol))) {
        clean.remove(symbol);
        dirty.add(symbol);
      }
    }
    if (++rounds > MOST_ROUNDS) {
      dirty.addAll(symbols.values());
    }
    var withUses = identitySet();
    withUses.addAll(dirty);
    withUses.removeIf(s -> !dependsOnUses(s));
    boolean isMore = asked.addAll(closure(withUses, naming));
    return asked.addAll(dirty) || isMore;
  }

  private void look(Symbol symbol) {
    var now = Face.isThere(symbol) ? restsOnAll(symbol) : rests(symbol);
    rests.put(symbol, now);
    entry(symbol).clean().stream()
        .filter(c -> c.rests().equals(now))
        .findFirst()
        .ifPresent(c -> clean.put(symbol, c));
  }

  /** What stands in the text of all that it names, directly or not, and in its own. */
  private Map<String, Object> restsOnAll(Symbol symbol) {
    var all = new HashMap<String, Object>();
    closure(Set.of(symbol), named).forEach(s -> all.put(key(s), writings.get(s).version()));
    return all;
  }

  /** The same, but of what has a face only that, and nothing behind it. */
  private Map<String, Object> rests(Symbol symbol) {
    var all = new HashMap<String, Object>();
    var work = new ArrayDeque<Symbol>();
    work.add(symbol);
    while (!work.isEmpty()) {
      var next = work.remove();
      boolean isNew =
          all.putIfAbsent(key(next), Face.isThere(next) ? face(next) : writings.get(next).version())
              == null;
      if (isNew && !Face.isThere(next)) {
        work.addAll(named.get(next));
      }
    }
    return all;
  }

  /** As it was found; or as it was, till it is found. */
  private Object face(Symbol symbol) {
    var found = faces.get(symbol);
    if (found != null) {
      return found;
    }
    var known = clean.get(symbol);
    var face = known != null ? known.face() : entry(symbol).face();
    return face != null ? face : UNSEEN;
  }

  private List<Said> says(Symbol symbol) {
    var found = said.get(symbol);
    if (found != null) {
      return found;
    }
    var known = clean.get(symbol);
    return known != null ? known.says() : entry(symbol).says();
  }

  private Said.Heard hears(Symbol symbol) {
    return heard.getOrDefault(key(symbol), Said.Heard.NOTHING);
  }

  /**
   * Takes in what a check of all that was asked has found.
   *
   * @return whether more is to be asked, and all checked once more
   */
  boolean asksMore(Engine engine, Generic.Outcome outcome) {
    for (var symbol : asked) {
      if (Face.isThere(symbol)) {
        faces.put(symbol, Face.of(symbol, engine));
      }
      said.put(symbol, Said.of(outcome, symbol, Recheck::key, this::owner));
    }
    broken = new HashSet<>();
    symbols.forEach(
        (key, symbol) -> {
          if (engine.isBroken(symbol)) {
            broken.add(key);
          }
        });
    return settle();
  }

  /** The declaration that holds a place. */
  private Symbol owner(Span at) {
    return symbols.values().stream().filter(s -> Symbol.holds(s, at)).findFirst().orElse(null);
  }

  /** What is to be checked for the findings of one declaration: its uses where they decide. */
  Set<Symbol> around(Symbol symbol) {
    return dependsOnUses(symbol) && hears(symbol).hasSettings()
        ? closure(Set.of(symbol), naming)
        : Set.of(symbol);
  }

  private static boolean dependsOnUses(Symbol symbol) {
    return switch (symbol.declaration()) {
      case Ast.Function _ -> true;
      case Ast.Data d -> !d.configs().isEmpty();
      case Ast.DimDef _, Ast.EnumDim _, Ast.ConstDef _, Ast.Train _, Ast.Use _, Ast.Missing _ ->
          false;
    };
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
   * @param found those of the asked in which nothing was found
   */
  Known known(Set<Symbol> found) {
    var all = new HashMap<String, Known.Entry>();
    var now = new IdentityHashMap<Ast.Declaration, Known.Clean>();
    symbols.forEach(
        (key, symbol) -> {
          var entry = entry(symbol);
          var state = clean.get(symbol);
          if (asked.contains(symbol)) {
            // Uses of what is broken are silent, which says nothing of them.
            boolean isClean =
                found.contains(symbol) && Collections.disjoint(broken, rests.get(symbol).keySet());
            state = isClean ? state(symbol) : null;
          }
          if (state != null) {
            now.put(symbol.declaration(), state);
          }
          var writing = writings.get(symbol);
          var others = entry.writings().stream().filter(w -> w.version() != writing.version());
          all.put(
              key,
              new Known.Entry(
                  newest(writing, others.peek(w -> w.reading().keepText())),
                  state == null ? entry.clean() : newest(state, unlike(state, entry.clean())),
                  says(symbol),
                  Face.isThere(symbol) ? face(symbol) : null,
                  0));
        });
    before
        .entries()
        .forEach(
            (key, entry) -> {
              if (!symbols.containsKey(key) && entry.absent() < LONGEST_ABSENCE) {
                all.put(key, entry.gone());
              }
            });
    return new Known(all, now);
  }

  private Known.Clean state(Symbol symbol) {
    var state =
        new Known.Clean(
            rests.get(symbol),
            hears(symbol),
            says(symbol),
            Face.isThere(symbol) ? face(symbol) : null);
    return entry(symbol).clean().stream().filter(state::equals).findFirst().orElse(state);
  }

  private static Stream<Known.Clean> unlike(Known.Clean state, List<Known.Clean> others) {
    return others.stream().filter(other -> !other.rests().equals(state.rests()));
  }

  private static <T> List<T> newest(T first, Stream<T> others) {
    return Stream.concat(Stream.of(first), others).limit(MOST_VERSIONS).toList();
  }
}
