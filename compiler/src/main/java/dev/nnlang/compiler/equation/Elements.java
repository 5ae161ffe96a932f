package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Evaluation.Env;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The elements of one equation, each computed when it is first asked for. */
final class Elements {
  private static final byte WORKING = 1;
  private static final byte DONE = 2;

  private final Equation equation;
  private final Interpreter interpreter;
  private final int[] shape;
  private final byte[] state;
  private final Values values;
  private final int[] reduced;
  private Evaluation body;
  private Evaluation guard;

  Elements(Equation equation, Interpreter interpreter) {
    this.equation = equation;
    this.interpreter = interpreter;
    this.shape = interpreter.shapeOf(equation.tensor());
    this.values = interpreter.valuesOf(equation.tensor());
    this.state = new byte[values.size()];
    this.reduced =
        equation.reduced().stream()
            .mapToInt(a -> Math.toIntExact(a.extent().evaluate(interpreter::dimension)))
            .toArray();
  }

  /** Makes functions of the nodes; {@code elements} are those of the whole program. */
  void compile(Map<Tensor, Elements> elements) {
    var slots = new HashMap<String, Integer>();
    equation.axes().forEach(a -> slots.put(a.name(), slots.size()));
    equation.reduced().forEach(a -> slots.put(a.name(), slots.size()));
    var compiler = new Evaluation.Compiler(interpreter, elements, slots, equation);
    body = compiler.of(equation.body());
    guard = equation.reduction().map(r -> compiler.of(r.guard())).orElse(null);
  }

  void all() {
    for (int i = 0; i < state.length; i++) {
      ensure(i);
    }
  }

  /** Computes the element at a row-major position, unless that has been done. */
  void ensure(int position) {
    if (state[position] == DONE) {
      return;
    }
    if (state[position] == WORKING) {
      throw new CompilerBug("element " + position + " needs itself: " + equation);
    }
    if (isOrthogonal()) {
      orthogonal();
      return;
    }
    state[position] = WORKING;
    var env = new Env(shape.length + reduced.length, interpreter);
    int rest = position;
    for (int i = shape.length - 1; i >= 0; i--) {
      env.indices[i] = rest % shape[i];
      rest /= shape[i];
    }
    if (equation.reduction().isEmpty()) {
      store(position, env);
    } else {
      reduce(equation.reduction().get().kind(), position, env);
    }
    state[position] = DONE;
  }

  private void store(int position, Env env) {
    switch (values) {
      case Values.Reals(var reals) -> reals[position] = body.real(env);
      case Values.Wholes(var wholes) -> wholes[position] = body.whole(env);
    }
  }

  private void reduce(Reduction.Kind kind, int position, Env env) {
    var total = Total.of(kind, equation.body().type());
    int points = 1;
    for (int extent : reduced) {
      points = Math.multiplyExact(points, Math.max(extent, 0));
    }
    for (int point = 0; point < points; point++) {
      int rest = point;
      for (int i = reduced.length - 1; i >= 0; i--) {
        env.indices[shape.length + i] = rest % reduced[i];
        rest /= reduced[i];
      }
      env.next();
      if (guard.whole(env) == 0) {
        continue;
      }
      switch (equation.body().type()) {
        case REAL -> total.add(body.real(env), point);
        case INT, BOOL -> total.add(body.whole(env), point);
      }
    }
    switch (values) {
      case Values.Reals(var reals) -> reals[position] = total.real();
      case Values.Wholes(var wholes) -> wholes[position] = total.whole();
    }
  }

  private boolean isOrthogonal() {
    return equation.body().expr() instanceof Expr.Draw(_, var distribution, _, _)
        && distribution == Expr.Distribution.ORTHOGONAL;
  }

  /** The one draw whose elements depend on each other. */
  private void orthogonal() {
    var draw = (Expr.Draw) equation.body().expr();
    var compiler = new Evaluation.Compiler(interpreter, Map.of(), new HashMap<>(), equation);
    var env = new Env(0, interpreter);
    var key = List.of(draw.key().seed(), draw.key().step(), draw.key().example());
    var words = key.stream().mapToLong(n -> compiler.readingInputs(n).whole(env)).toArray();
    int rows = shape.length == 0 ? 1 : shape[0];
    var matrix =
        dev.nnlang.runtime.random.Orthogonal.matrix(
            draw.site(), words[0], words[1], words[2], rows, values.size() / rows);
    System.arraycopy(matrix, 0, values.reals(), 0, matrix.length);
    java.util.Arrays.fill(state, DONE);
  }
}
