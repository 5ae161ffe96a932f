package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.semantics.Typed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which variables of a body are defined by each other: the strongly connected components of its
 * reads (Tarjan 1972), those of one variable that does not read itself left out.
 */
final class Rings {
  private final Map<Typed.Variable, Typed.Statement> statements;
  private final Map<Typed.Variable, Integer> found = new IdentityHashMap<>();
  private final Map<Typed.Variable, Integer> low = new IdentityHashMap<>();
  private final Deque<Typed.Variable> stack = new ArrayDeque<>();
  private final Map<Typed.Variable, Set<Typed.Variable>> rings = new IdentityHashMap<>();

  private Rings(Map<Typed.Variable, Typed.Statement> statements) {
    this.statements = statements;
  }

  /** The ring of each variable that is in one, its members in a fixed order. */
  static Map<Typed.Variable, Set<Typed.Variable>> of(
      Map<Typed.Variable, Typed.Statement> statements) {
    var search = new Rings(statements);
    statements.keySet().stream()
        .sorted(Comparator.comparingInt(v -> v.span().start()))
        .filter(v -> !search.found.containsKey(v))
        .forEach(search::visit);
    return search.rings;
  }

  private void visit(Typed.Variable variable) {
    int number = found.size();
    found.put(variable, number);
    low.put(variable, number);
    stack.push(variable);
    boolean readsItself = false;
    for (var read : reads(statements.get(variable))) {
      readsItself |= read == variable;
      if (!found.containsKey(read)) {
        visit(read);
        low.merge(variable, low.get(read), Math::min);
      } else if (stack.contains(read)) {
        low.merge(variable, found.get(read), Math::min);
      }
    }
    if (low.get(variable) == number) {
      var members = Collections.<Typed.Variable>newSetFromMap(new IdentityHashMap<>());
      Typed.Variable member;
      do {
        member = stack.pop();
        members.add(member);
      } while (member != variable);
      if (members.size() > 1 || readsItself) {
        var ordered = new LinkedHashSet<Typed.Variable>();
        members.stream()
            .sorted(Comparator.comparingInt(v -> v.span().start()))
            .forEach(ordered::add);
        ordered.forEach(v -> rings.put(v, ordered));
      }
    }
  }

  private List<Typed.Variable> reads(Typed.Statement statement) {
    var reads = new ArrayList<Typed.Variable>();
    Parts.each(
        statement,
        e -> {
          if (e instanceof Typed.Whole(var variable, var primed, _, _)
              && !primed
              && statements.containsKey(variable)) {
            reads.add(variable);
          }
        });
    return reads;
  }
}
