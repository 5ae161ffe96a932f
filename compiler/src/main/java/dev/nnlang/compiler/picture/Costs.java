package dev.nnlang.compiler.picture;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a line costs for one example, forward, as written: parameters, arithmetic operations (a
 * multiplication and an addition are two, a transcendental function ten, as {@code nn explain}
 * counts), and elements moved, every tensor that is read or written once.
 */
public record Costs(Poly parameters, Poly operations, Poly elements) {
  public static final Costs NONE = new Costs(Poly.ZERO, Poly.ZERO, Poly.ZERO);
  private static final int BYTES = 4;

  Costs plus(Costs other) {
    return new Costs(
        parameters.plus(other.parameters),
        operations.plus(other.operations),
        elements.plus(other.elements));
  }

  /** Bytes of 32-bit numbers. */
  public Poly bytes() {
    return elements.times(BYTES);
  }

  /** A whole declaration. */
  public static Costs of(Typed.Body body) {
    var counter = new Counter();
    var total = counter.body(body);
    return new Costs(counter.parameters(body), total.operations(), total.elements());
  }

  /** One use of a declaration; its parameters count at every use. */
  public static Costs of(Typed.Call call) {
    var counter = new Counter();
    var work = counter.call(call, Poly.ONE);
    return new Costs(counter.parameters(call.instance()), work.operations(), work.elements());
  }

  public static Costs of(Typed.Statement statement) {
    var counter = new Counter();
    var work = counter.statement(statement);
    return new Costs(counter.parametersIn(statement), work.operations(), work.elements());
  }

  /** Counts parameters of each instance once. */
  private static final class Counter {
    private final Set<Typed.Instance> counted = Collections.newSetFromMap(new IdentityHashMap<>());

    Poly parameters(Typed.Body body) {
      var sum = Poly.ZERO;
      for (var owned : body.owned()) {
        var role = owned.variable().role();
        if (role == Role.PARAM || role == Role.FROZEN) {
          sum = sum.plus(size(owned.variable().type()));
        }
      }
      for (var statement : body.statements()) {
        sum = sum.plus(parametersIn(statement));
      }
      return sum;
    }

    Poly parametersIn(Typed.Statement statement) {
      var sum = Poly.ZERO;
      for (var call : calls(statement)) {
        sum = sum.plus(parameters(call.instance()));
      }
      return sum;
    }

    Poly parameters(Typed.Instance instance) {
      return counted.add(instance)
          ? parameters(instance.body()).times(instance.copies())
          : Poly.ZERO;
    }

    Costs body(Typed.Body body) {
      var sum = NONE;
      for (var statement : body.statements()) {
        sum = sum.plus(statement(statement));
      }
      return sum;
    }

    Costs statement(Typed.Statement statement) {
      return switch (statement) {
        case Typed.Define d -> {
          var points = Poly.ONE;
          for (var axis : d.left()) {
            points = axis.isPresent() ? points.times(size(axis.get().range())) : points;
          }
          var own = new Costs(Poly.ZERO, operations(d.value(), points), moved(d));
          for (var call : TypedWalk.calls(d.value())) {
            own = own.plus(call(call, points));
          }
          yield own;
        }
        case Typed.DefineAll d -> {
          var sum = call(d.call(), Poly.ONE);
          for (var argument : d.call().arguments()) {
            for (var call : TypedWalk.calls(argument)) {
              sum = sum.plus(call(call, Poly.ONE));
            }
          }
          yield sum;
        }
      };
    }

    /** A mapped body runs once for each mapped place, a repeated one once for each copy. */
    Costs call(Typed.Call call, Poly points) {
      var times = points.times(call.instance().copies());
      for (var dimension : call.mapped()) {
        times = times.times(size(dimension));
      }
      var body = body(call.instance().body());
      return new Costs(Poly.ZERO, body.operations().times(times), body.elements().times(times));
    }

    /** What an equation reads and writes, each tensor once; calls count for themselves. */
    private static Poly moved(Typed.Define d) {
      boolean isOnlyCall = d.value() instanceof Typed.Result;
      if (isOnlyCall) {
        return Poly.ZERO;
      }
      Set<Typed.Variable> read = Collections.newSetFromMap(new IdentityHashMap<>());
      TypedWalk.reads(d.value(), (variable, _, _, _) -> read.add(variable));
      var sum = size(d.target().type());
      for (var variable : read) {
        sum = sum.plus(size(variable.type()));
      }
      return sum;
    }

    private static List<Typed.Call> calls(Typed.Statement statement) {
      return switch (statement) {
        case Typed.Define d -> TypedWalk.calls(d.value());
        case Typed.DefineAll d -> {
          var all = new ArrayList<Typed.Call>();
          all.add(d.call());
          d.call().arguments().forEach(a -> all.addAll(TypedWalk.calls(a)));
          yield all;
        }
      };
    }

    private Poly operations(Typed.Expr x, Poly points) {
      return switch (x) {
        case Typed.Reduce r -> {
          var inner = points;
          for (var axis : r.axes()) {
            inner = inner.times(size(axis.range()));
          }
          var sum = inner.plus(operations(r.body(), inner));
          yield r.guard().isPresent() ? sum.plus(operations(r.guard().get(), inner)) : sum;
        }
        case Typed.ReduceAll r ->
            points.times(size(r.argument().type())).plus(operations(r.argument(), points));
        case Typed.Access a -> operations(a.target(), points);
        case Typed.Position _ -> Poly.ZERO;
        default -> {
          long own = own(x);
          var sum = own == 0 ? Poly.ZERO : points.times(size(x.type())).times(own);
          for (var part : TypedWalk.parts(x)) {
            sum = sum.plus(operations(part, points));
          }
          yield sum;
        }
      };
    }

    private static long own(Typed.Expr x) {
      return switch (x) {
        case Typed.Binary _,
            Typed.Compare _,
            Typed.Not _,
            Typed.And _,
            Typed.Or _,
            Typed.Select _ ->
            1;
        case Typed.Unary u ->
            switch (u.op()) {
              case NEG, ABS, SIGN, FLOOR, CEIL, ROUND, SQRT -> 1;
              case EXP, EXPM1, LOG, LOG1P, RSQRT, SIN, COS, TAN, TANH, ERF, SIGMOID, SOFTPLUS -> 10;
            };
        case Typed.Draw _ -> 20;
        default -> 0;
      };
    }

    private static Poly size(Typed.Type type) {
      var product = Poly.ONE;
      for (var dimension : type.shape()) {
        product = product.times(size(dimension));
      }
      return product;
    }

    /** Costs are those of one example. */
    private static Poly size(Dimension dimension) {
      return dimension.isBatch() ? Poly.ONE : dimension.size();
    }
  }

  /** {@code 1.2 M}; a polynomial as it is. */
  public static String count(Poly poly) {
    var value = poly.constant();
    return value.isPresent() ? count(value.getAsLong()) : poly.toString();
  }

  public static String count(long value) {
    return scaled(value, 1000, List.of("", " K", " M", " G", " T", " P"));
  }

  public static String bytes(Poly poly) {
    var value = poly.constant();
    return value.isPresent() ? bytes(value.getAsLong()) : poly + " B";
  }

  public static String bytes(long value) {
    return scaled(value, 1024, List.of(" B", " KB", " MB", " GB", " TB", " PB"));
  }

  private static String scaled(long value, int step, List<String> units) {
    double rest = value;
    int unit = 0;
    while (rest >= step && unit < units.size() - 1) {
      rest /= step;
      unit++;
    }
    boolean isWhole = unit == 0 || rest >= 100;
    var digits = isWhole ? "%.0f" : rest >= 10 ? "%.1f" : "%.2f";
    return String.format(java.util.Locale.ROOT, digits, rest) + units.get(unit);
  }

  /** The three as one line; empty where there is nothing to tell. */
  public Optional<String> text() {
    if (equals(NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        count(parameters)
            + " parameters · "
            + count(operations)
            + " FLOPs · "
            + bytes(bytes())
            + " moved, for one example");
  }
}
