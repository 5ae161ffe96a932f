package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.SizeText;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Typed.Element;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.names.Names;
import dev.nnlang.compiler.semantics.names.Where;
import dev.nnlang.compiler.semantics.problem.ConfigProblem;
import dev.nnlang.compiler.semantics.problem.EquationProblem;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.size.Facts;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.AstWalk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Binds a declaration's head at a use: config, dimensions from the inputs, conditions. */
public final class Signature {
  private final Typer typer;
  private final Frame frame;
  private final Ast.Function f;
  private final Frame caller;

  public Signature(Typer typer, Frame frame, Ast.Function f, Optional<Frame> caller) {
    this.typer = typer;
    this.frame = frame;
    this.f = f;
    this.caller = caller.orElse(frame);
  }

  /** Declares config; false where one is missing. */
  public boolean config(Map<String, Value> given) {
    boolean complete = true;
    for (var config : f.configs()) {
      var name = config.name().text();
      var value = given.get(name);
      if (value != null) {
        frame.declare(name, Entity.Setting.of(value, config.name().span()));
      } else if (config.fallback().isPresent()) {
        var wanted =
            frame.symbol().map(s -> typer.calls().configs().wanted(s, config)).orElse(Wanted.ANY);
        frame.declare(
            name, new Entity.Setting(config.name().span(), config.fallback().get(), wanted));
      } else {
        caller.report(
            new ConfigProblem.MissingConfig(
                frame.at(), f.name().text(), name, config.name().span()));
        complete = false;
      }
    }
    return complete;
  }

  /**
   * A head's inputs at a use.
   *
   * @param given variables of the inputs that the call gives, in order
   * @param defaults what defines the others
   */
  record Inputs(List<Variable> given, List<Typed.Define> defaults) {
    /** All that the head declares. */
    List<Variable> all() {
      var all = new ArrayList<>(given);
      defaults.forEach(d -> all.add(d.target()));
      return all;
    }
  }

  /**
   * The inputs for arguments of these types, empty where one is left to its default; null where
   * they do not fit.
   */
  Inputs inputs(List<Optional<Typed.Type>> types) {
    var fresh = Names.fresh(f, frame.unit());
    for (int i = 0; i < f.inputs().size(); i++) {
      if (types.get(i).isPresent() && !infer(f.inputs().get(i), types.get(i).get(), fresh)) {
        return null;
      }
    }
    solve(types, fresh);
    var later = new LinkedHashSet<String>();
    for (int i = 0; i < f.inputs().size(); i++) {
      if (types.get(i).isEmpty()) {
        names(f.inputs().get(i), later);
      }
    }
    fresh.removeAll(later);
    if (!areInferred(fresh)) {
      return null;
    }
    boolean failed = false;
    var variables = new ArrayList<Variable>();
    for (int i = 0; i < f.inputs().size(); i++) {
      if (types.get(i).isPresent()) {
        var variable = input(f.inputs().get(i), types.get(i).get());
        if (variable == null) {
          failed = true;
        } else {
          variables.add(variable);
          frame.found(variable);
          frame.declare(variable.name(), new Entity.Tensor(variable, variable.span()));
        }
      }
    }
    var defaults = new ArrayList<Typed.Define>();
    for (int i = 0; i < f.inputs().size() && !failed; i++) {
      var port = f.inputs().get(i);
      if (types.get(i).isEmpty()) {
        if (!(port.absent().orElse(null) instanceof Ast.Default(var written, _))) {
          // Not a value: the check of names has said so.
          return null;
        }
        var define = fallback(port, written, later);
        if (define == null) {
          failed = true;
        } else {
          defaults.add(define);
          frame.found(define.target());
          frame.declare(port.name().text(), new Entity.Tensor(define.target(), port.name().span()));
        }
      }
    }
    return failed ? null : new Inputs(variables, defaults);
  }

  private boolean areInferred(Set<String> names) {
    var open = names.stream().filter(name -> frame.find(name) == null).toList();
    if (!open.isEmpty()) {
      // The declaration's mistake, whoever uses it.
      frame.engine().report(new ShapeProblem.CannotInfer(showing(open), open, f.name().text()));
    }
    return open.isEmpty();
  }

  /** An input that the call leaves out, as a definition; null where its default does not fit. */
  private Typed.Define fallback(Ast.Port port, Ast.Expr written, Set<String> later) {
    var c = Context.of(frame);
    boolean isWhole =
        port.type().orElse(null) instanceof Ast.ScalarType(var kind, _) && kind == Ast.Scalar.INT;
    var name = port.name().text();
    var x =
        isWhole
            ? typer.integer(written, "the input " + name, c.integer())
            : typer.type(written, c.value());
    if (x == null || x.type().rank() > 0 && !fits(port, x, later)) {
      return null;
    }
    var mine = new LinkedHashSet<String>();
    names(port, mine);
    mine.retainAll(later);
    if (!areInferred(mine)) {
      return null;
    }
    var element = port.type().map(t -> typer.definitions().element(t, c)).orElse(Types.REAL);
    var shape = shape(port, c);
    x = element == null ? null : typer.coercions().to(element, x, "the input " + name, c);
    if (x == null || shape == null) {
      return null;
    }
    boolean isFilled = x.type().rank() == 0;
    var left =
        shape.stream()
            .map(d -> isFilled ? Optional.of(frame.axis("i", d)) : Optional.<Typed.Axis>empty())
            .toList();
    var variable = new Variable(name, Role.LOCAL, Types.of(element, shape), port.name().span());
    return new Typed.Define(variable, false, left, x, port.span());
  }

  /** Whether a default of some shape has the declared one; dimensions are inferred from it, too. */
  private boolean fits(Ast.Port port, Typed.Expr x, Set<String> later) {
    var dims = port.dims().orElse(List.of());
    boolean hasRun = dims.stream().anyMatch(d -> d instanceof Ast.DimRun);
    if (hasRun ? x.type().rank() < dims.size() - 1 : x.type().rank() != dims.size()) {
      frame.report(
          new EquationProblem.FallbackShape(
              x.span(), port.span().text(), Types.text(x.type().shape())));
      return false;
    }
    return infer(port, x.type(), later) && input(port, x.type()) != null;
  }

  /** The dimension names that a head's entry may bind. */
  private void names(Ast.Port port, Set<String> names) {
    for (var item : port.dims().orElse(List.of())) {
      if (item instanceof Ast.DimSize(var size, _)) {
        Names.collect(size, names);
      }
    }
    if (port.type().isPresent() && port.type().get() instanceof Ast.IndexType(var d, _)) {
      Names.collect(d, names);
    }
    names.removeIf(n -> frame.find(n) != null || frame.unit().findNear(n).isPresent());
  }

  /** The size in whose arithmetic a dimension stands that cannot be solved for. */
  private Span showing(List<String> open) {
    for (var port : f.inputs()) {
      for (var item : port.dims().orElse(List.of())) {
        if (item instanceof Ast.DimSize(var size, var span)) {
          var inside = new LinkedHashSet<String>();
          Names.collect(size, inside);
          if (inside.stream().anyMatch(open::contains)) {
            return span;
          }
        }
      }
    }
    return f.name().span();
  }

  /** Dimensions that are a name alone, and runs, take what the argument has. */
  private boolean infer(Ast.Port port, Typed.Type type, Set<String> fresh) {
    if (port.type().isPresent()
        && port.type().get() instanceof Ast.IndexType(Ast.Ref d, _)
        && type.element() instanceof Element.IndexOf(var of)
        && fresh.contains(d.name().text())
        && !inSomeShape(d.name().text())) {
      frame.declare(d.name().text(), Entity.Size.known(of, d.span()));
    }
    if (port.dims().isEmpty()) {
      return true;
    }
    var items = port.dims().get();
    long runs = items.stream().filter(d -> d instanceof Ast.DimRun).count();
    if (runs > 1) {
      frame.report(new ShapeProblem.TwoRuns(port.span(), port.name().text()));
      return false;
    }
    int at = 0;
    for (var item : items) {
      switch (item) {
        case Ast.DimBatch _ -> {
          frame.seeBatch();
          at++;
        }
        case Ast.DimSize(Ast.Ref r, _) -> {
          if (fresh.contains(r.name().text())) {
            frame.declare(r.name().text(), Entity.Size.known(type.shape().get(at), r.span()));
          }
          at++;
        }
        case Ast.DimRun(var name, var span) -> {
          int length = type.rank() - items.size() + 1;
          var run = type.shape().subList(at, at + length);
          if (frame.find(name.text()) instanceof Entity.Run known) {
            var verdict = Shapes.equal(known.dimensions(), run, Context.of(caller));
            if (verdict.fails()) {
              caller.report(
                  new ShapeProblem.RunsDiffer(
                      frame.at(),
                      f.name().text(),
                      name.text(),
                      Types.text(known.dimensions()),
                      Types.text(run),
                      span));
              return false;
            }
          } else {
            frame.declare(name.text(), new Entity.Run(List.copyOf(run), span));
          }
          at += length;
        }
        case Ast.DimSize _, Ast.DimIndexed _, Ast.Missing _ -> at++;
      }
    }
    return true;
  }

  private boolean inSomeShape(String name) {
    return f.inputs().stream()
        .flatMap(p -> p.dims().orElse(List.of()).stream())
        .anyMatch(d -> d instanceof Ast.DimSize(Ast.Ref r, _) && r.name().text().equals(name));
  }

  /** A name that stands only in arithmetic, {@code x[2 * N]}, is solved for. */
  private void solve(List<Optional<Typed.Type>> types, Set<String> fresh) {
    for (int i = 0; i < f.inputs().size(); i++) {
      var items = f.inputs().get(i).dims().orElse(List.of());
      if (types.get(i).isEmpty() || items.stream().anyMatch(d -> d instanceof Ast.DimRun)) {
        continue;
      }
      for (int k = 0; k < items.size(); k++) {
        if (items.get(k) instanceof Ast.DimSize(var size, var span)) {
          var inside = new LinkedHashSet<String>();
          Names.collect(size, inside);
          var open =
              inside.stream().filter(n -> fresh.contains(n) && frame.find(n) == null).toList();
          if (open.size() == 1) {
            solve(open.getFirst(), size, types.get(i).get().shape().get(k).size(), span);
          }
        }
      }
    }
  }

  private void solve(String name, Ast.Expr size, Poly wanted, Span span) {
    var symbol = new dev.nnlang.compiler.size.Atom.Dim("?" + name);
    frame.names().put(name, Entity.Size.known(Dimension.of(Poly.of(symbol)), span));
    var found = frame.engine().quietly(() -> typer.dimension(size, Context.of(frame)));
    frame.names().remove(name);
    if (found == null) {
      return;
    }
    var factor = found.size().coefficient(symbol);
    var rest = wanted.minus(found.size().minus(factor.times(Poly.of(symbol))));
    if (rest.mentions(symbol) || factor.mentions(symbol) || factor.is(0)) {
      return;
    }
    frame.declare(name, Entity.Size.known(Dimension.of(rest.floorDiv(factor)), span));
  }

  private Variable input(Ast.Port port, Typed.Type given) {
    var c = Context.of(frame);
    Element element = Types.REAL;
    if (port.type().isPresent()) {
      element = typer.definitions().element(port.type().get(), c);
      if (element == null) {
        return null;
      }
    }
    if (port.dims().isEmpty() && frame.where() != Where.OPTIMIZER) {
      return new Variable(
          port.name().text(), Role.INPUT, Types.scalar(element), port.name().span());
    }
    var items = port.dims().orElse(List.of());
    int at = 0;
    for (var item : items) {
      if (item instanceof Ast.DimRun) {
        at += given.rank() - items.size() + 1;
        continue;
      }
      if (item instanceof Ast.DimSize(var size, var span)
          && !check(port, size, given, given.shape().get(at), span)) {
        return null;
      }
      at++;
    }
    return new Variable(
        port.name().text(), Role.INPUT, Types.of(element, given.shape()), port.name().span());
  }

  /** A declared size against the argument's. */
  private boolean check(
      Ast.Port port, Ast.Expr size, Typed.Type given, Dimension found, Span span) {
    var wanted = typer.dimension(size, Context.of(frame));
    if (wanted == null) {
      return false;
    }
    var c = Context.of(caller);
    var verdict = Shapes.equal(wanted, found, c);
    if (verdict.fails()) {
      caller.report(
          new ShapeProblem.SizeDiffers(
              frame.at(),
              f.name().text(),
              Mapping.text(port),
              span.text(),
              Types.size(wanted),
              Types.size(found),
              verdict.counterexample(),
              port.span(),
              frame.given(f.inputs().indexOf(port)),
              Types.text(given.shape())));
      return false;
    }
    Shapes.leaveToUses(verdict, c, frame.at(), "whether " + f.name().text() + " fits here");
    return true;
  }

  /** The {@code where} conditions; false where one does not hold (LR-63). */
  boolean conditions() {
    var c = Context.of(frame);
    boolean hold = true;
    for (var condition : f.conditions()) {
      var test = typer.operators().condition(condition.test(), c);
      if (test == null) {
        hold = false;
        continue;
      }
      var truth = Folding.truth(test, Context.of(frame).prover());
      if (truth.isPresent() && !truth.get() && frame.isGeneric() && frame.caller().isEmpty()) {
        // By itself a declaration is checked for sizes that satisfy its conditions (LR-15).
        return false;
      }
      if (truth.isPresent() && !truth.get()) {
        caller.report(
            new ShapeProblem.ConditionFails(
                frame.at(),
                f.name().text(),
                condition.test().span().text(),
                condition.message().map(Ast.Text::value),
                condition.span(),
                values(condition.test())));
        hold = false;
        continue;
      }
      // Where symbols leave it open it is a fact inside; open dimensions are checked with the data.
      frame.assume(Conditions.holding(test));
    }
    return hold;
  }

  /** What the dimensions and configs of a condition are here: {@code C = 7}. */
  private String values(Ast.Expr test) {
    var known = new LinkedHashMap<String, String>();
    var c = Context.of(frame);
    new AstWalk(
            e -> {
              if (e instanceof Ast.Ref r && frame.find(r.name().text()) != null) {
                var value = frame.engine().quietly(() -> typer.type(r, c));
                switch (value) {
                  case Typed.Position p -> known.put(r.name().text(), SizeText.of(p.value()));
                  case Typed.Real x -> known.put(r.name().text(), String.valueOf(x.value()));
                  case null, default -> {}
                }
              }
            })
        .expr(test);
    return known.entrySet().stream()
        .map(k -> k.getKey() + " = " + k.getValue())
        .collect(Collectors.joining(", "));
  }

  /** The types of the outputs; null where a size fails. */
  List<Typed.Type> outputs() {
    var c = Context.of(frame);
    var types = new ArrayList<Typed.Type>();
    boolean failed = false;
    for (var port : f.outputs()) {
      Element element = Types.REAL;
      if (port.type().isPresent()) {
        element = typer.definitions().element(port.type().get(), c);
      }
      var shape = shape(port, c);
      failed |= element == null || shape == null;
      if (!failed) {
        types.add(Types.of(element, shape));
      }
    }
    return failed ? null : types;
  }

  private List<Dimension> shape(Ast.Port port, Context c) {
    var shape = new ArrayList<Dimension>();
    boolean failed = false;
    for (var item : port.dims().orElse(List.of())) {
      switch (item) {
        case Ast.DimBatch _ -> {
          frame.seeBatch();
          shape.add(Dimension.batch());
        }
        case Ast.DimSize(var size, var span) -> {
          var dimension = typer.dimension(size, c);
          if (dimension == null || !positive(port, dimension, span)) {
            failed = true;
          } else {
            shape.add(dimension);
          }
        }
        case Ast.DimRun(var name, _) -> {
          if (frame.find(name.text()) instanceof Entity.Run run) {
            shape.addAll(run.dimensions());
          } else {
            failed = true;
          }
        }
        case Ast.DimIndexed(_, var size, _) -> {
          var dimension = typer.dimension(size, c);
          failed |= dimension == null;
          if (dimension != null) {
            shape.add(dimension);
          }
        }
        case Ast.Missing _ -> failed = true;
      }
    }
    return failed ? null : shape;
  }

  /** LR-39: an output size must be at least 1; where symbols leave it open it is a fact. */
  private boolean positive(Ast.Port port, Dimension dimension, Span span) {
    var e = dimension.size().minus(1);
    if (e.isConstant()) {
      if (e.constantTerm() >= 0) {
        return true;
      }
      caller.report(
          new ShapeProblem.NotPositive(
              frame.at(),
              "the output " + port.name().text() + " of " + f.name().text(),
              Statics.arithmetic(span.text(), dimension),
              Optional.of(port.span())));
      return false;
    }
    frame.assume(Facts.NONE.atLeastZero(e));
    return true;
  }
}
