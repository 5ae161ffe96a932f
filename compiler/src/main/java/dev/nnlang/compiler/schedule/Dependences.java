package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Orders work: strongly connected components, what is read before who reads it (Tarjan, 1972). */
final class Dependences<T> {
  private final Function<T, Collection<T>> reads;
  private final Map<T, Integer> number = new HashMap<>();
  private final Map<T, Integer> low = new HashMap<>();
  private final ArrayDeque<T> open = new ArrayDeque<>();
  private final List<List<T>> components = new ArrayList<>();

  private Dependences(Function<T, Collection<T>> reads) {
    this.reads = reads;
  }

  /** The components of all that the roots need, each after those it depends on. */
  static <T> List<List<T>> order(Collection<T> roots, Function<T, Collection<T>> reads) {
    var search = new Dependences<>(reads);
    roots.forEach(search::visit);
    return search.components;
  }

  /** The components of the equations that define what the roots need. */
  static List<List<Equation>> equations(
      Collection<Tensor> roots, Map<Tensor, Equation> definitions) {
    return equations(roots, definitions, Walk::tensors);
  }

  /** The same where an equation needs what {@code reads} says. */
  static List<List<Equation>> equations(
      Collection<Tensor> roots,
      Map<Tensor, Equation> definitions,
      Function<Equation, Collection<Tensor>> reads) {
    var wanted =
        roots.stream().filter(definitions::containsKey).map(definitions::get).distinct().toList();
    return order(
        wanted,
        e -> {
          var read = new ArrayList<Equation>();
          for (var tensor : reads.apply(e)) {
            var definition = definitions.get(tensor);
            if (definition != null) {
              read.add(definition);
            }
          }
          return read;
        });
  }

  private record Visit<T>(T node, java.util.Iterator<T> rest) {}

  /** Depth first with a stack of its own: a deep network must not overflow Java's. */
  private void visit(T root) {
    if (number.containsKey(root)) {
      return;
    }
    var path = new ArrayDeque<Visit<T>>();
    path.push(enter(root));
    while (!path.isEmpty()) {
      var visit = path.peek();
      if (visit.rest.hasNext()) {
        var next = visit.rest.next();
        if (!number.containsKey(next)) {
          path.push(enter(next));
        } else if (low.containsKey(next)) {
          low.merge(visit.node, number.get(next), Math::min);
        }
        continue;
      }
      path.pop();
      int own = low.get(visit.node);
      if (own == number.get(visit.node)) {
        components.add(close(visit.node));
      }
      if (!path.isEmpty()) {
        low.merge(path.peek().node, own, Math::min);
      }
    }
  }

  private Visit<T> enter(T node) {
    number.put(node, number.size());
    low.put(node, number.get(node));
    open.push(node);
    return new Visit<>(node, List.copyOf(reads.apply(node)).iterator());
  }

  private List<T> close(T root) {
    var component = new ArrayList<T>();
    T node;
    do {
      node = open.pop();
      low.remove(node);
      component.add(node);
    } while (!node.equals(root));
    component.sort((a, b) -> Integer.compare(number.get(a), number.get(b)));
    return component;
  }
}
