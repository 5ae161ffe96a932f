package dev.nnlang.compiler.lsp;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names of one declaration; indices in front of them. */
record Scope(Map<String, Meaning> names, Map<String, Meaning> indices) {
  static final Scope EMPTY = new Scope(Map.of(), Map.of());

  static Scope fresh() {
    return new Scope(new LinkedHashMap<>(), Map.of());
  }

  Meaning find(String name) {
    var index = indices.get(name);
    return index != null ? index : names.get(name);
  }

  Scope with(Map<String, Meaning> more) {
    var all = new LinkedHashMap<>(indices);
    all.putAll(more);
    return new Scope(names, all);
  }

  Scope child() {
    return new Scope(new LinkedHashMap<>(names), indices);
  }
}
