package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Stage;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All of a kernel that its classes depend on, as a text in which tensors, indices, nodes and the
 * sites of draws are numbered in the order in which they are met. Kernels with the same text have
 * the same classes, which are therefore written once: of a layer that is repeated a hundred times,
 * and of the programs of one plan, which compute much that is the same.
 *
 * <p>Where something is written, the numbers of what it consists of follow; every component of
 * every record of the plan is either in here or has no influence on code.
 */
final class KernelShape {
  private final Slots slots;
  private final StringBuilder text = new StringBuilder(512);
  private final Map<Tensor, Integer> tensors = new LinkedHashMap<>();
  private final Map<Long, Integer> sites = new LinkedHashMap<>();
  private final Map<Object, Integer> homes = new HashMap<>();
  private final Map<Atom.Index, Integer> indices = new HashMap<>();
  private final Map<Node, Integer> nodes = new HashMap<>();
  private String whole;

  private KernelShape(Slots slots) {
    this.slots = slots;
  }

  /**
   * The shape of a kernel.
   *
   * @param times the indices of the loops around it
   */
  static KernelShape of(Kernel kernel, List<Atom.Index> times, Slots slots) {
    var shape = new KernelShape(slots);
    shape.text.append(times.contains(Kernel.RowBlocks.FIRST) ? "along a part " : "in ");
    times.forEach(shape::index);
    shape.kernel(kernel);
    shape.text.append("local ");
    // In the order of equations: a set has none.
    kernel.equations().stream()
        .map(Equation::tensor)
        .filter(kernel.local()::contains)
        .forEach(shape::tensor);
    shape.whole = shape.text.toString();
    return shape;
  }

  /** The same string each time: it knows its hash, and each class of a product asks for it. */
  String text() {
    return whole;
  }

  /** What the text calls a tensor that it mentions. */
  int number(Tensor tensor) {
    return tensors.get(tensor);
  }

  /** The tensors that the text mentions, by their numbers. */
  List<Tensor> tensors() {
    return List.copyOf(tensors.keySet());
  }

  /** The sites of the draws, in the order of their numbers in the text. */
  List<Long> sites() {
    return List.copyOf(sites.keySet());
  }

  // The records of a plan.

  private void kernel(Kernel kernel) {
    switch (kernel) {
      case Kernel.Nest(var parallel, var block, var stages, Set<Tensor> _, String _) -> {
        text.append("nest ").append(block);
        axes(parallel);
        stages.forEach(this::stage);
      }
      case Kernel.Contraction(
              var equation,
              var batch,
              var rows,
              var columns,
              var reduced,
              var left,
              var right,
              var epilogue,
              Set<Tensor> _) -> {
        text.append("product ");
        equation(equation);
        List.of(batch, rows, columns, reduced).forEach(this::axes);
        node(left);
        node(right);
        epilogue.forEach(this::equation);
      }
      case Kernel.Strip _ -> throw new CompilerBug("strips are for devices");
      case Kernel.RowBlocks blocks -> {
        text.append("blocks ");
        blocks.kernels().forEach(this::kernel);
      }
      case Kernel.Orthogonal(var equation) -> {
        text.append("orthogonal ");
        equation(equation);
      }
      case Kernel.Recurrence(var time, var direction, var kernels) -> {
        text.append("loop ").append(direction);
        axes(List.of(time));
        kernels.forEach(this::kernel);
      }
    }
  }

  private void stage(Stage stage) {
    switch (stage) {
      case Stage.Compute(var equation, var inner) -> {
        text.append("compute ");
        equation(equation);
        axes(inner);
      }
      case Stage.Sweep(
              var around,
              var run,
              var within,
              var equations,
              var tail,
              var abreast,
              var ahead) -> {
        text.append("sweep ").append(tail).append(abreast);
        List.of(around, run, within).forEach(this::axes);
        equations.forEach(this::equation);
        text.append("ahead ");
        ahead.forEach(this::node);
      }
      case Stage.Time(var index, var extents, var direction, var stages) -> {
        text.append("time ").append(direction);
        index(index);
        extents.forEach(this::poly);
        stages.forEach(this::stage);
      }
    }
    text.append("end ");
  }

  private void equation(Equation equation) {
    tensor(equation.tensor());
    axes(equation.axes());
    equation
        .reduction()
        .ifPresent(
            r -> {
              text.append(r.kind());
              axes(r.axes());
              node(r.guard());
            });
    node(equation.body());
    equation
        .origin()
        .span()
        .ifPresent(s -> text.append('@').append(s.line()).append(s.file().name()));
    text.append(";\n");
  }

  private void axes(List<Axis> axes) {
    text.append('[');
    for (var axis : axes) {
      index(axis.index());
      poly(axis.extent());
    }
    text.append(']');
  }

  // What is numbered.

  private void tensor(Tensor tensor) {
    var known = tensors.putIfAbsent(tensor, tensors.size());
    text.append('T').append(known == null ? tensors.size() - 1 : known);
    if (known != null) {
      return;
    }
    text.append(tensor.type()).append('(');
    tensor.shape().forEach(this::poly);
    text.append(')');
    if (slots.has(tensor)) {
      text.append(slots.inArena(tensor) ? 'a' : 'b')
          .append(homes.computeIfAbsent(slots.home(tensor), _ -> homes.size()));
    }
    text.append(' ');
  }

  private void index(Atom.Index index) {
    text.append('i').append(indices.computeIfAbsent(index, _ -> indices.size())).append(' ');
  }

  private void poly(Poly poly) {
    for (var term : poly.terms().entrySet()) {
      text.append(term.getValue());
      term.getKey().forEach(this::atom);
      text.append('+');
    }
    text.append(' ');
  }

  private void atom(Atom atom) {
    switch (atom) {
      case Atom.Dim(var name) -> text.append('d').append(slots.dim(name));
      case Atom.Index index -> index(index);
      case Atom.Quotient(var dividend, var divisor) -> {
        text.append('/');
        poly(dividend);
        poly(divisor);
      }
      case Atom.Remainder(var dividend, var divisor) -> {
        text.append('%');
        poly(dividend);
        poly(divisor);
      }
    }
  }

  /** Operands first, without recursion: expressions can be very deep. */
  private void node(Node root) {
    for (var node : Walk.nodes(List.of(root))) {
      if (nodes.putIfAbsent(node, nodes.size()) == null) {
        expression(node.expr());
      }
    }
    text.append('n').append(nodes.get(root)).append(' ');
  }

  private void expression(Expr expr) {
    switch (expr) {
      case Expr.Real(var value) -> text.append('r').append(Double.doubleToRawLongBits(value));
      case Expr.Bool(var value) -> text.append(value);
      case Expr.Index(var value) -> {
        text.append('p');
        poly(value);
      }
      case Expr.Read(var tensor, var subscripts) -> {
        tensor(tensor);
        for (var subscript : subscripts) {
          if (!(subscript.expr() instanceof Expr.Index)) {
            // The code says which tensor it is whose index is outside.
            text.append(tensor.name());
            break;
          }
        }
      }
      case Expr.Unary(var op, _) -> text.append(op);
      case Expr.Binary(var op, _, _) -> text.append(op);
      case Expr.Compare(var op, _, _) -> text.append(op);
      case Expr.Not _ -> text.append("not");
      case Expr.And _ -> text.append("and");
      case Expr.Or _ -> text.append("or");
      case Expr.Select _ -> text.append("select");
      case Expr.Cast(var to, _) -> text.append("to").append(to);
      case Expr.StopGradient _ -> text.append("stop");
      case Expr.Draw(var site, var distribution, _, _) -> {
        sites.putIfAbsent(site, sites.size());
        text.append("draw").append(sites.get(site)).append(distribution);
      }
    }
    text.append('(');
    Walk.operands(expr).forEach(o -> text.append(nodes.get(o)).append(' '));
    text.append(')');
  }
}
