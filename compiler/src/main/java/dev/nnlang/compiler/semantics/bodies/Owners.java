package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Axis;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Typed.Owned;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parameters and states: their shapes and first values (LR-26, 33, 58, 90). */
public final class Owners {
  private final Typer typer;
  private final Frame frame;
  private boolean failed;

  Owners(Typer typer, Frame frame) {
    this.typer = typer;
    this.frame = frame;
  }

  boolean failed() {
    return failed;
  }

  Optional<Owned> param(Ast.Param p) {
    if (!frame.where().ownsParams()) {
      notAllowed(p.name(), "a `param`", "layers and models");
      return Optional.empty();
    }
    return owned(
        p.name(),
        p.frozen() ? Role.FROZEN : Role.PARAM,
        p.dims(),
        p.type(),
        p.relation(),
        p.value(),
        p.span());
  }

  Optional<Owned> state(Ast.State s) {
    if (!frame.where().ownsState()) {
      notAllowed(s.name(), "a `state`", "layers, models, metrics, optimizers and schedules");
      return Optional.empty();
    }
    return owned(s.name(), Role.STATE, s.dims(), s.type(), s.relation(), s.value(), s.span());
  }

  /** The check of names has reported it; here the name only gets no meaning. */
  private void notAllowed(Ast.Name name, String what, String where) {
    frame.declare(name.text(), new Entity.Failed(name.span()));
    failed = true;
  }

  private Optional<Owned> owned(
      Ast.Name name,
      Role role,
      Optional<List<Ast.DimItem>> dims,
      Optional<Ast.Type> written,
      Ast.Relation relation,
      Ast.Expr value,
      Span span) {
    var c = Context.of(frame);
    var element = written.map(t -> typer.definitions().element(t, c)).orElse(Types.REAL);
    var axes = axes(dims, c);
    if (element == null || axes == null || name.isMissing()) {
      frame.declare(name.text(), new Entity.Failed(name.span()));
      failed = true;
      return Optional.empty();
    }
    var shape = axes.stream().map(Axis::range).toList();
    var variable = new Variable(name.text(), role, Types.of(element, shape), name.span());
    frame.declare(name.text(), new Entity.Tensor(variable, name.span()));
    frame.found(variable);
    if (!isFixed(name, shape)) {
      failed = true;
      return Optional.empty();
    }
    var inner = c;
    for (var axis : axes) {
      var indexName = axis.index().name();
      if (dims.isPresent() && !indexName.startsWith("_")) {
        inner = inner.with(plain(indexName), List.of(axis));
      } else {
        inner = inner.with(indexName, List.of(axis));
      }
    }
    var initial = initial(name, relation, value, element, inner);
    if (initial == null) {
      failed = true;
      return Optional.empty();
    }
    return Optional.of(new Owned(variable, axes, initial, span));
  }

  private static String plain(String axisName) {
    int cut = axisName.indexOf('#');
    return cut < 0 ? axisName : axisName.substring(0, cut);
  }

  /** One axis for each dimension; null where one failed. */
  private List<Axis> axes(Optional<List<Ast.DimItem>> dims, Context c) {
    if (dims.isEmpty()) {
      return frame.where() == Where.OPTIMIZER ? frame.axes("_", parameterShape()) : List.of();
    }
    var axes = new ArrayList<Axis>();
    boolean bad = false;
    for (var item : dims.get()) {
      switch (item) {
        case Ast.DimSize(var size, var span) -> bad |= !add("_", size, span, axes, c);
        case Ast.DimIndexed(var index, var size, var span) ->
            bad |= !add(index.text(), size, span, axes, c);
        case Ast.DimRun(var name, _) -> {
          if (frame.find(name.text()) instanceof Entity.Run run) {
            axes.addAll(frame.axes("_", run.dimensions()));
          } else {
            bad = true;
          }
        }
        case Ast.DimBatch(var span) -> {
          frame.report(new ShapeProblem.OpenInParam(span, "it", "batch", Optional.empty()));
          bad = true;
        }
        case Ast.Missing _ -> bad = true;
      }
    }
    return bad ? null : axes;
  }

  private boolean add(String name, Ast.Expr size, Span span, List<Axis> axes, Context c) {
    var dimension = typer.dimension(size, c);
    if (dimension == null || !typer.statics().positive(dimension, span, "a dimension", c)) {
      return false;
    }
    axes.add(frame.axis(name, dimension));
    return true;
  }

  private List<Dimension> parameterShape() {
    for (var entity : frame.names().values()) {
      if (entity instanceof Entity.Tensor t && t.variable().role() == Role.INPUT) {
        return t.variable().type().shape();
      }
    }
    return List.of();
  }

  /** LR-26: the shape is made of numbers; symbols of a generic check stand for numbers. */
  private boolean isFixed(Ast.Name name, List<Dimension> shape) {
    var open = frame.engine().open();
    for (var dimension : shape) {
      for (var atom : dimension.size().variables()) {
        if (atom instanceof Atom.Dim(var dim) && (open.contains(dim) || dim.equals("batch"))) {
          frame.report(
              new ShapeProblem.OpenInParam(name.span(), name.text(), dim, Optional.empty()));
          return false;
        }
      }
    }
    return true;
  }

  private Typed.Expr initial(
      Ast.Name name, Ast.Relation relation, Ast.Expr value, Element element, Context c) {
    var x =
        switch (relation) {
          case EQUALS -> typer.type(value, c);
          case DRAWN -> typer.definitions().draws().draw(value, c);
        };
    if (x == null) {
      return null;
    }
    if (x.type().rank() > 0) {
      frame.report(
          new ShapeProblem.BareTensor(
              value.span(), value.span().text(), Types.text(x.type().shape()), Optional.empty()));
      return null;
    }
    return typer.coercions().to(element, x, "the first value of " + name.text(), c);
  }
}
