package dev.nnlang.compiler.elaborate;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Origin;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.size.Prover;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One program while it is being put together. */
final class Assembly {
  final String name;
  final Nodes nodes = new Nodes();
  private final Set<String> names = new HashSet<>();
  private final Map<Atom.Index, Poly> extents = new HashMap<>();
  private final Map<String, Program.Input> inputs = new LinkedHashMap<>();
  private final List<Placed> equations = new ArrayList<>();
  private final List<Program.Derivative> derivatives = new ArrayList<>();
  private final Map<String, Tensor> outputs = new LinkedHashMap<>();
  private final Map<Tensor, Tensor> updates = new LinkedHashMap<>();

  /** An equation and where in the source it comes (see {@link Order}). */
  record Placed(Equation equation, Order order) {}

  Assembly(String name) {
    this.name = name;
  }

  // Names and indices.

  /** Keeps names for the border, so that no local takes them. */
  void reserve(String... border) {
    names.addAll(List.of(border));
  }

  private String unique(String wanted) {
    var candidate = wanted;
    for (int k = 2; !names.add(candidate); k++) {
      candidate = wanted + "_" + k;
    }
    return candidate;
  }

  /**
   * An index of this name and extent. One name has one extent in the whole program, so that ranges
   * need no context; where the name is taken by another extent, or must be avoided, it gets a
   * number.
   */
  Axis axis(String wanted, Poly extent, Set<String> avoided) {
    for (int k = 1; ; k++) {
      var index = new Atom.Index(k == 1 ? wanted : wanted + "_" + k);
      if (!avoided.contains(index.name())
          && extent.equals(extents.computeIfAbsent(index, _ -> extent))) {
        return new Axis(index, extent);
      }
    }
  }

  /** One index for each dimension of a shape: {@code i, j, k, ...}. */
  List<Axis> axes(List<Poly> shape, Set<String> avoided) {
    var taken = new HashSet<>(avoided);
    var found = new ArrayList<Axis>();
    for (int d = 0; d < shape.size(); d++) {
      var axis = axis(String.valueOf((char) ('i' + d % 8)), shape.get(d), taken);
      taken.add(axis.name());
      found.add(axis);
    }
    return List.copyOf(found);
  }

  Poly extent(Atom.Index index) {
    var extent = extents.get(index);
    if (extent == null) {
      throw new CompilerBug("an index without a range: " + index);
    }
    return extent;
  }

  /** A prover that knows the range of every index in these polynomials. */
  Prover prover(Poly... about) {
    var facts = Facts.NONE;
    for (var poly : about) {
      for (var variable : poly.variables()) {
        if (variable instanceof Atom.Index index) {
          facts = facts.index(index, extent(index));
        }
      }
    }
    return new Prover(facts);
  }

  // The border.

  /** The input of this name: the same one, however often it is asked for. */
  Tensor input(String inputName, Type type, List<Poly> shape, Program.Role role) {
    var known = inputs.get(inputName);
    if (known == null) {
      names.add(inputName);
      known = new Program.Input(new Tensor(inputName, type, shape), role);
      inputs.put(inputName, known);
    } else if (!known.tensor().shape().equals(shape) || known.tensor().type() != type) {
      throw new CompilerBug(
          "input " + inputName + " of shape " + known.tensor().shape() + " and of " + shape);
    }
    return known.tensor();
  }

  Node scalar(String inputName) {
    return nodes.read(input(inputName, Type.INT, List.of(), Program.Role.SCALAR), List.of());
  }

  List<Program.Input> inputs() {
    return List.copyOf(inputs.values());
  }

  /** The input of this name, if there is one in this role. */
  Optional<Tensor> input(String inputName, Program.Role role) {
    return Optional.ofNullable(inputs.get(inputName))
        .filter(i -> i.role() == role)
        .map(Program.Input::tensor);
  }

  List<Tensor> inputs(Program.Role role) {
    return inputs.values().stream()
        .filter(i -> i.role() == role)
        .map(Program.Input::tensor)
        .toList();
  }

  void output(String outputName, Tensor tensor) {
    if (outputs.put(outputName, tensor) != null) {
      throw new CompilerBug("two outputs " + outputName);
    }
  }

  void update(Tensor state, Tensor next) {
    if (!state.shape().equals(next.shape())) {
      throw new CompilerBug("state " + state + " has the shape of one example in " + next.shape());
    }
    updates.put(state, next);
  }

  // Tensors and equations.

  /** A tensor whose equation follows. */
  Tensor tensor(String wanted, Type type, List<Axis> axes) {
    return new Tensor(unique(wanted), type, axes.stream().map(Axis::extent).toList());
  }

  /** {@code wanted[axes] = body}. */
  Tensor define(String wanted, List<Axis> axes, Node body, Order order, Origin origin) {
    var tensor = tensor(wanted, body.type(), axes);
    add(new Equation(tensor, axes, body, origin), order);
    return tensor;
  }

  /** {@link #define}, unless the body is the whole of a tensor already: then that tensor. */
  Tensor whole(String wanted, List<Axis> axes, Node body, Order order, Origin origin) {
    boolean isWhole =
        body.expr() instanceof Expr.Read(var tensor, var subscripts)
            && subscripts.equals(axes.stream().map(nodes::index).toList())
            && tensor.shape().equals(axes.stream().map(Axis::extent).toList())
            && !inputs.containsKey(tensor.name());
    return isWhole ? ((Expr.Read) body.expr()).tensor() : define(wanted, axes, body, order, origin);
  }

  /** {@code wanted[axes] = reduction(body)}. */
  Tensor define(
      String wanted, List<Axis> axes, Reduction reduction, Node body, Order order, Origin origin) {
    var type =
        switch (reduction.kind()) {
          case ARGMAX, ARGMIN -> Type.INT;
          case SUM, PROD, MAX, MIN, ANY, ALL, LOGSUMEXP -> body.type();
        };
    var tensor = tensor(wanted, type, axes);
    add(new Equation(tensor, axes, Optional.of(reduction), body, origin), order);
    return tensor;
  }

  void add(Equation equation, Order order) {
    var bound = new HashSet<Atom.Index>();
    equation.axes().forEach(a -> bound.add(a.index()));
    equation.reduced().forEach(a -> bound.add(a.index()));
    var loose = new HashSet<>(Rebuild.indices(equation.body()));
    equation.reduction().ifPresent(r -> loose.addAll(Rebuild.indices(r.guard())));
    loose.removeAll(bound);
    if (!loose.isEmpty()) {
      throw new CompilerBug(loose + " are loose in the equation of " + equation.tensor());
    }
    equations.add(new Placed(equation, order));
  }

  List<Placed> placed() {
    return List.copyOf(equations);
  }

  /** {@code d of / d by}; the result has the shape given. */
  Tensor derivative(String wanted, List<Poly> shape, Tensor of, Tensor by, Origin origin) {
    var result = new Tensor(unique(wanted), Type.REAL, shape);
    derivatives.add(new Program.Derivative(result, of, by, origin));
    return result;
  }

  /** The element of {@code tensor} at its own axes, in the order of the axes. */
  Node read(Tensor tensor, List<Axis> axes) {
    return nodes.readAt(tensor, axes);
  }

  /** What was put together, without what no output and no update needs. */
  Program finish() {
    return Pruning.of(
        new Program(
            name,
            nodes,
            List.of(),
            inputs(),
            equations.stream().map(Placed::equation).toList(),
            derivatives,
            outputs.entrySet().stream()
                .map(e -> new Program.Output(e.getKey(), e.getValue()))
                .toList(),
            updates.entrySet().stream()
                .map(e -> new Program.Update(e.getKey(), e.getValue()))
                .toList()));
  }
}
