package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Expr.Comparison;
import dev.nnlang.compiler.equation.Inline;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.LaneForm;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.cpu.Lanes;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;

/**
 * Emits expressions for several consecutive values of a run at a time. What is the same for all
 * lanes is one scalar; what has no vector form is evaluated lane by lane into a little memory.
 *
 * <p>Both sides of a selection that differs between lanes are computed, under masks: a lane whose
 * guard forbids its read may hold any number, which nobody sees.
 */
final class LaneValues {
  /** The largest exponent that is worth products; with it they are wrong by 2 units at most. */
  private static final int MOST_FACTORS = 4;

  /** Powers of 2 up to this one, and their inverses, are normal numbers in both precisions. */
  private static final int MOST_EXACT_EXPONENT = 100;

  private final KernelScope scope;
  private final Code code;
  private final Values scalars;
  private final VectorCode vectors;
  private final VectorMath math;
  private final ScalarOps ops;
  private final LaneForm form;
  private final Set<Axis> axes;
  private final List<Axis> run;
  private final Local index;

  /** Memory for lanes one by one. */
  private final Local memory;

  /** The lanes that exist; null where all do. */
  private VectorCode.Rest tail;

  /** The lanes whose guards hold, and that exist; null outside of all guards. */
  private Local guard;

  /** A vector in the map of known values. */
  private record Vector(LaneValues owner, Node node) {}

  /** The place of the first lane, less the lane's own index, in the map of known values. */
  private record Base(Tensor tensor, Poly place) {}

  /**
   * Values for the lanes that start at an index.
   *
   * @param axes all that indices may be of
   * @param run axes that are run through as if they were one
   */
  LaneValues(
      KernelScope scope,
      Values scalars,
      VectorCode vectors,
      Set<Axis> axes,
      List<Axis> run,
      Local index,
      Local memory) {
    this.scope = scope;
    this.code = scope.code;
    this.scalars = scalars;
    this.vectors = vectors;
    this.math = new VectorMath(vectors, memory);
    this.ops = new ScalarOps(scope);
    this.form = new LaneForm(run);
    this.axes = axes;
    this.run = run;
    this.index = index;
    this.memory = memory;
  }

  /** From here on the indices of the run are those of these lanes. */
  void focus() {
    run.forEach(a -> scope.index(a.index(), index));
  }

  /** From here on only these lanes exist; all of them if null. */
  void tail(VectorCode.Rest rest) {
    tail = rest;
    guard = null;
  }

  /** The lanes that a value counts for; null where it is all. */
  Local active() {
    return guard != null || tail == null ? guard : vectors.mask(tail);
  }

  /** Makes a value known by the node that reads it. */
  void know(Node read, Local value) {
    scope.know(new Vector(this, read), value);
  }

  boolean varies(Node node) {
    return form.varies(node);
  }

  /** Runs under a guard that differs between lanes. */
  void under(Local mask, Runnable body) {
    var before = guard;
    var active = active();
    guard = active == null ? mask : vectors.and(active, mask);
    scope.enter();
    body.run();
    scope.leave();
    guard = before;
  }

  // Reals.

  /** A real in every lane. */
  Local value(Node node) {
    var known = scope.known(new Vector(this, node));
    if (known != null) {
      return known;
    }
    var value = emit(node);
    know(node, value);
    return value;
  }

  private Local emit(Node node) {
    if (!form.varies(node)) {
      invariant(node);
      return vectors.broadcast();
    }
    if (form.isStaged(node)) {
      return staged(node);
    }
    return switch (node.expr()) {
      case Expr.Read read -> read(node, read);
      case Expr.Unary(var op, var x) -> unary(op, value(x));
      case Expr.Binary(var op, var x, var y) when op == Expr.BinaryOp.POW && isSmall(y) ->
          power(value(x), (int) Inline.constant(y).getAsDouble());
      case Expr.Binary(var op, var x, var y) when op == Expr.BinaryOp.DIV && isPowerOf2(y) ->
          vectors.apply("mul", value(x), 1 / Inline.constant(y).getAsDouble());
      case Expr.Binary(var op, var x, var y) -> binary(op, value(x), value(y));
      case Expr.Select select -> select(select);
      case Expr.Cast(_, var x) ->
          switch (x.type()) {
            case REAL -> value(x);
            case INT -> vectors.toReals(ints(x));
            case BOOL -> vectors.blend(vectors.constant(0), 1, mask(x));
          };
      case Expr.StopGradient(var x) -> value(x);
      case Expr.Real _, Expr.Bool _, Expr.Index _, Expr.Compare _, Expr.Not _ -> throw bug(node);
      case Expr.And _, Expr.Or _, Expr.Draw _ -> throw bug(node);
    };
  }

  private static CompilerBug bug(Node node) {
    return new CompilerBug("no real that differs between lanes: " + node);
  }

  /** Leaves a scalar; where no lane needs it, it is not evaluated. */
  private void invariant(Node node) {
    boolean safe =
        guard == null
            || scope.known(node) != null
            || Walk.nodes(List.of(node)).stream()
                .noneMatch(n -> n.expr() instanceof Expr.Read || n.expr() instanceof Expr.Draw);
    if (safe) {
      scalars.value(node);
      return;
    }
    vectors.any(guard);
    code.ifElse(
        () -> {
          scope.enter();
          scalars.value(node);
          scope.leave();
        },
        () -> zero(node.type()));
  }

  private void zero(Type type) {
    switch (type) {
      case REAL -> ops.real(0);
      case INT -> code.constant(0L);
      case BOOL -> code.constant(0);
    }
  }

  private Local unary(Expr.UnaryOp op, Local x) {
    return switch (op) {
      case NEG -> vectors.apply("neg", x);
      case ABS -> vectors.apply("abs", x);
      case SQRT -> vectors.apply("sqrt", x);
      case RSQRT -> vectors.apply("div", vectors.constant(1), vectors.apply("sqrt", x));
      case SIGN -> math.sign(x);
      case FLOOR, CEIL, ROUND, SIN, COS, TAN -> oneByOne(x, () -> ops.unary(op, Type.REAL));
      case EXP, EXPM1, LOG, LOG1P, TANH, ERF, SIGMOID, SOFTPLUS ->
          vectors.isSingle() ? inLanes(op, x) : oneByOne(x, () -> ops.unary(op, Type.REAL));
    };
  }

  private Local inLanes(Expr.UnaryOp op, Local x) {
    return switch (op) {
      case EXP -> math.exp(x);
      case EXPM1 -> math.expm1(x);
      case LOG -> math.log(x);
      case LOG1P -> math.log1p(x);
      case TANH -> math.tanh(x);
      case ERF -> math.erf(x);
      case SIGMOID -> math.sigmoid(x);
      case SOFTPLUS -> math.softplus(x);
      case NEG, ABS, SQRT, RSQRT, SIGN, FLOOR, CEIL, ROUND, SIN, COS, TAN ->
          throw new CompilerBug("no polynomial for " + op);
    };
  }

  /** Whether it is a whole number of which a power is a few products. */
  private static boolean isSmall(Node exponent) {
    double n = Inline.constant(exponent).orElse(0);
    return n == Math.rint(n) && 2 <= n && n <= MOST_FACTORS;
  }

  /** Whether its inverse is a real without error: a product with that is a quotient, to the bit. */
  private static boolean isPowerOf2(Node divisor) {
    double n = Math.abs(Inline.constant(divisor).orElse(0));
    return n != 0
        && Math.abs(Math.getExponent(n)) <= MOST_EXACT_EXPONENT
        && n == Math.scalb(1.0, Math.getExponent(n));
  }

  /** By squaring: less than a unit in the last place for each product. */
  private Local power(Local x, int n) {
    if (n == 1) {
      return x;
    }
    var half = power(x, n / 2);
    var square = vectors.apply("mul", half, half);
    return n % 2 == 0 ? square : vectors.apply("mul", square, x);
  }

  private Local binary(Expr.BinaryOp op, Local x, Local y) {
    return switch (op) {
      case ADD -> vectors.apply("add", x, y);
      case SUB -> vectors.apply("sub", x, y);
      case MUL -> vectors.apply("mul", x, y);
      case DIV -> vectors.apply("div", x, y);
      case MIN -> vectors.apply("min", x, y);
      case MAX -> vectors.apply("max", x, y);
      case MOD, POW, ATAN2 -> {
        store(y, vectors.lanes());
        yield oneByOne(
            x,
            () -> {
              code.load(memory).load(lane).constant(vectors.lanes()).op(Opcodes.IADD);
              code.op(scope.precision.kind().arrayLoad);
              ops.binary(op, Type.REAL);
            });
      }
    };
  }

  private Local select(Expr.Select select) {
    if (!form.varies(select.guard())) {
      invariant(select.guard());
      code.ifElse(() -> branch(select.then()), () -> branch(select.otherwise()));
      return code.keep(vectors.reals());
    }
    var chosen = mask(select.guard());
    var then = code.local(vectors.reals());
    var otherwise = code.local(vectors.reals());
    under(chosen, () -> vectors.set(then, value(select.then())));
    under(vectors.not(chosen), () -> vectors.set(otherwise, value(select.otherwise())));
    return vectors.blend(otherwise, then, chosen);
  }

  private void branch(Node node) {
    scope.enter();
    code.load(value(node));
    scope.leave();
  }

  // Conditions.

  /** A truth value in every lane. */
  Local mask(Node node) {
    var known = scope.known(new Vector(this, node));
    if (known != null) {
      return known;
    }
    var mask = emitMask(node);
    know(node, mask);
    return mask;
  }

  private Local emitMask(Node node) {
    if (!form.varies(node)) {
      invariant(node);
      return vectors.all();
    }
    if (form.isStaged(node)) {
      return vectors.compare("NE", staged(node), 0);
    }
    return switch (node.expr()) {
      case Expr.Compare(var op, var x, var y) ->
          switch (x.type()) {
            case REAL -> vectors.compare(op.name(), value(x), value(y));
            case INT -> vectors.compareInts(op.name(), ints(x), ints(y));
            case BOOL -> {
              var a = mask(x);
              var b = mask(y);
              var differ = vectors.or(vectors.andNot(a, b), vectors.andNot(b, a));
              yield op == Comparison.NE ? differ : vectors.not(differ);
            }
          };
      case Expr.Not(var x) -> vectors.not(mask(x));
      case Expr.And(var x, var y) -> {
        var a = mask(x);
        var b = code.local(vectors.masks());
        under(a, () -> vectors.set(b, mask(y)));
        yield vectors.and(a, b);
      }
      case Expr.Or(var x, var y) -> {
        var a = mask(x);
        var b = code.local(vectors.masks());
        under(vectors.not(a), () -> vectors.set(b, mask(y)));
        yield vectors.or(a, b);
      }
      case Expr.Select(var g, var x, var y) -> {
        var chosen = mask(g);
        var a = code.local(vectors.masks());
        var b = code.local(vectors.masks());
        under(chosen, () -> vectors.set(a, mask(x)));
        under(vectors.not(chosen), () -> vectors.set(b, mask(y)));
        yield vectors.or(vectors.and(chosen, a), vectors.andNot(b, chosen));
      }
      case Expr.StopGradient(var x) -> mask(x);
      case Expr.Real _, Expr.Bool _, Expr.Index _, Expr.Read _, Expr.Unary _ -> throw bug(node);
      case Expr.Binary _, Expr.Cast _, Expr.Draw _ -> throw bug(node);
    };
  }

  /** An integer in every lane, as 32 bits; one that is the same for all is brought near. */
  private Local ints(Node node) {
    if (!form.varies(node)) {
      invariant(node);
      code.call(Abi.method(Lanes.class, "clamp", long.class));
      return vectors.ints(0);
    }
    if (!(node.expr() instanceof Expr.Index(var value))) {
      throw bug(node);
    }
    var step = value.coefficient(run.getLast().index());
    new Polys(scope).asInt(value);
    return vectors.ints((int) step.constantTerm());
  }

  // Memory.

  private Local read(Node node, Expr.Read read) {
    return switch (Access.along(read, run)) {
      case NEIGHBOURS -> {
        code.load(scope.array(read.tensor()));
        place(read);
        boolean within = tail == null && (guard == null || Access.isWhole(read, axes));
        yield within ? vectors.read() : vectors.readNear();
      }
      case SAME -> {
        // The subscripts move, and yet it is one element.
        invariant(node);
        yield vectors.broadcast();
      }
      case APART -> throw new CompilerBug("no vector read: " + read);
    };
  }

  private void place(Expr.Read read) {
    var place = Access.place(read.tensor(), read.subscripts());
    var base = Access.start(place, run);
    var gathers = read.subscripts().stream().anyMatch(s -> !(s.expr() instanceof Expr.Index));
    var known = scope.known(new Base(read.tensor(), base));
    if (known != null && !gathers) {
      code.load(known);
    } else if (gathers && guard != null) {
      // Where no lane needs it, what is gathered with may be outside itself.
      vectors.any(guard);
      code.ifElse(
          () -> {
            scope.enter();
            scalars.address(read.tensor(), read.subscripts(), base);
            scope.leave();
          },
          () -> code.constant(0));
    } else {
      scalars.address(read.tensor(), read.subscripts(), base);
    }
    code.load(index).op(Opcodes.IADD);
  }

  /** Stores a value at a place that moves with the run. */
  void store(Tensor tensor, Poly place, Local value) {
    code.load(scope.array(tensor));
    var base = Access.start(place, run);
    var known = scope.known(new Base(tensor, base));
    if (known != null) {
      code.load(known);
    } else {
      scalars.address(tensor, base);
    }
    code.load(index).op(Opcodes.IADD);
    if (tail == null) {
      vectors.write(value);
    } else {
      vectors.write(value, tail, memory);
    }
  }

  /** Computes places before a loop starts, if they do not depend on the loops still to come. */
  void hoist(Tensor tensor, Poly place, List<Axis> pending) {
    var base = Access.start(place, run);
    var key = new Base(tensor, base);
    if (scope.known(key) == null && pending.stream().noneMatch(a -> base.mentions(a.index()))) {
      scalars.address(tensor, base);
      scope.know(key, code.keep(Kind.INT));
    }
  }

  void hoist(Node root, List<Axis> pending) {
    for (var node : Walk.nodes(List.of(root))) {
      if (node.expr() instanceof Expr.Read read
          && node.type() == Type.REAL
          && form.varies(node)
          && !form.isStaged(node)
          && scope.known(new Vector(this, node)) == null
          && read.subscripts().stream().allMatch(s -> s.expr() instanceof Expr.Index)) {
        hoist(read.tensor(), Access.place(read.tensor(), read.subscripts()), pending);
      }
    }
  }

  // One lane after the other.

  private Local lane;

  private void store(Local value, int at) {
    code.load(memory).constant(at);
    vectors.write(value);
  }

  /** A function of one scalar, which is on the stack, in every lane. */
  private Local oneByOne(Local x, Runnable function) {
    store(x, 0);
    lane = code.constant(0).keep(Kind.INT);
    var end = code.constant(vectors.lanes()).keep(Kind.INT);
    code.upTo(
        lane,
        end,
        () -> {
          code.load(memory).load(lane);
          code.load(memory).load(lane).op(scope.precision.kind().arrayLoad);
          function.run();
          code.op(scope.precision.kind().arrayStore);
        });
    code.load(memory).constant(0);
    return vectors.read();
  }

  /** A whole expression in every lane that needs it; conditions are 0 and 1. */
  private Local staged(Node node) {
    var mask = active();
    Local bits = null;
    if (mask != null) {
      vectors.bits(mask);
      bits = code.keep(Kind.LONG);
    }
    var each = run.getLast().index();
    var whole = scope.index(each);
    var here = code.constant(0).keep(Kind.INT);
    var end = code.constant(vectors.lanes()).keep(Kind.INT);
    var asked = bits;
    code.upTo(
        here,
        end,
        () -> {
          Runnable one =
              () -> {
                scope.enter();
                code.load(whole).load(here).op(Opcodes.IADD);
                scope.index(each, code.keep(Kind.INT));
                code.load(memory).load(here);
                scalars.value(node);
                switch (node.type()) {
                  case REAL -> {}
                  case BOOL -> code.op(vectors.isSingle() ? Opcodes.I2F : Opcodes.I2D);
                  case INT -> throw bug(node);
                }
                code.op(scope.precision.kind().arrayStore);
                scope.leave();
                scope.index(each, whole);
              };
          if (asked == null) {
            one.run();
          } else {
            code.load(asked).load(here).op(Opcodes.LUSHR).op(Opcodes.L2I);
            code.op(Opcodes.ICONST_1).op(Opcodes.IAND);
            code.ifThen(one);
          }
        });
    code.load(memory).constant(0);
    return vectors.read();
  }
}
