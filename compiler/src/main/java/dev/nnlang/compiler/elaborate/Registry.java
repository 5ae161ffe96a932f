package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the frames of one program leave behind beside equations. */
final class Registry {
  /** A param or state, in the body that declares it. */
  record Owner(Typed.Body body, Typed.Owned owned, String framePath, Optional<Span> site) {
    String path() {
      return Frame.join(framePath, owned.variable().name());
    }
  }

  private final StateUses states = new StateUses();
  private final Map<String, Owner> owners = new LinkedHashMap<>();
  private final List<Frame> activations = new ArrayList<>();

  StateUses states() {
    return states;
  }

  void add(Typed.Body body, String path, Optional<Span> site) {
    for (var owned : body.owned()) {
      var owner = new Owner(body, owned, path, site);
      owners.putIfAbsent(owner.path(), owner);
    }
  }

  /** The use of an activation: its frame, with the argument bound. */
  void add(Frame activation) {
    activations.add(activation);
  }

  /** Every use of an activation, in the order met. */
  List<Frame> activations() {
    return activations;
  }

  /** Every param and state that was met, by path, in the order met. */
  Map<String, Owner> owners() {
    return owners;
  }
}
