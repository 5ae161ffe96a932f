package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Axis;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.TypedWalk;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Equations: that the right side fits what stands left, and gives a local its type (LR-25, 44). */
public final class Definitions {
  private final Typer typer;
  private final Draws draws;
  private final LeftSides lefts;

  /** What has been worked out, by statement; a body's statements belong to one frame at a time. */
  private final Map<Frame, Map<Ast.Statement, Optional<Typed.Statement>>> done =
      new IdentityHashMap<>();

  /** Locals whose equations are being worked out, each read by the one before. */
  private final List<Entity.Local> working = new ArrayList<>();

  private final Set<Entity.Local> shaping = Collections.newSetFromMap(new IdentityHashMap<>());

  Definitions(Typer typer) {
    this.typer = typer;
    this.draws = new Draws(typer);
    this.lefts = new LeftSides(typer);
  }

  Draws draws() {
    return draws;
  }

  /** A written element type; null where it failed. */
  public Element element(Ast.Type type, Context c) {
    return switch (type) {
      case Ast.ScalarType(var scalar, _) ->
          switch (scalar) {
            case BOOL -> Types.BOOL;
            case INT -> Types.INT;
            case REAL -> Types.REAL;
          };
      case Ast.IndexType(var d, _) -> {
        var dimension = d instanceof Ast.Missing ? null : typer.dimension(d, c);
        yield dimension == null ? null : new Element.IndexOf(dimension);
      }
    };
  }

  /** The variable of a local; null where its equation failed. */
  Variable variable(Entity.Local local, Frame frame) {
    if (local.declared != null) {
      return local.variable;
    }
    switch (local.state) {
      case DONE -> {}
      case WORKING -> {
        if (local.variable == null) {
          frame.report(ofItself(local));
          local.state = Entity.State.DONE;
        } else {
          local.readEarly = true;
        }
      }
      case UNKNOWN -> {
        if (local.definition == null) {
          local.state = Entity.State.DONE;
        } else {
          work(local.definition, local, frame);
        }
      }
    }
    return local.variable;
  }

  /** The shape of a local as far as it can be known without its right side's type. */
  List<Dimension> shape(Entity.Local local, Frame frame) {
    if (local.variable != null) {
      return local.variable.type().shape();
    }
    if (local.state != Entity.State.UNKNOWN || local.definition == null) {
      return null;
    }
    boolean hasIndices =
        local.definition instanceof Ast.Equation e
            && e.left().items().isPresent()
            && e.left().items().get().stream()
                .noneMatch(i -> i instanceof Ast.LeftWhole || i instanceof Ast.Missing);
    if (!hasIndices) {
      var variable = variable(local, frame);
      return variable == null ? null : variable.type().shape();
    }
    if (!shaping.add(local)) {
      return null;
    }
    try {
      var equation = (Ast.Equation) local.definition;
      var left =
          frame.engine().quietly(() -> lefts.items(equation, null, local.span, Context.of(frame)));
      return left == null ? null : left.stream().map(i -> i.axis().range()).toList();
    } finally {
      shaping.remove(local);
    }
  }

  /** Whole tensors that need each other are a ring; else only a shape follows from itself. */
  private EquationProblem ofItself(Entity.Local local) {
    var ring = working.subList(working.indexOf(local), working.size());
    boolean allWhole =
        ring.stream()
            .allMatch(l -> l.definition instanceof Ast.Equation e && e.left().items().isEmpty());
    if (!allWhole) {
      return new EquationProblem.ShapeOfItself(local.span, local.name);
    }
    var edges = new ArrayList<EquationProblem.Edge>();
    for (int i = 0; i < ring.size(); i++) {
      edges.add(
          new EquationProblem.Edge(
              ring.get(i).name,
              ring.get((i + 1) % ring.size()).name,
              ((Ast.Equation) ring.get(i).definition).right().span()));
    }
    return EquationProblem.Cycle.of(local.definition.span(), edges);
  }

  private void work(Ast.Statement statement, Entity.Local local, Frame frame) {
    switch (statement) {
      case Ast.Equation e -> statement(e, List.of(local), frame);
      case Ast.Destructuring d -> {
        var targets = new ArrayList<Entity>();
        d.targets().forEach(t -> targets.add(t.name().map(n -> frame.find(n.text())).orElse(null)));
        statement(d, targets, frame);
      }
      default -> local.state = Entity.State.DONE;
    }
  }

  /** The meaning of an equation, worked out once in a frame; null where it failed. */
  Typed.Statement statement(Ast.Statement statement, List<Entity> targets, Frame frame) {
    var known = done.computeIfAbsent(frame, f -> new IdentityHashMap<>());
    var earlier = known.get(statement);
    if (earlier != null) {
      return earlier.orElse(null);
    }
    int depth = working.size();
    for (var target : targets) {
      if (target instanceof Entity.Local local && local.declared == null) {
        local.state = Entity.State.WORKING;
        working.add(local);
      }
    }
    Typed.Statement result =
        switch (statement) {
          case Ast.Equation e -> equation(e, targets.getFirst(), Context.of(frame));
          case Ast.Destructuring d -> destructuring(d, targets, Context.of(frame));
          default -> null;
        };
    working.subList(depth, working.size()).clear();
    for (var target : targets) {
      if (target instanceof Entity.Local local) {
        local.state = Entity.State.DONE;
        if (result == null && local.declared == null) {
          local.variable = null;
        }
      }
    }
    if (result != null) {
      frame.defined(result);
    }
    switch (result) {
      case Typed.Define d -> {
        frame.found(d);
        frame.found(d.target());
      }
      case Typed.DefineAll d -> {
        frame.found(d);
        d.targets().forEach(t -> t.ifPresent(frame::found));
      }
      case null -> {}
    }
    known.put(statement, Optional.ofNullable(result));
    return result;
  }

  /** Frees what was kept for a body that is finished. */
  void forget(Frame frame) {
    done.remove(frame);
  }

  // Equations.

  private Typed.Statement equation(Ast.Equation e, Entity target, Context c) {
    var local = target instanceof Entity.Local l ? l : null;
    var variable = local != null ? local.variable : ((Entity.Tensor) target).variable();
    var declared = variable == null ? null : variable.type();
    var span = target.span();
    Element written = null;
    if (e.type().isPresent()) {
      written = element(e.type().get(), c);
      if (written == null) {
        return null;
      }
    }
    List<LeftSides.Item> left = null;
    var inner = c;
    if (e.left().items().isPresent()) {
      left = lefts.items(e, declared, span, c);
      if (left == null) {
        // The right side may hold mistakes of its own, but without its indices it has no meaning.
        return null;
      }
      // An empty run has no axis, but its name is known.
      inner = LeftSides.inside(left, c);
      for (var item : e.left().items().get()) {
        if (item instanceof Ast.LeftRun(var run, _) && inner.index(run.text()) == null) {
          inner = inner.with(run.text(), List.of());
        }
      }
      boolean allIndices = left.stream().allMatch(i -> i.axis() != null);
      if (local != null && variable == null && allIndices) {
        var shape = left.stream().map(i -> i.axis().range()).toList();
        variable =
            new Variable(
                local.name,
                Role.LOCAL,
                Types.of(written == null ? SelfReads.element(local, c.frame()) : written, shape),
                span);
        local.variable = variable;
      }
    }
    var wanted = declared != null ? declared.element() : written;
    var place = wanted != null && Types.isWhole(wanted) ? inner.integer() : inner;
    var reshaped = typer.calls().reshaped(e.right(), inner);
    if (e.relation() == Ast.Relation.EQUALS && reshaped.isPresent()) {
      return reshape(e, reshaped.get(), local, variable, left, inner);
    }
    var value =
        switch (e.relation()) {
          case EQUALS -> typer.type(e.right(), place);
          case DRAWN -> draws.draw(e.right(), place.value());
        };
    if (value == null) {
      return null;
    }
    return left == null
        ? bare(e, local, variable, value, wanted, declared != null, inner)
        : indexed(e, local, variable, value, wanted, left, inner);
  }

  /** A left side without brackets: the whole tensor. */
  private Typed.Statement bare(
      Ast.Equation e,
      Entity.Local local,
      Variable variable,
      Typed.Expr value,
      Element wanted,
      boolean isDeclared,
      Context c) {
    var target = variable;
    var x = value;
    if (isDeclared && !fits(e, variable, x, c)) {
      return null;
    }
    if (wanted != null) {
      x = typer.coercions().to(wanted, x, "`" + e.left().name().text() + "`", c);
      if (x == null) {
        return null;
      }
    }
    if (target == null) {
      target = new Variable(local.name, Role.LOCAL, x.type(), local.span);
      local.variable = target;
    }
    var left = new ArrayList<Optional<Axis>>();
    boolean perElement = e.relation() == Ast.Relation.DRAWN;
    for (var dimension : target.type().shape()) {
      // A draw is a number for each element, so it is written with indices.
      left.add(perElement ? Optional.of(c.frame().axis("_", dimension)) : Optional.empty());
    }
    return new Typed.Define(target, e.left().primed(), left, x, e.span());
  }

  private static boolean fits(Ast.Equation e, Variable variable, Typed.Expr x, Context c) {
    var shape = variable.type().shape();
    if (x.type().rank() == 0 && !shape.isEmpty()) {
      if (e.relation() == Ast.Relation.DRAWN) {
        return true;
      }
      c.frame()
          .report(
              new ShapeProblem.ScalarForTensor(
                  e.span(), variable.name(), Types.text(shape), variable.span()));
      return false;
    }
    var verdict = Shapes.equal(shape, x.type().shape(), c);
    if (verdict.fails()) {
      c.frame()
          .report(
              new ShapeProblem.OutputDiffers(
                  x.span(),
                  variable.name(),
                  shape.isEmpty() ? "a scalar" : Types.text(shape),
                  x.type().rank() == 0 ? "a scalar" : Types.text(x.type().shape()),
                  verdict.counterexample(),
                  variable.span()));
      return false;
    }
    Shapes.leaveToUses(verdict, c, x.span(), "whether " + variable.name() + " gets its shape");
    return true;
  }

  /** The tensor without subscripts that makes a whole expression a tensor. */
  private static ShapeProblem.BareTensor bareTensor(Typed.Expr value) {
    var tensor = value;
    while (!(tensor instanceof Typed.Whole)) {
      var inner =
          switch (tensor) {
            case Typed.Unary _,
                Typed.Binary _,
                Typed.Compare _,
                Typed.Not _,
                Typed.And _,
                Typed.Or _,
                Typed.Select _,
                Typed.Cast _ ->
                TypedWalk.parts(tensor).stream().filter(p -> p.type().rank() > 0).findFirst();
            default -> Optional.<Typed.Expr>empty();
          };
      if (inner.isEmpty()) {
        break;
      }
      tensor = inner.get();
    }
    return new ShapeProblem.BareTensor(
        tensor.span(),
        tensor.span().text(),
        Types.text(tensor.type().shape()),
        tensor instanceof Typed.Whole w ? Optional.of(w.variable().span()) : Optional.empty());
  }

  private Typed.Statement indexed(
      Ast.Equation e,
      Entity.Local local,
      Variable variable,
      Typed.Expr value,
      Element wanted,
      List<LeftSides.Item> left,
      Context c) {
    var wholes = left.stream().filter(i -> i.axis() == null).count();
    var rank = value.type().rank();
    if (wholes == 0 && rank > 0) {
      c.frame().report(bareTensor(value));
      return null;
    }
    if (rank != wholes) {
      c.frame()
          .report(
              new EquationProblem.WholeCount(
                  e.left().span(),
                  e.left().name().text(),
                  (int) wholes,
                  rank == 0 ? "a scalar" : Types.text(value.type().shape())));
      return null;
    }
    var target = variable;
    var x = value;
    if (target == null) {
      // Only `:` positions were open: they are the right side's.
      var shape = new ArrayList<Dimension>();
      int at = 0;
      for (var item : left) {
        shape.add(item.axis() != null ? item.axis().range() : x.type().shape().get(at++));
      }
      var element = wanted != null ? wanted : x.type().element();
      target = new Variable(local.name, Role.LOCAL, Types.of(element, shape), local.span);
      local.variable = target;
    } else if (wholes > 0) {
      if (!slicesFit(e, target, x, left, c)) {
        return null;
      }
    }
    if (local != null && local.declared == null && wanted == null && wholes == 0) {
      target = retyped(local, target, x);
    }
    x = typer.coercions().to(target.type().element(), x, "`" + e.left().name().text() + "`", c);
    if (x == null) {
      return null;
    }
    var axes = left.stream().map(i -> Optional.ofNullable(i.axis())).toList();
    return new Typed.Define(target, e.left().primed(), axes, x, e.span());
  }

  /** LR-25: a local is what its right side is; of one that reads itself it was known before. */
  private static Variable retyped(Entity.Local local, Variable provisional, Typed.Expr x) {
    if (local.readEarly || x.type().element().equals(provisional.type().element())) {
      return provisional;
    }
    local.variable =
        new Variable(
            local.name,
            Role.LOCAL,
            Types.of(x.type().element(), provisional.type().shape()),
            local.span);
    return local.variable;
  }

  private static boolean slicesFit(
      Ast.Equation e, Variable target, Typed.Expr x, List<LeftSides.Item> left, Context c) {
    var slice = new ArrayList<Dimension>();
    for (int i = 0; i < left.size(); i++) {
      if (left.get(i).axis() == null) {
        slice.add(target.type().shape().get(i));
      }
    }
    var verdict = Shapes.equal(slice, x.type().shape(), c);
    if (verdict.fails()) {
      c.frame()
          .report(
              new ShapeProblem.OutputDiffers(
                  x.span(),
                  e.left().span().text(),
                  Types.text(slice),
                  Types.text(x.type().shape()),
                  verdict.counterexample(),
                  target.span()));
      return false;
    }
    Shapes.leaveToUses(verdict, c, x.span(), "whether " + target.name() + " gets its shape");
    return true;
  }

  /** {@code y = reshape(x)}: the shape is the left side's. */
  private Typed.Statement reshape(
      Ast.Equation e,
      Ast.Expr argument,
      Entity.Local local,
      Variable variable,
      List<LeftSides.Item> left,
      Context c) {
    var x = typer.type(argument, c.value());
    if (x == null) {
      return null;
    }
    var target = variable;
    if (target == null || left != null && left.stream().anyMatch(i -> i.axis() == null)) {
      c.frame().report(new ConfigProblem.ReshapeNeedsShape(e.right().span()));
      return null;
    }
    var shape = target.type().shape();
    var from = count(x.type().shape());
    var to = count(shape);
    var verdict = Shapes.equal(from, to, c);
    if (verdict.fails()) {
      c.frame()
          .report(
              new ShapeProblem.ReshapeCount(
                  e.right().span(),
                  Types.text(x.type().shape()) + " = " + from,
                  Types.text(shape) + " = " + to));
      return null;
    }
    Shapes.leaveToUses(verdict, c, e.span(), "whether reshape keeps the number of elements");
    if (local != null && local.declared == null) {
      target =
          new Variable(local.name, Role.LOCAL, Types.of(x.type().element(), shape), local.span);
      local.variable = target;
    } else if (!x.type().element().equals(target.type().element())) {
      x = typer.coercions().to(target.type().element(), x, "`" + target.name() + "`", c);
      if (x == null) {
        return null;
      }
    }
    var axes = new ArrayList<Optional<Axis>>();
    shape.forEach(d -> axes.add(Optional.empty()));
    return new Typed.Define(
        target,
        e.left().primed(),
        axes,
        new Typed.Reshape(x, Types.of(x.type().element(), shape), e.right().span()),
        e.span());
  }

  private static Poly count(List<Dimension> shape) {
    return Poly.product(shape.stream().map(Dimension::size).toList());
  }

  // Several outputs.

  private Typed.Statement destructuring(Ast.Destructuring d, List<Entity> targets, Context c) {
    var call = several(d.right(), c);
    if (call == null) {
      return null;
    }
    var outputs = call.instance().body().outputs();
    if (targets.size() > outputs.size() || targets.size() < call.instance().body().taken()) {
      c.frame()
          .report(
              new ConfigProblem.WrongOutputCount(
                  d.span(),
                  call.instance().body().name(),
                  targets.size(),
                  outputs.stream().map(Variable::name).toList(),
                  call.instance().body().span()));
      return null;
    }
    var variables = new ArrayList<Optional<Variable>>();
    for (int i = 0; i < targets.size(); i++) {
      if (!(targets.get(i) instanceof Entity.Local local)) {
        variables.add(Optional.empty());
        continue;
      }
      var output = Applications.output(call, i, d.right().span());
      if (local.variable == null) {
        local.variable = new Variable(local.name, Role.LOCAL, output.type(), local.span);
      } else {
        var verdict = Shapes.equal(local.variable.type().shape(), output.type().shape(), c);
        if (verdict.fails()) {
          c.frame()
              .report(
                  new ShapeProblem.OutputDiffers(
                      d.targets().get(i).span(), local.name,
                      Types.text(local.variable.type().shape()), Types.text(output.type().shape()),
                      verdict.counterexample(), local.span));
          return null;
        }
      }
      variables.add(Optional.of(local.variable));
    }
    return new Typed.DefineAll(variables, call, d.span());
  }

  private Typed.Call several(Ast.Expr right, Context c) {
    if (right instanceof Ast.Pipe p) {
      var x =
          p.stages().size() == 1
              ? typer.type(p.input(), c)
              : typer.type(
                  new Ast.Pipe(p.input(), p.stages().subList(0, p.stages().size() - 1), p.span()),
                  c);
      return x == null
          ? null
          : typer.calls().stageCall(p.stages().getLast(), x, c).flatMap(k -> k).orElse(null);
    }
    if (right instanceof Ast.Call) {
      int before = c.frame().engine().problems().size();
      var call = typer.calls().several(right, c);
      if (call == null && c.frame().engine().problems().size() == before) {
        c.frame().report(new ConfigProblem.NotExpected(right.span(), "this", "several names"));
      }
      return call;
    }
    if (!(right instanceof Ast.Missing)) {
      c.frame().report(new ConfigProblem.NotExpected(right.span(), "this", "several names"));
    }
    return null;
  }
}
