package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.semantics.Typed;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The names and ordinals of a body's calls, draws and statements. They depend on names and on the
 * order in the source alone, so that a comment more or less changes no random number (LR-29).
 */
final class Places {
  private final Map<Typed.Call, String> labels = new IdentityHashMap<>();
  private final Map<Typed.Draw, String> draws = new IdentityHashMap<>();
  private final Map<Object, Integer> ordinals = new IdentityHashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private int next;

  static Places of(Typed.Body body) {
    var places = new Places();
    for (var owned : body.owned()) {
      places.visit(owned.initial(), owned.variable().name());
      places.ordinals.put(owned, places.next++);
    }
    for (var statement : body.statements()) {
      switch (statement) {
        case Typed.Define d -> places.visit(d.value(), d.target().name() + (d.primed() ? "'" : ""));
        case Typed.DefineAll d -> places.visit(d.call(), "");
      }
      places.ordinals.put(statement, places.next++);
    }
    return places;
  }

  private void visit(Typed.Expr expr, String target) {
    if (expr instanceof Typed.Result(var call, _, _, _)) {
      visit(call, target);
      return;
    }
    Parts.of(expr).forEach(part -> visit(part, target));
    if (expr instanceof Typed.Draw draw) {
      draws.putIfAbsent(draw, target + "/" + counts.merge("draw " + target, 1, Integer::sum));
    }
  }

  private void visit(Typed.Call call, String target) {
    if (labels.containsKey(call)) {
      return;
    }
    call.arguments().forEach(part -> visit(part, target));
    var name = call.instance().body().name();
    labels.put(call, name + "_" + counts.merge("call " + name, 1, Integer::sum));
    ordinals.put(call, next++);
  }

  /** What a call without a path of its own is called: {@code softmax_1}. */
  String label(Typed.Call call) {
    return known(labels.get(call), call);
  }

  String place(Typed.Draw draw) {
    return known(draws.get(draw), draw);
  }

  int ordinal(Typed part) {
    return known(ordinals.get(part), part);
  }

  private static <T> T known(T found, Typed part) {
    if (found == null) {
      throw new CompilerBug("not a part of this body: " + part);
    }
    return found;
  }
}
