package dev.nnlang.compiler.semantics.check;

import dev.nnlang.compiler.semantics.bodies.Told;
import dev.nnlang.compiler.semantics.bodies.Value;
import dev.nnlang.compiler.semantics.names.Symbol;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What one declaration tells another ({@link Told}), without trees and places, so that it can be
 * compared with what another version of the program says.
 *
 * @param to by file and name
 */
record Said(String to, What what) {
  sealed interface What {}

  /**
   * It is used with these settings: those with which it is checked again.
   *
   * @param isLate whether the user was checked with settings itself, after all others
   */
  record Used(Object settings, boolean isLate) implements What {}

  /** A {@code ??} so many characters behind its beginning is needed, or is not. */
  record Outside(int offset, boolean isNeeded) implements What {}

  /** Something is left to its uses. */
  record Open() implements What {}

  /**
   * What a check has heard a declaration say, in order.
   *
   * @param owner the user's declaration around a place; null where there is none
   */
  static List<Said> of(
      Generic.Outcome outcome,
      Symbol symbol,
      Function<Symbol, String> key,
      Function<Span, Symbol> owner) {
    var said = new LinkedHashSet<Said>();
    add(outcome.told().get(symbol), false, key, owner, said);
    add(outcome.toldWithSettings().get(symbol), true, key, owner, said);
    return List.copyOf(said);
  }

  private static void add(
      Set<Told> told,
      boolean isLate,
      Function<Symbol, String> key,
      Function<Span, Symbol> owner,
      Set<Said> said) {
    for (var one : told) {
      switch (one) {
        case Told.Used(var symbol, var settings) -> {
          if (!symbol.unit().isLibrary() && symbol.declaration() instanceof Ast.Function f) {
            var used = new Used(form(Generic.fixed(f, settings)), isLate);
            said.add(new Said(key.apply(symbol), used));
          }
        }
        case Told.Open(var symbol) -> said.add(new Said(key.apply(symbol), new Open()));
        case Told.Outside(var read, var isNeeded) -> {
          var symbol = owner.apply(read);
          if (symbol != null) {
            int offset = read.start() - symbol.declaration().span().start();
            said.add(new Said(key.apply(symbol), new Outside(offset, isNeeded)));
          }
        }
      }
    }
  }

  private static Map<String, Object> form(Map<String, Value> settings) {
    var all = new HashMap<String, Object>();
    settings.forEach((name, value) -> all.put(name, form(value)));
    return all;
  }

  /** Equal where two values are the same wherever they are written. */
  static Object form(Value value) {
    return switch (value) {
      case Value.Whole w -> Face.of(w.dimension());
      case Value.Number _, Value.Truth _, Value.Words _, Value.BuiltIn _ -> value;
      case Value.Several(var items) -> items.stream().map(Said::form).toList();
      case Value.Maker m ->
          List.of(m.symbol().unit().path(), m.symbol().name(), form(m.settings()));
      case Value.Chain c -> List.of(c.copies(), form(c.maker()));
      // An expression with places: like no other.
      case Value.Formula _ -> new Object();
    };
  }

  /**
   * All that one declaration hears.
   *
   * @param settings with which it is to be checked again, in order
   * @param isLeftAlone whether something is left to its uses, and there are none
   * @param outsides which {@code ??} some body needs
   */
  record Heard(List<Used> settings, boolean isLeftAlone, Map<Integer, Boolean> outsides) {
    static final Heard NOTHING = new Heard(List.of(), false, Map.of());

    boolean hasSettings() {
      return !settings.isEmpty();
    }
  }

  /** What each declaration hears when all has been said. */
  static Map<String, Heard> heard(Iterable<Said> all) {
    var used = new HashMap<String, Set<Used>>();
    var outsides = new HashMap<String, Map<Integer, Boolean>>();
    var open = new HashSet<String>();
    for (var said : all) {
      switch (said.what) {
        case Used u -> used.computeIfAbsent(said.to, _ -> new LinkedHashSet<>()).add(u);
        case Outside(var offset, var isNeeded) ->
            outsides
                .computeIfAbsent(said.to, _ -> new HashMap<>())
                .merge(offset, isNeeded, Boolean::logicalOr);
        case Open() -> open.add(said.to);
      }
    }
    var heard = new HashMap<String, Heard>();
    var names = new HashSet<>(used.keySet());
    names.addAll(outsides.keySet());
    names.addAll(open);
    for (var name : names) {
      var given = new ArrayList<>(used.getOrDefault(name, Set.of()));
      given.removeIf(u -> u.settings.equals(Map.of()));
      heard.put(
          name,
          new Heard(
              given,
              open.contains(name) && !used.containsKey(name),
              outsides.getOrDefault(name, Map.of())));
    }
    return heard;
  }
}
