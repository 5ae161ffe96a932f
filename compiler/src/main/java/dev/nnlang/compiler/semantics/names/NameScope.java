package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.source.Span;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of a declaration, or of one branch of a static if in it, while names are checked
 * (LR-34, LR-43).
 */
public final class NameScope {
  /** What a name is; the words are those of messages. */
  enum Kind {
    CONFIG("a config"),
    DIM("a dimension"),
    RUN("a run of dimensions"),
    INPUT("an input"),
    OUTPUT("an output"),
    LOCAL("a local"),
    PARAM("a param"),
    STATE("a state"),
    SOURCE("a source"),
    FIT("a tensor of `fit`"),
    SAMPLE("a tensor of the sample"),
    INDEX("the sample index");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  record Entry(Kind kind, Span span) {}

  private final Optional<NameScope> parent;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Span> branchOnly = new LinkedHashMap<>();
  private final Set<String> read;

  private NameScope(Optional<NameScope> parent, Set<String> read) {
    this.parent = parent;
    this.read = read;
  }

  static NameScope root() {
    return new NameScope(Optional.empty(), new LinkedHashSet<>());
  }

  NameScope child() {
    return new NameScope(Optional.of(this), read);
  }

  /** Declares a name; the entry that was there already, if one was. */
  Optional<Entry> declare(String name, Kind kind, Span span) {
    return Optional.ofNullable(entries.putIfAbsent(name, new Entry(kind, span)));
  }

  Map<String, Entry> entries() {
    return entries;
  }

  Optional<Entry> find(String name) {
    var mine = entries.get(name);
    if (mine != null) {
      return Optional.of(mine);
    }
    return parent.flatMap(p -> p.find(name));
  }

  /** Names that only one branch of an if in this scope defines, with that branch. */
  Map<String, Span> branchOnly() {
    return branchOnly;
  }

  Optional<Span> inOneBranch(String name) {
    var mine = branchOnly.get(name);
    return mine != null ? Optional.of(mine) : parent.flatMap(p -> p.inOneBranch(name));
  }

  void markRead(String name) {
    read.add(name);
  }

  boolean isRead(String name) {
    return read.contains(name);
  }

  Set<String> names() {
    var names = new LinkedHashSet<String>();
    parent.ifPresent(p -> names.addAll(p.names()));
    names.addAll(entries.keySet());
    return names;
  }
}
