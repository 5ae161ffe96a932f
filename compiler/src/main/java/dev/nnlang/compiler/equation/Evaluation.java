package dev.nnlang.compiler.equation;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Expr.BinaryOp;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.math.ErrorFunction;
import dev.nnlang.runtime.random.Draws;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node as a function of the indices' values: {@code real} for reals, {@code whole} for ints and
 * (as 0 or 1) bools. The other of the two is a bug to call.
 */
interface Evaluation {
  default double real(Env env) {
    throw new CompilerBug("not a real");
  }

  default long whole(Env env) {
    throw new CompilerBug("not an int or bool");
  }

  /** The values of an equation's indices, at one point. */
  final class Env {
    private final Interpreter clock;

    final long[] indices;

    /** Different at every point of every element: what is remembered holds for one tick. */
    long tick;

    Env(int count, Interpreter clock) {
      this.clock = clock;
      this.indices = new long[count];
      next();
    }

    void next() {
      tick = clock.tick();
    }
  }

  /** A real function, so that a lambda can be one. */
  @FunctionalInterface
  interface OfReal extends Evaluation {
    @Override
    double real(Env env);
  }

  /** An int or bool function. */
  @FunctionalInterface
  interface OfWhole extends Evaluation {
    @Override
    long whole(Env env);
  }

  /** Remembers the value at the last point, for a node with several users. */
  final class Once implements Evaluation {
    private final Evaluation of;
    private long realTick;
    private double real;
    private long wholeTick;
    private long whole;

    Once(Evaluation of) {
      this.of = of;
    }

    @Override
    public double real(Env env) {
      if (realTick != env.tick) {
        double value = of.real(env);
        real = value;
        realTick = env.tick;
      }
      return real;
    }

    @Override
    public long whole(Env env) {
      if (wholeTick != env.tick) {
        long value = of.whole(env);
        whole = value;
        wholeTick = env.tick;
      }
      return whole;
    }
  }

  /** Makes functions of one equation's nodes, one for each node. */
  final class Compiler {
    private final Interpreter interpreter;
    private final Map<Tensor, Elements> elements;
    private final Map<String, Integer> slots;
    private final Equation equation;
    private final Map<Node, Evaluation> made = new HashMap<>();

    Compiler(
        Interpreter interpreter,
        Map<Tensor, Elements> elements,
        Map<String, Integer> slots,
        Equation equation) {
      this.interpreter = interpreter;
      this.elements = elements;
      this.slots = slots;
      this.equation = equation;
    }

    Evaluation of(Node node) {
      var known = made.get(node);
      if (known == null) {
        known = new Once(make(node));
        made.put(node, known);
      }
      return known;
    }

    /** For the key of a draw that concerns a whole tensor: reads only inputs. */
    Evaluation readingInputs(Node node) {
      return make(node);
    }

    private Evaluation make(Node node) {
      return switch (node.expr()) {
        case Expr.Real(var value) -> (OfReal) _ -> value;
        case Expr.Bool(var value) -> (OfWhole) _ -> value ? 1 : 0;
        case Expr.Index(var p) -> index(p);
        case Expr.Read(var tensor, var subscripts) -> read(tensor, subscripts);
        case Expr.Unary(var op, var x) ->
            node.type() == Type.REAL ? unary(op, of(x)) : unaryWhole(op, of(x));
        case Expr.Binary(var op, var x, var y) ->
            node.type() == Type.REAL ? binary(op, of(x), of(y)) : binaryWhole(op, of(x), of(y));
        case Expr.Compare(var op, var x, var y) ->
            x.type() == Type.REAL ? compare(op, of(x), of(y)) : compareWhole(op, of(x), of(y));
        case Expr.Not(var x) -> {
          var a = of(x);
          yield (OfWhole) env -> 1 - a.whole(env);
        }
        case Expr.And(var x, var y) -> {
          var a = of(x);
          var b = of(y);
          yield (OfWhole) env -> a.whole(env) == 0 ? 0 : b.whole(env);
        }
        case Expr.Or(var x, var y) -> {
          var a = of(x);
          var b = of(y);
          yield (OfWhole) env -> a.whole(env) != 0 ? 1 : b.whole(env);
        }
        case Expr.Select(var guard, var x, var y) -> {
          var c = of(guard);
          var a = of(x);
          var b = of(y);
          yield node.type() == Type.REAL
              ? (OfReal) env -> c.whole(env) != 0 ? a.real(env) : b.real(env)
              : (OfWhole) env -> c.whole(env) != 0 ? a.whole(env) : b.whole(env);
        }
        case Expr.Cast(var to, var x) -> cast(to, x);
        case Expr.StopGradient(var x) -> of(x);
        case Expr.Draw draw -> draw(draw);
      };
    }

    /** Nearly all are a number, an index, or a sum of such; these without a walk over the terms. */
    private Evaluation index(Poly p) {
      var terms = p.terms();
      long constant = 0;
      var at = new int[terms.size()];
      var factors = new long[terms.size()];
      int count = 0;
      for (int i = 0; i < terms.size(); i++) {
        switch (terms.monomial(i)) {
          case List<Atom> none when none.isEmpty() -> constant = terms.coefficient(i);
          case List<Atom> one
              when one.size() == 1 && one.getFirst() instanceof Atom.Index index -> {
            at[count] = slot(index);
            factors[count++] = terms.coefficient(i);
          }
          default -> {
            return (OfWhole) env -> p.evaluate(atom -> value(atom, env));
          }
        }
      }
      return linear(constant, Arrays.copyOf(at, count), factors);
    }

    private static Evaluation linear(long constant, int[] at, long[] factors) {
      if (at.length == 1 && factors[0] == 1 && constant == 0) {
        int only = at[0];
        return (OfWhole) env -> env.indices[only];
      }
      return (OfWhole)
          env -> {
            long sum = constant;
            for (int i = 0; i < at.length; i++) {
              sum = Math.addExact(sum, Math.multiplyExact(factors[i], env.indices[at[i]]));
            }
            return sum;
          };
    }

    private Long value(Atom atom, Env env) {
      return atom instanceof Atom.Index index
          ? env.indices[slot(index)]
          : interpreter.dimension(atom);
    }

    private int slot(Atom.Index index) {
      var slot = slots.get(index.name());
      if (slot == null) {
        throw new CompilerBug("the index " + index.name() + " has no range: " + equation);
      }
      return slot;
    }

    private Evaluation read(Tensor tensor, List<Node> subscripts) {
      var at = subscripts.stream().map(this::of).toList();
      var shape = interpreter.shapeOf(tensor);
      var source = elements.get(tensor);
      var values = interpreter.valuesOf(tensor);
      return switch (values) {
        case Values.Reals(var reals) ->
            (OfReal) env -> reals[position(at, shape, source, tensor, env)];
        case Values.Wholes(var wholes) ->
            (OfWhole) env -> wholes[position(at, shape, source, tensor, env)];
      };
    }

    private int position(
        List<Evaluation> at, int[] shape, Elements source, Tensor tensor, Env env) {
      int position = 0;
      for (int i = 0; i < shape.length; i++) {
        long subscript = at.get(i).whole(env);
        if (subscript < 0 || subscript >= shape[i]) {
          throw new CompilerBug(
              "subscript %d of %s is %d, outside 0 .. %d, in %s"
                  .formatted(i, tensor, subscript, shape[i] - 1, equation));
        }
        position = position * shape[i] + (int) subscript;
      }
      if (source != null) {
        source.ensure(position);
      }
      return position;
    }

    private Evaluation cast(Type to, Node x) {
      var a = of(x);
      if (x.type() == to) {
        return a;
      }
      return switch (to) {
        case REAL -> (OfReal) env -> a.whole(env);
        case INT ->
            x.type() == Type.REAL ? (OfWhole) env -> (long) a.real(env) : (OfWhole) a::whole;
        case BOOL -> throw new CompilerBug("a number does not become a bool: " + equation);
      };
    }

    private Evaluation draw(Expr.Draw draw) {
      var seed = of(draw.key().seed());
      var step = of(draw.key().step());
      var example = of(draw.key().example());
      var element = of(draw.key().element());
      var a = draw.arguments().stream().map(this::of).toList();
      long site = draw.site();
      return (OfReal)
          env -> {
            long s = seed.whole(env);
            long t = step.whole(env);
            long n = example.whole(env);
            long e = element.whole(env);
            return switch (draw.distribution()) {
              case UNIFORM ->
                  Draws.uniform(site, s, t, n, e, a.get(0).real(env), a.get(1).real(env));
              case NORMAL -> Draws.normal(site, s, t, n, e, a.get(0).real(env), a.get(1).real(env));
              case TRUNCATED_NORMAL ->
                  Draws.truncatedNormal(site, s, t, n, e, a.get(0).real(env), a.get(1).real(env));
              case BERNOULLI -> Draws.bernoulli(site, s, t, n, e, a.get(0).real(env));
              case ORTHOGONAL -> throw new CompilerBug("drawn as a whole: " + equation);
            };
          };
    }
  }

  private static Evaluation unary(UnaryOp op, Evaluation a) {
    return switch (op) {
      case NEG -> (OfReal) env -> -a.real(env);
      case ABS -> (OfReal) env -> Math.abs(a.real(env));
      case SIGN -> (OfReal) env -> Math.signum(a.real(env));
      case FLOOR -> (OfReal) env -> Math.floor(a.real(env));
      case CEIL -> (OfReal) env -> Math.ceil(a.real(env));
      case ROUND -> (OfReal) env -> Math.rint(a.real(env));
      case EXP -> (OfReal) env -> Math.exp(a.real(env));
      case EXPM1 -> (OfReal) env -> Math.expm1(a.real(env));
      case LOG -> (OfReal) env -> Math.log(a.real(env));
      case LOG1P -> (OfReal) env -> Math.log1p(a.real(env));
      case SQRT -> (OfReal) env -> Math.sqrt(a.real(env));
      case RSQRT -> (OfReal) env -> 1 / Math.sqrt(a.real(env));
      case SIN -> (OfReal) env -> Math.sin(a.real(env));
      case COS -> (OfReal) env -> Math.cos(a.real(env));
      case TAN -> (OfReal) env -> Math.tan(a.real(env));
      case TANH -> (OfReal) env -> Math.tanh(a.real(env));
      case ERF -> (OfReal) env -> ErrorFunction.erf(a.real(env));
      case SIGMOID -> (OfReal) env -> sigmoid(a.real(env));
      case SOFTPLUS -> (OfReal) env -> softplus(a.real(env));
    };
  }

  private static double sigmoid(double x) {
    double e = Math.exp(-Math.abs(x));
    return x >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static Evaluation unaryWhole(UnaryOp op, Evaluation a) {
    return switch (op) {
      case NEG -> (OfWhole) env -> -a.whole(env);
      case ABS -> (OfWhole) env -> Math.abs(a.whole(env));
      case SIGN -> (OfWhole) env -> Long.signum(a.whole(env));
      case FLOOR, CEIL, ROUND -> a;
      case EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, SIN, COS, TAN, TANH, ERF, SIGMOID, SOFTPLUS ->
          throw new CompilerBug(op + " of an int");
    };
  }

  private static Evaluation binary(BinaryOp op, Evaluation a, Evaluation b) {
    return switch (op) {
      case ADD -> (OfReal) env -> a.real(env) + b.real(env);
      case SUB -> (OfReal) env -> a.real(env) - b.real(env);
      case MUL -> (OfReal) env -> a.real(env) * b.real(env);
      case DIV -> (OfReal) env -> a.real(env) / b.real(env);
      case MOD -> (OfReal) env -> floorMod(a.real(env), b.real(env));
      case POW -> (OfReal) env -> Math.pow(a.real(env), b.real(env));
      case MIN -> (OfReal) env -> Math.min(a.real(env), b.real(env));
      case MAX -> (OfReal) env -> Math.max(a.real(env), b.real(env));
      case ATAN2 -> (OfReal) env -> Math.atan2(a.real(env), b.real(env));
    };
  }

  /** The sign of the divisor (LR-61). */
  private static double floorMod(double x, double y) {
    double rest = x % y;
    return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
  }

  private static Evaluation binaryWhole(BinaryOp op, Evaluation a, Evaluation b) {
    return switch (op) {
      case ADD -> (OfWhole) env -> a.whole(env) + b.whole(env);
      case SUB -> (OfWhole) env -> a.whole(env) - b.whole(env);
      case MUL -> (OfWhole) env -> a.whole(env) * b.whole(env);
      case DIV -> (OfWhole) env -> Math.floorDiv(a.whole(env), b.whole(env));
      case MOD -> (OfWhole) env -> Math.floorMod(a.whole(env), b.whole(env));
      case POW -> (OfWhole) env -> power(a.whole(env), b.whole(env));
      case MIN -> (OfWhole) env -> Math.min(a.whole(env), b.whole(env));
      case MAX -> (OfWhole) env -> Math.max(a.whole(env), b.whole(env));
      case ATAN2 -> throw new CompilerBug("atan2 of ints");
    };
  }

  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
    }
    long result = 1;
    for (long i = 0; i < exponent; i++) {
      result *= base;
    }
    return result;
  }

  private static Evaluation compare(Comparison op, Evaluation a, Evaluation b) {
    return switch (op) {
      case LT -> (OfWhole) env -> a.real(env) < b.real(env) ? 1 : 0;
      case LE -> (OfWhole) env -> a.real(env) <= b.real(env) ? 1 : 0;
      case GT -> (OfWhole) env -> a.real(env) > b.real(env) ? 1 : 0;
      case GE -> (OfWhole) env -> a.real(env) >= b.real(env) ? 1 : 0;
      case EQ -> (OfWhole) env -> a.real(env) == b.real(env) ? 1 : 0;
      case NE -> (OfWhole) env -> a.real(env) != b.real(env) ? 1 : 0;
    };
  }

  private static Evaluation compareWhole(Comparison op, Evaluation a, Evaluation b) {
    return switch (op) {
      case LT -> (OfWhole) env -> a.whole(env) < b.whole(env) ? 1 : 0;
      case LE -> (OfWhole) env -> a.whole(env) <= b.whole(env) ? 1 : 0;
      case GT -> (OfWhole) env -> a.whole(env) > b.whole(env) ? 1 : 0;
      case GE -> (OfWhole) env -> a.whole(env) >= b.whole(env) ? 1 : 0;
      case EQ -> (OfWhole) env -> a.whole(env) == b.whole(env) ? 1 : 0;
      case NE -> (OfWhole) env -> a.whole(env) != b.whole(env) ? 1 : 0;
    };
  }
}
