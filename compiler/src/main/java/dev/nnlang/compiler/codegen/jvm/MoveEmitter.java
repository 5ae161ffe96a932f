package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.cpu.Panel;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.Opcodes;

/**
 * Emits what moves a piece of a matrix between its tensors and scratch memory. Several axes make
 * one side of the matrix; their indices count up like the digits of a clock, so that there is no
 * division but at the start of the piece, and the last axis runs in a plain loop.
 */
final class MoveEmitter {
  private final KernelScope scope;
  private final Code code;
  private final Polys polys;
  private final VectorCode vectors;
  private final Local array;
  private final Local at;
  private final Local stride;
  private final Local batch;
  private final Side across;
  private final Side down;

  /** A side of the piece: its axes and its first and last element, as if they were one axis. */
  private static final class Side {
    List<Axis> axes = List.of();
    final Local from;
    final Local to;

    Side(Local from, Local to) {
      this.from = from;
      this.to = to;
    }
  }

  MoveEmitter(KernelScope scope, Local panel) {
    this.scope = scope;
    this.code = scope.code;
    this.polys = new Polys(scope);
    this.vectors = new VectorCode(scope);
    code.load(panel);
    if (scope.precision == Precision.F32) {
      code.field(Panel.class, "floats", float[].class);
    } else {
      code.field(Panel.class, "doubles", double[].class);
    }
    this.array = code.keep(Kind.REF);
    this.at = field(panel, "at");
    this.stride = field(panel, "stride");
    this.batch = field(panel, "batch");
    this.across = new Side(field(panel, "x0"), field(panel, "x1"));
    this.down = new Side(field(panel, "y0"), field(panel, "y1"));
  }

  private Local field(Local panel, String name) {
    code.load(panel).field(Panel.class, name, int.class);
    return code.keep(Kind.INT);
  }

  /** From tensors to scratch memory: the elements of a factor, its reduced axes downwards. */
  void pack(Kernel.Contraction product, List<Axis> side, Node factor) {
    across.axes = side;
    down.axes = product.reduced();
    var values = new Values(scope, List.of(factor));
    var places = reads(factor);
    emit(
        product,
        places,
        new Element() {
          @Override
          public void hoist(Set<Atom> inner) {
            values.hoist(factor, inner);
          }

          @Override
          public void one(Local place) {
            code.load(array).load(place);
            values.value(factor);
            code.op(scope.precision.kind().arrayStore);
          }

          @Override
          public Optional<Runnable> lanes(Axis along, Local place) {
            return plainRead(factor, along)
                .map(
                    read ->
                        () -> {
                          code.load(scope.array(read.tensor()));
                          values.address(read.tensor(), read.subscripts());
                          vectors.copy(array, place);
                        });
          }
        });
  }

  /** From scratch memory to the result's tensor. */
  void unpack(Kernel.Contraction product) {
    across.axes = product.columns();
    down.axes = product.rows();
    var equation = product.equation();
    var place = place(equation);
    var values = new Values(scope, List.of());
    emit(
        product,
        List.of(place),
        new Element() {
          @Override
          public void hoist(Set<Atom> inner) {}

          @Override
          public void one(Local from) {
            code.load(scope.array(equation.tensor()));
            values.address(equation.tensor(), place);
            code.load(array).load(from).op(scope.precision.kind().arrayLoad);
            code.op(scope.precision.kind().arrayStore);
          }

          @Override
          public Optional<Runnable> lanes(Axis along, Local from) {
            if (!place.coefficient(along.index()).is(1)) {
              return Optional.empty();
            }
            return Optional.of(
                () -> {
                  values.address(equation.tensor(), place);
                  var to = code.keep(Kind.INT);
                  code.load(array).load(from);
                  vectors.copy(scope.array(equation.tensor()), to);
                });
          }
        });
  }

  /** What is done with one element of the piece. */
  private interface Element {
    /** Computes what does not depend on these. */
    void hoist(Set<Atom> inner);

    /** The element that is at this place in the scratch memory. */
    void one(Local place);

    /** As many elements as a vector has, if they lie side by side along this axis. */
    Optional<Runnable> lanes(Axis along, Local place);
  }

  private void emit(Kernel.Contraction product, List<Poly> places, Element element) {
    start(product.batch(), batch);
    // The inner loop should run along the axis in which the tensor's elements are neighbours.
    boolean downwards =
        !down.axes.isEmpty()
            && !isUnit(places, across)
            && (isUnit(places, down) || across.axes.isEmpty());
    if (downwards) {
      lines(across, down, element, Walking.DOWN);
    } else {
      lines(down, across, element, Walking.ACROSS);
    }
  }

  private enum Walking {
    ACROSS,
    DOWN
  }

  private static boolean isUnit(List<Poly> places, Side side) {
    return !side.axes.isEmpty()
        && places.stream().anyMatch(p -> p.coefficient(side.axes.getLast().index()).is(1));
  }

  private void lines(Side outer, Side inner, Element element, Walking walking) {
    start(outer.axes, outer.from);
    start(inner.axes, inner.from);
    var starts = inner.axes.stream().map(this::saved).toList();
    code.load(at);
    var line = code.keep(Kind.INT);
    code.load(outer.from);
    var position = code.keep(Kind.INT);
    code.upTo(
        position,
        outer.to,
        () -> {
          scope.enter();
          code.load(line);
          var place = code.keep(Kind.INT);
          for (int i = 0; i < starts.size(); i++) {
            code.load(starts.get(i)).store(scope.index(inner.axes.get(i).index()));
          }
          element.hoist(Loops.indices(inner.axes));
          runs(inner, place, element, walking);
          code.load(line);
          if (walking == Walking.ACROSS) {
            code.load(stride);
          } else {
            code.constant(1);
          }
          code.op(Opcodes.IADD).store(line);
          carry(outer.axes);
          scope.leave();
        });
  }

  private Local saved(Axis axis) {
    code.load(scope.index(axis.index()));
    return code.keep(Kind.INT);
  }

  /** Whole runs of the last axis, as many as the side is long. */
  private void runs(Side side, Local place, Element element, Walking walking) {
    code.load(side.to).load(side.from).op(Opcodes.ISUB);
    var left = code.keep(Kind.INT);
    code.whilePositive(
        left,
        () -> {
          scope.enter();
          if (side.axes.isEmpty()) {
            element.one(place);
            code.constant(0).store(left);
          } else {
            run(side.axes, left, place, element, walking);
          }
          scope.leave();
        });
  }

  private void run(List<Axis> axes, Local left, Local place, Element element, Walking walking) {
    var last = axes.getLast();
    var index = scope.index(last.index());
    polys.asInt(last.extent());
    code.load(index).load(left).op(Opcodes.IADD).call(Abi.MIN_INT);
    var end = code.keep(Kind.INT);
    code.load(left).load(end).op(Opcodes.ISUB).load(index).op(Opcodes.IADD).store(left);
    element.hoist(Loops.indices(List.of(last)));
    if (walking == Walking.ACROSS) {
      element
          .lanes(last, place)
          .ifPresent(
              lanes -> {
                code.load(end);
                vectors.lanes();
                code.op(Opcodes.ISUB);
                var lastStart = code.keep(Kind.INT);
                code.whileAtMost(
                    index,
                    lastStart,
                    () -> {
                      lanes.run();
                      code.load(place);
                      vectors.lanes();
                      code.op(Opcodes.IADD).store(place);
                      code.load(index);
                      vectors.lanes();
                      code.op(Opcodes.IADD).store(index);
                    });
              });
    }
    code.upTo(
        index,
        end,
        () -> {
          scope.enter();
          element.one(place);
          code.load(place);
          if (walking == Walking.ACROSS) {
            code.constant(1);
          } else {
            code.load(stride);
          }
          code.op(Opcodes.IADD).store(place);
          scope.leave();
        });
    code.constant(0).store(index);
    carry(axes.subList(0, axes.size() - 1));
  }

  /** Sets the indices of axes to those of an element of the side they make together. */
  private void start(List<Axis> axes, Local element) {
    if (axes.isEmpty()) {
      return;
    }
    if (axes.size() == 1) {
      code.load(element);
      scope.index(axes.getFirst().index(), code.keep(Kind.INT));
      return;
    }
    var locals = axes.stream().map(_ -> code.local(Kind.INT)).toList();
    code.load(element);
    var rest = code.keep(Kind.INT);
    for (int i = axes.size() - 1; i >= 0; i--) {
      code.load(rest);
      polys.asInt(axes.get(i).extent());
      code.op(Opcodes.IREM).store(locals.get(i));
      code.load(rest);
      polys.asInt(axes.get(i).extent());
      code.op(Opcodes.IDIV).store(rest);
      scope.index(axes.get(i).index(), locals.get(i));
    }
  }

  /** Counts up by one: where an index reaches its end the one before it moves on. */
  private void carry(List<Axis> axes) {
    if (axes.isEmpty()) {
      return;
    }
    var axis = axes.getLast();
    var index = scope.index(axis.index());
    code.increment(index);
    if (axes.size() == 1) {
      return;
    }
    code.load(index);
    polys.asInt(axis.extent());
    code.op(Opcodes.ISUB).truth(Opcodes.IFGE);
    code.ifThen(
        () -> {
          code.constant(0).store(index);
          carry(axes.subList(0, axes.size() - 1));
        });
  }

  // Places of elements.

  private static List<Poly> reads(Node factor) {
    return Walk.nodes(List.of(factor)).stream()
        .filter(n -> n.expr() instanceof Expr.Read)
        .map(n -> affine((Expr.Read) n.expr()))
        .toList();
  }

  /** The part of a place that is known without reading anything. */
  private static Poly affine(Expr.Read read) {
    var strides = KernelScope.strides(read.tensor());
    var place = Poly.ZERO;
    for (int p = 0; p < strides.length; p++) {
      if (read.subscripts().get(p).expr() instanceof Expr.Index(var value)) {
        place = place.plus(value.times(strides[p]));
      }
    }
    return place;
  }

  /** A factor that is one read whose elements are neighbours along an axis. */
  private static Optional<Expr.Read> plainRead(Node factor, Axis along) {
    if (!(factor.expr() instanceof Expr.Read read)
        || !affine(read).coefficient(along.index()).is(1)) {
      return Optional.empty();
    }
    var others = new HashSet<Node>();
    read.subscripts().stream().filter(s -> !(s.expr() instanceof Expr.Index)).forEach(others::add);
    boolean gathersAlong =
        Walk.nodes(others).stream()
            .anyMatch(
                n -> n.expr() instanceof Expr.Index(var value) && value.mentions(along.index()));
    boolean bent = affine(read).minus(Poly.of(along.index())).mentions(along.index());
    return gathersAlong || bent ? Optional.empty() : Optional.of(read);
  }

  private static Poly place(Equation equation) {
    var strides = KernelScope.strides(equation.tensor());
    var place = Poly.ZERO;
    for (int p = 0; p < strides.length; p++) {
      place = place.plus(Poly.of(equation.axes().get(p).index()).times(strides[p]));
    }
    return place;
  }
}
