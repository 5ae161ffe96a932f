package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The same work with copies where those make what reads them fast: borders of zeros for products
 * ({@link Padding}), neighbours last for recurrences in a nest ({@link Turned}).
 *
 * @param groups recurrences, and single equations, each after what it reads
 * @param copies tensors that are there only to lie in memory as they do
 * @param borders those of them that are tensors with a border, by the tensors
 */
record Copies(
    List<List<Equation>> groups, Set<Tensor> copies, Map<Tensor, Padding.Border> borders) {

  static Copies of(List<List<Equation>> groups, Strips strips, Products products, Nodes nodes) {
    var padding = new Padding(products.outer(), nodes);
    var choices = products.choices();
    var all = new ArrayList<List<Equation>>();
    var copies = new HashSet<Tensor>();
    for (var group : groups) {
      var made = new ArrayList<Equation>();
      List<Equation> changed;
      if (strips.of(group.getFirst()).isPresent()) {
        changed = group;
      } else if (isRecurrence(group) && TimeLoop.takes(group, choices, nodes)) {
        changed = group;
      } else if (isRecurrence(group) && choices.has(Choices.Part.COPIES)) {
        var turned = new Turned(nodes);
        changed = turned.group(group);
        made.addAll(turned.copies());
      } else if (isRecurrence(group)) {
        changed = group;
      } else {
        changed = List.of(padded(group.getFirst(), padding, products, nodes));
        made.addAll(padding.copies());
      }
      for (var copy : made) {
        copies.add(copy.tensor());
        all.add(List.of(copy));
      }
      all.add(changed);
    }
    return new Copies(all, copies, padding.borders());
  }

  /** Whether equations need each other, or one itself. */
  static boolean isRecurrence(List<Equation> group) {
    var first = group.getFirst();
    return group.size() > 1 || Walk.tensors(first).contains(first.tensor());
  }

  /** The equation as it reads copies that {@code padding} makes, if it is a product. */
  static Equation padded(Equation equation, Padding padding, Products products, Nodes nodes) {
    if (equation.reduced().isEmpty()) {
      return equation;
    }
    // Names of its own: it will stand in one loop nest with others.
    var renamed = Rename.equation(equation, products.outer().names(), nodes);
    var product = products.of(renamed);
    if (product.isEmpty()) {
      return equation;
    }
    if (!products.choices().has(Choices.Part.COPIES)) {
      return renamed;
    }
    return padding
        .padded(product.get())
        .filter(padded -> products.of(padded).isPresent())
        .orElse(renamed);
  }
}
