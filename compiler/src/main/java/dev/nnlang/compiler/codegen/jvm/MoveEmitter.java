package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.LaneForm;
import dev.nnlang.compiler.schedule.Tail;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.cpu.Panel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.objectweb.asm.Opcodes;

/**
 * Emits what moves a piece of a matrix between its tensors and scratch memory. Several axes make
 * one side of the matrix; their indices count up like the digits of a clock, so that there is no
 * division but at the start of the piece, and the last axis runs in a plain loop.
 */
final class MoveEmitter {
  private static final Abi.Target ARRAY_COPY =
      Abi.method(
          System.class, "arraycopy", Object.class, int.class, Object.class, int.class, int.class);

  private final KernelScope scope;
  private final Code code;
  private final Polys polys;
  private final VectorCode vectors;
  private final Local panel;
  private final Local memory;
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
    this.vectors = VectorCode.of(scope);
    this.panel = panel;
    this.memory = vectors.memory();
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

  /**
   * The parts of a read's places that come from some axes, for all of their values.
   *
   * @param whole whether the place of the first element, which belongs to none, is in them
   */
  void places(List<Axis> axes, Expr.Read read, boolean whole) {
    across.axes = axes;
    code.load(panel).field(Panel.class, "places", int[].class);
    var places = code.keep(Kind.REF);
    var values = new Values(scope, List.of());
    var place = Access.place(read.tensor(), read.subscripts());
    var others = new HashMap<Atom, Poly>();
    var all = new HashMap<Atom, Poly>();
    for (var variable : place.variables()) {
      if (variable instanceof Atom.Index) {
        all.put(variable, Poly.ZERO);
        if (axes.stream().noneMatch(a -> a.index().equals(variable))) {
          others.put(variable, Poly.ZERO);
        }
      }
    }
    var own = place.substitute(others);
    var part = whole ? own : own.minus(place.substitute(all));
    start(axes, across.from);
    code.load(across.from);
    var position = code.keep(Kind.INT);
    code.upTo(
        position,
        across.to,
        () -> {
          code.load(places).load(position);
          if (whole) {
            values.address(read.tensor(), part);
          } else {
            polys.asInt(part);
          }
          code.op(Opcodes.IASTORE);
          carry(axes);
        });
  }

  /** From tensors to scratch memory: the elements of a factor, its reduced axes downwards. */
  void pack(Kernel.Contraction product, List<Axis> side, Node factor) {
    across.axes = side;
    down.axes = product.reduced();
    var values = new Values(scope, List.of(factor));
    var places = reads(factor);
    code.load(down.to).load(down.from).op(Opcodes.ISUB).load(stride).op(Opcodes.IMUL);
    code.load(at).op(Opcodes.IADD);
    var end = code.keep(Kind.INT);
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
          public boolean copies(Axis along, Local place, Local count) {
            return copy(values, factor, along, place, count);
          }

          @Override
          public Optional<InLanes> lanes(Axis along, Local place) {
            if (!isWhole(List.of(factor), along)) {
              return Optional.empty();
            }
            var lanes = lanesOf(product, values, along);
            return Optional.of(
                new InLanes(
                    Kernel.Contraction.tail(factor),
                    rest -> {
                      lanes.tail(rest);
                      var value = lanes.value(factor);
                      code.load(array).load(place);
                      if (rest == null) {
                        vectors.write(value);
                      } else {
                        // A short run is one write, not a copy of a few elements: the next covers
                        // what is too much.
                        vectors.writeAhead(value, rest, memory, place, end);
                      }
                    }));
          }
        });
  }

  /**
   * Copies a run of elements that lie side by side, if the factor is nothing else: that is fast
   * before HotSpot has compiled anything, and vectors are not.
   */
  private boolean copy(Values values, Node factor, Axis along, Local place, Local count) {
    if (!(factor.expr() instanceof Expr.Read read)
        || !read.subscripts().stream().allMatch(s -> s.expr() instanceof Expr.Index)) {
      return false;
    }
    var from = Access.place(read.tensor(), read.subscripts());
    if (Access.along(from, List.of(along)) != Access.Along.NEIGHBOURS) {
      return false;
    }
    code.load(scope.array(read.tensor()));
    values.address(read.tensor(), from);
    code.load(array).load(place).load(count).call(ARRAY_COPY);
    return true;
  }

  /** From scratch memory to the result's tensor, by way of the epilogue. */
  void unpack(Kernel.Contraction product) {
    across.axes = product.columns();
    down.axes = product.rows();
    var roots = product.epilogue().stream().map(Equation::body).toList();
    var values = new Values(scope, roots);
    var place = Access.placeAt(product.equation().tensor(), product.equation().axes());
    emit(
        product,
        List.of(place),
        new Element() {
          @Override
          public void hoist(Set<Atom> inner) {
            var pending = new HashSet<>(inner);
            roots.forEach(root -> values.hoist(root, pending));
          }

          @Override
          public void one(Local from) {
            code.load(array).load(from).op(scope.precision.kind().arrayLoad);
            var results = new LinkedHashMap<Equation, Local>();
            results.put(product.equation(), code.keep(scope.precision.kind()));
            scope.know(ownRead(product.equation()), results.get(product.equation()));
            for (var equation : product.epilogue()) {
              values.value(equation.body());
              results.put(equation, code.keep(scope.precision.kind()));
              scope.know(ownRead(equation), results.get(equation));
            }
            results.forEach(
                (equation, value) -> {
                  if (!product.local().contains(equation.tensor())) {
                    code.load(scope.array(equation.tensor()));
                    values.address(equation.tensor(), placeOf(equation));
                    code.load(value).op(scope.precision.kind().arrayStore);
                  }
                });
          }

          @Override
          public Optional<InLanes> lanes(Axis along, Local from) {
            if (Access.along(place, List.of(along)) != Access.Along.NEIGHBOURS) {
              return Optional.empty();
            }
            var lanes = lanesOf(product, values, along);
            return Optional.of(
                new InLanes(product.tail(), rest -> store(product, lanes, from, rest)));
          }
        });
  }

  private void store(
      Kernel.Contraction product, LaneValues lanes, Local from, VectorCode.Rest rest) {
    lanes.tail(rest);
    code.load(array).load(from);
    var results = new LinkedHashMap<Equation, Local>();
    results.put(product.equation(), rest == null ? vectors.read() : vectors.readNear());
    lanes.know(ownRead(product.equation()), results.get(product.equation()));
    for (var equation : product.epilogue()) {
      equation.origin().span().ifPresent(span -> code.line(span.line()));
      results.put(equation, lanes.value(equation.body()));
      lanes.know(ownRead(equation), results.get(equation));
    }
    results.forEach(
        (equation, value) -> {
          if (!product.local().contains(equation.tensor())) {
            lanes.store(equation.tensor(), placeOf(equation), value);
          }
        });
  }

  private LaneValues lanesOf(Kernel.Contraction product, Values values, Axis along) {
    var axes = new HashSet<>(product.equation().axes());
    axes.addAll(product.reduced());
    return new LaneValues(
        scope, values, vectors, axes, List.of(along), scope.index(along.index()), memory);
  }

  private Node ownRead(Equation equation) {
    return scope.nodes().readAt(equation.tensor(), equation.axes());
  }

  private static Poly placeOf(Equation equation) {
    return Access.placeAt(equation.tensor(), equation.axes());
  }

  /** Whether no lane has to be evaluated by itself. */
  private static boolean isWhole(List<Node> roots, Axis along) {
    var form = new LaneForm(List.of(along));
    return Walk.nodes(roots).stream()
        .noneMatch(n -> n.type() != Type.INT && form.varies(n) && form.isStaged(n));
  }

  /** What is done with one element of the piece. */
  private interface Element {
    /** Computes what does not depend on these. */
    void hoist(Set<Atom> inner);

    /** The element that is at this place in the scratch memory. */
    void one(Local place);

    /** Emits a copy of a run of elements along this axis, if that is all there is to do. */
    default boolean copies(Axis along, Local place, Local count) {
      return false;
    }

    /** As many elements as a vector has, if that is possible along this axis. */
    Optional<InLanes> lanes(Axis along, Local place);
  }

  /**
   * What is done with a vector of elements.
   *
   * @param body of those that are left over; of all, if it is null
   */
  private record InLanes(Tail tail, Consumer<VectorCode.Rest> body) {}

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
    code.load(end).load(index).op(Opcodes.ISUB);
    var count = code.keep(Kind.INT);
    if (walking == Walking.ACROSS && element.copies(last, place, count)) {
      code.load(place).load(count).op(Opcodes.IADD).store(place);
      code.constant(0).store(index);
      carry(axes.subList(0, axes.size() - 1));
      return;
    }
    element.hoist(Loops.indices(List.of(last)));
    var lanes = walking == Walking.ACROSS ? element.lanes(last, place) : Optional.<InLanes>empty();
    if (lanes.isPresent()) {
      if (vectors.lanes() > 1 && lanes.get().tail() == Tail.MASKED) {
        allMasked(lanes.get().body(), index, end, place);
      } else {
        wholeThenTail(lanes.get().body(), index, end, place);
      }
      // All are done, and no more than all.
      code.load(place).load(end).op(Opcodes.IADD).load(index).op(Opcodes.ISUB).store(place);
    } else {
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
    }
    code.constant(0).store(index);
    carry(axes.subList(0, axes.size() - 1));
  }

  /** The elements from the index up to an end, a vector of those that exist at a time. */
  private void allMasked(Consumer<VectorCode.Rest> lanes, Local index, Local end, Local place) {
    code.whileBelow(index, end, () -> one(lanes, vectors.before(index, end, false), index, place));
  }

  /** Whole vectors from the index up to an end, and a part of one. */
  private void wholeThenTail(Consumer<VectorCode.Rest> lanes, Local index, Local end, Local place) {
    code.load(end).constant(vectors.lanes() - 1).op(Opcodes.ISUB);
    var wholes = code.keep(Kind.INT);
    code.whileBelow(index, wholes, () -> one(lanes, null, index, place));
    if (vectors.lanes() == 1) {
      return;
    }
    code.load(index).load(end).op(Opcodes.ISUB).truth(Opcodes.IFLT);
    code.ifThen(() -> one(lanes, vectors.before(index, end, true), index, place));
  }

  private void one(
      Consumer<VectorCode.Rest> lanes, VectorCode.Rest rest, Local index, Local place) {
    scope.enter();
    lanes.accept(rest);
    code.advance(place, vectors.lanes());
    code.advance(index, vectors.lanes());
    scope.leave();
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
        .map(n -> (Expr.Read) n.expr())
        .map(read -> Access.place(read.tensor(), read.subscripts()))
        .toList();
  }
}
