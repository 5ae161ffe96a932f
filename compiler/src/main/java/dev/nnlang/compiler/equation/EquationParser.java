package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what {@link EquationText} prints. Origins come back without their place in the source;
 * everything else is as it was, so that printing again gives the same text.
 *
 * <p>The text is ours, not a user's: a mistake in it is an {@link IllegalArgumentException} that
 * names the line.
 */
public final class EquationParser {
  private static final String WHY = "   -- ";

  private final Nodes nodes;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final List<Atom.Dim> open = new ArrayList<>();
  private final List<Program.Input> inputs = new ArrayList<>();
  private final List<Equation> equations = new ArrayList<>();
  private final List<Program.Derivative> derivatives = new ArrayList<>();
  private final List<Program.Output> outputs = new ArrayList<>();
  private final List<Program.Update> updates = new ArrayList<>();

  private EquationParser(Nodes nodes) {
    this.nodes = nodes;
  }

  /** The program of this text, its nodes made by {@code nodes}. */
  public static Program parse(String text, Nodes nodes) {
    return new EquationParser(nodes).program(text.lines().filter(l -> !l.isBlank()).toList());
  }

  private Program program(List<String> lines) {
    var head = new EquationTokens(lines.getFirst());
    head.expect("program");
    var name = head.next();
    head.expect("(");
    while (!head.take(")")) {
      open.add(new Atom.Dim(head.next()));
      head.take(",");
    }
    // Equations stand in any order: every name must be known before the first body is read.
    var rest = lines.subList(1, lines.size());
    rest.forEach(line -> at(line, this::declare));
    rest.forEach(line -> at(line, this::define));
    return new Program(name, nodes, open, inputs, equations, derivatives, outputs, updates);
  }

  private interface Reading {
    void read(String line);
  }

  private static void at(String line, Reading reading) {
    try {
      reading.read(line);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(line.strip() + ": " + e.getMessage(), e);
    }
  }

  private void declare(String line) {
    var tokens = new EquationTokens(line);
    switch (tokens.keyword()) {
      case "output", "update" -> {}
      case "input" -> {
        tokens.next();
        var tensor = declaration(tokens);
        inputs.add(
            new Program.Input(
                tensor, Program.Role.valueOf(tokens.next().toUpperCase(Locale.ROOT))));
      }
      case "derivative" -> {
        tokens.next();
        declaration(tokens);
      }
      default -> {
        var name = tokens.next();
        var axes = axes(tokens);
        var shape = axes.stream().map(Axis::extent).toList();
        tensors.put(name, new Tensor(name, type(tokens), shape));
      }
    }
  }

  /** {@code x: real[batch, 64]}. */
  private Tensor declaration(EquationTokens tokens) {
    var name = tokens.next();
    var type = type(tokens);
    var shape = new ArrayList<Poly>();
    tokens.expect("[");
    while (!tokens.take("]")) {
      shape.add(extent(tokens));
      tokens.take(",");
    }
    var tensor = new Tensor(name, type, shape);
    tensors.put(name, tensor);
    return tensor;
  }

  private static Type type(EquationTokens tokens) {
    return tokens.take(":") ? Type.valueOf(tokens.next().toUpperCase(Locale.ROOT)) : Type.REAL;
  }

  /** {@code [i: N, j: 2*N]}, or nothing. */
  private List<Axis> axes(EquationTokens tokens) {
    var axes = new ArrayList<Axis>();
    if (tokens.take("[")) {
      while (!tokens.take("]")) {
        axes.add(axis(tokens));
        tokens.take(",");
      }
    }
    return axes;
  }

  private Axis axis(EquationTokens tokens) {
    var index = tokens.next();
    tokens.expect(":");
    return Axis.of(index, extent(tokens));
  }

  private Poly extent(EquationTokens tokens) {
    return ((Expr.Index) expressions(tokens, List.of()).expression().expr()).value();
  }

  private ExpressionParser expressions(EquationTokens tokens, List<Axis> scope) {
    return new ExpressionParser(nodes, tokens, tensors, open, scope);
  }

  private void define(String line) {
    int why = line.indexOf(WHY);
    var tokens = new EquationTokens(why < 0 ? line : line.substring(0, why));
    switch (tokens.keyword()) {
      case "input" -> {
        return;
      }
      case "output" -> {
        tokens.next();
        var name = tokens.next();
        tokens.expect("=");
        outputs.add(new Program.Output(name, tensor(tokens)));
      }
      case "update" -> {
        tokens.next();
        var state = tensor(tokens);
        tokens.expect("<-");
        updates.add(new Program.Update(state, tensor(tokens)));
      }
      case "derivative" -> {
        tokens.next();
        var result = declaration(tokens);
        tokens.expect("=");
        tokens.expect("d");
        var of = tensor(tokens);
        tokens.expect("/");
        tokens.expect("d");
        var origin = Origin.synthetic("d " + of + " / d " + tokens.peek());
        derivatives.add(new Program.Derivative(result, of, tensor(tokens), origin));
      }
      default -> equation(tokens, why < 0 ? "" : line.substring(why + WHY.length()));
    }
    tokens.end();
  }

  private Tensor tensor(EquationTokens tokens) {
    var name = tokens.next();
    var tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return tensor;
  }

  private void equation(EquationTokens tokens, String why) {
    var tensor = tensor(tokens);
    var axes = axes(tokens);
    type(tokens);
    tokens.expect("=");
    var origin = Origin.synthetic(why);
    var kind = tokens.reduction();
    if (kind.isEmpty()) {
      equations.add(new Equation(tensor, axes, expressions(tokens, axes).expression(), origin));
      return;
    }
    tokens.next();
    tokens.expect("[");
    var over = new ArrayList<Axis>();
    do {
      over.add(axis(tokens));
    } while (tokens.take(","));
    var scope = new ArrayList<>(axes);
    scope.addAll(over);
    var inside = expressions(tokens, scope);
    var guard = tokens.take("|") ? inside.expression() : nodes.bool(true);
    tokens.expect("]");
    tokens.expect("(");
    var body = inside.expression();
    tokens.expect(")");
    var reduction = Optional.of(new Reduction(kind.get(), over, guard));
    equations.add(new Equation(tensor, axes, reduction, body, origin));
  }
}
