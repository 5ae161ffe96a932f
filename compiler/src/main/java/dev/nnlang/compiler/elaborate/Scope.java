package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where an expression is read.
 *
 * @param axes the indices that its value may depend on: leads, left indices, binders
 * @param parts what a typed index is here: one index, or one for each lead where it ranges over the
 *     batch
 * @param data typed indices that are numbers from the data ({@code n})
 * @param conditions what holds where the expression is evaluated at all, outermost first
 * @param updated the state whose next value the expression is, if it is one
 */
record Scope(
    Frame frame,
    List<Axis> axes,
    Map<Atom.Index, List<Axis>> parts,
    Map<Atom.Index, Node> data,
    List<Node> conditions,
    Target target,
    Optional<Typed.Variable> updated) {

  /**
   * The left side that the expression stands at.
   *
   * @param name of the tensor, for those that are worked out on the way
   * @param left the left subscripts; those of {@code :} are still open
   */
  record Target(String name, List<Optional<Node>> left, List<Poly> shape, Order order, Span span) {}

  Scope {
    axes = List.copyOf(axes);
    conditions = List.copyOf(conditions);
  }

  Set<String> names() {
    return axes.stream().map(Axis::name).collect(Collectors.toCollection(HashSet::new));
  }

  Scope with(List<Axis> more) {
    var all = new ArrayList<>(axes);
    all.addAll(more);
    return new Scope(frame, all, parts, data, conditions, target, updated);
  }

  Scope when(Node condition) {
    if (condition.expr() instanceof Expr.Bool(var holds) && holds) {
      return this;
    }
    var all = new ArrayList<>(conditions);
    all.add(condition);
    return new Scope(frame, axes, parts, data, all, target, updated);
  }

  /** The scope of the right side of {@code state' = ...}. */
  Scope reading(Typed.Variable state) {
    return new Scope(frame, axes, parts, data, conditions, target, Optional.of(state));
  }

  Scope at(Target place) {
    return new Scope(frame, axes, parts, data, conditions, place, updated);
  }

  /** A scope in which the typed axis has indices of its own, and those indices. */
  Bound bind(Typed.Axis axis) {
    var assembly = frame.assembly();
    var avoided = names();
    var found = new ArrayList<Axis>();
    var values = frame.context().trainingValues();
    boolean counted = frame.context().counted().contains(axis.range().size());
    var extents =
        counted && values.isPresent() ? values.get().shape() : frame.extents(axis.range());
    for (var extent : extents) {
      var made = assembly.axis(axis.index().name(), extent, avoided);
      avoided.add(made.name());
      found.add(made);
    }
    var moreParts = new HashMap<>(parts);
    var moreData = new HashMap<>(data);
    if (counted && values.isPresent()) {
      moreData.put(axis.index(), assembly.read(values.get(), found));
    } else {
      moreParts.put(axis.index(), List.copyOf(found));
    }
    var all = new ArrayList<>(axes);
    all.addAll(found);
    return new Bound(
        new Scope(frame, all, moreParts, moreData, conditions, target, updated),
        List.copyOf(found));
  }

  record Bound(Scope scope, List<Axis> axes) {}

  /** The value of a typed position here. */
  Node position(Poly poly) {
    var values = new HashMap<Atom.Index, Node>(data);
    parts.forEach((index, axes) -> values.put(index, number(axes)));
    return Positions.of(frame.assembly().nodes, frame.size(poly), values);
  }

  private Node number(List<Axis> of) {
    var nodes = frame.assembly().nodes;
    return new RowMajor(frame.assembly())
        .number(of.stream().map(nodes::index).toList(), of.stream().map(Axis::extent).toList());
  }

  /** The axes among {@link #axes} that these indices name, in their order. */
  List<Axis> among(Set<Atom.Index> indices) {
    return axes.stream().filter(a -> indices.contains(a.index())).toList();
  }

  /**
   * Those conditions without which something of these indices must not be evaluated: a condition
   * that shares an index with it other than the example, or brings no index that it lacks.
   */
  List<Node> relevant(Set<Atom.Index> indices) {
    return conditions.stream().filter(c -> matters(c, indices)).toList();
  }

  private boolean matters(Node condition, Set<Atom.Index> indices) {
    var its = Rebuild.indices(condition);
    return indices.containsAll(its)
        || its.stream().anyMatch(i -> indices.contains(i) && !frame.isExample(i));
  }
}
