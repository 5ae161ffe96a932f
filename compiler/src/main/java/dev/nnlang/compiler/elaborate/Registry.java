package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.semantics.Typed;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the frames of one program leave behind beside equations. */
final class Registry {
  /** A param or state, in the body that declares it. */
  record Owner(Typed.Body body, Typed.Owned owned, String framePath) {
    String path() {
      return Frame.join(framePath, owned.variable().name());
    }
  }

  private final StateUses states = new StateUses();
  private final Map<String, Owner> owners = new LinkedHashMap<>();

  StateUses states() {
    return states;
  }

  void add(Typed.Body body, String path) {
    for (var owned : body.owned()) {
      var owner = new Owner(body, owned, path);
      owners.putIfAbsent(owner.path(), owner);
    }
  }

  /** Every param and state that was met, by path, in the order met. */
  Map<String, Owner> owners() {
    return owners;
  }
}
