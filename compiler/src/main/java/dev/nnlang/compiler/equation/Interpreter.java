package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.recursion.DeepStack;
import dev.nnlang.compiler.size.Atom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The reference: runs a program literally, element by element, in double precision. It is the judge
 * of every backend, so it is written to be read rather than to be fast.
 *
 * <p>Every equation is an array of elements that are computed when first read and kept. Equations
 * are visited in the order of their reads, so that recursion goes deep only inside a recurrence;
 * there an element that needs itself is a bug of ours. One that runs backwards is computed from its
 * first element, hence on a deep stack.
 */
public final class Interpreter {
  private final Program program;
  private final Map<String, Long> dims;
  private final Map<Tensor, Values> values = new HashMap<>();
  private long ticks;

  private Interpreter(Program program, Map<String, Long> dims) {
    this.program = program;
    this.dims = dims;
  }

  /**
   * The value of every tensor.
   *
   * @param inputs by tensor name, row-major; see {@link Values}
   * @param dims the size of every open dimension
   */
  public static Map<Tensor, Values> run(
      Program program, Map<String, Values> inputs, Map<String, Long> dims) {
    if (!program.derivatives().isEmpty()) {
      throw new CompilerBug("derivatives are still open: " + program.derivatives());
    }
    return DeepStack.within(
        () -> {
          try {
            return new Interpreter(program, dims).run(inputs);
          } catch (StackOverflowError e) {
            throw new CompilerBug("a recurrence is too long for the interpreter", e);
          }
        });
  }

  private Map<Tensor, Values> run(Map<String, Values> inputs) {
    for (var input : program.inputs()) {
      var tensor = input.tensor();
      var given = inputs.get(tensor.name());
      if (given == null) {
        throw new CompilerBug("no value for the input " + tensor);
      }
      if (given.size() != sizeOf(tensor)) {
        throw new CompilerBug(
            "the input "
                + tensor
                + " has "
                + given.size()
                + " elements, expected "
                + sizeOf(tensor));
      }
      values.put(tensor, given);
    }
    var elements = new HashMap<Tensor, Elements>();
    for (var equation : program.equations()) {
      values.put(equation.tensor(), Values.of(equation.tensor().type(), sizeOf(equation.tensor())));
      elements.put(equation.tensor(), new Elements(equation, this));
    }
    elements.values().forEach(e -> e.compile(elements));
    var definitions = program.definitions();
    var visited = new HashSet<Tensor>();
    for (var equation : program.equations()) {
      visit(equation, definitions, elements, visited);
    }
    return values;
  }

  private void visit(
      Equation equation,
      Map<Tensor, Equation> definitions,
      Map<Tensor, Elements> elements,
      Set<Tensor> visited) {
    if (!visited.add(equation.tensor())) {
      return;
    }
    for (var read : reads(equation)) {
      var definition = definitions.get(read);
      if (definition != null) {
        visit(definition, definitions, elements, visited);
      }
    }
    elements.get(equation.tensor()).all();
  }

  /** The tensors that an equation reads, in no order. */
  static Set<Tensor> reads(Equation equation) {
    var found = new HashSet<Tensor>();
    var seen = new HashSet<Node>();
    collect(equation.body(), found, seen);
    equation.reduction().ifPresent(r -> collect(r.guard(), found, seen));
    return found;
  }

  private static void collect(Node node, Set<Tensor> found, Set<Node> seen) {
    if (!seen.add(node)) {
      return;
    }
    if (node.expr() instanceof Expr.Read(var tensor, _)) {
      found.add(tensor);
    }
    operands(node.expr()).forEach(n -> collect(n, found, seen));
  }

  private static List<Node> operands(Expr expr) {
    return switch (expr) {
      case Expr.Real _, Expr.Bool _, Expr.Index _ -> List.of();
      case Expr.Read(_, var subscripts) -> subscripts;
      case Expr.Unary(_, var x) -> List.of(x);
      case Expr.Binary(_, var x, var y) -> List.of(x, y);
      case Expr.Compare(_, var x, var y) -> List.of(x, y);
      case Expr.Not(var x) -> List.of(x);
      case Expr.And(var x, var y) -> List.of(x, y);
      case Expr.Or(var x, var y) -> List.of(x, y);
      case Expr.Select(var guard, var x, var y) -> List.of(guard, x, y);
      case Expr.Cast(_, var x) -> List.of(x);
      case Expr.StopGradient(var x) -> List.of(x);
      case Expr.Draw(_, _, var arguments, var key) -> {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of(key.seed(), key.step(), key.example(), key.element()));
        yield all;
      }
    };
  }

  /** A number that was not given out before. */
  long tick() {
    return ++ticks;
  }

  Values valuesOf(Tensor tensor) {
    var found = values.get(tensor);
    if (found == null) {
      throw new CompilerBug("nothing defines " + tensor);
    }
    return found;
  }

  /** The size of a dimension; an index has none here. */
  long dimension(Atom atom) {
    var size = atom instanceof Atom.Dim(var name) ? dims.get(name) : null;
    if (size == null) {
      throw new CompilerBug("no size for " + atom);
    }
    return size;
  }

  int[] shapeOf(Tensor tensor) {
    return tensor.shape().stream()
        .mapToInt(p -> Math.toIntExact(p.evaluate(this::dimension)))
        .toArray();
  }

  private int sizeOf(Tensor tensor) {
    int size = 1;
    for (int extent : shapeOf(tensor)) {
      size = Math.multiplyExact(size, extent);
    }
    return size;
  }
}
