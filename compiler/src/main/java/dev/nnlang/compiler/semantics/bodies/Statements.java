package dev.nnlang.compiler.semantics.bodies;

import dev.nnlang.compiler.semantics.Mode;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Owned;
import dev.nnlang.compiler.semantics.Typed.Role;
import dev.nnlang.compiler.semantics.Typed.Variable;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.semantics.problem.ShapeProblem;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The statements of one body: static ifs are decided, names declared, then every equation gets its
 * meaning in the order written; what it reads gets it before, whatever the order.
 */
public final class Statements {
  private final Typer typer;
  private final Frame frame;
  private final Owners owners;
  private final List<Owned> owned = new ArrayList<>();

  /** The equations of this static case, in source order, with what they define. */
  private final List<Work> work = new ArrayList<>();

  private record Work(Ast.Statement statement, List<Entity> targets) {}

  public Statements(Typer typer, Frame frame) {
    this.typer = typer;
    this.frame = frame;
    this.owners = new Owners(typer, frame);
  }

  List<Owned> owned() {
    return owned;
  }

  /** Declares an output, or a tensor of a sample. */
  Entity.Local output(String name, Typed.Type type, Span span) {
    if (frame.find(name) instanceof Entity.Tensor t) {
      // An output that is an input needs no equation; it has been said where one is written.
      var same = new Entity.Local(name, span, type);
      same.variable = t.variable();
      same.state = Entity.State.DONE;
      return same;
    }
    var local = new Entity.Local(name, span, type);
    local.variable = new Variable(name, Role.LOCAL, type, span);
    frame.found(local.variable);
    frame.declare(name, local);
    return local;
  }

  /** A one-expression body. */
  void single(Entity.Local output, Ast.Single body) {
    var left =
        new Ast.Left(new Ast.Name(output.name, output.span), false, Optional.empty(), output.span);
    var equation =
        new Ast.Equation(
            Optional.empty(), left, Optional.empty(), body.relation(), body.value(), body.span());
    output.definition = equation;
    work.add(new Work(equation, List.of(output)));
  }

  /** Declares what stands in a block, the branches taken of its static ifs included. */
  public void block(Ast.Block block) {
    for (var s : block.statements()) {
      if (s instanceof Ast.DimDef d) {
        frame.declare(d.name().text(), Entity.Size.defined(d));
      } else if (s instanceof Ast.ConstDef k) {
        frame.declare(k.name().text(), new Entity.Setting(k.name().span(), k.value(), Wanted.ANY));
      }
    }
    for (var s : block.statements()) {
      statement(s);
    }
  }

  private void statement(Ast.Statement s) {
    switch (s) {
      case Ast.Equation e -> equation(e);
      case Ast.Destructuring d -> destructuring(d);
      case Ast.Param p -> owners.param(p).ifPresent(owned::add);
      case Ast.State p -> owners.state(p).ifPresent(owned::add);
      case Ast.If i -> {
        var taken = typer.statics().decide(i.condition(), Context.of(frame));
        if (taken.isPresent()) {
          if (taken.get()) {
            block(i.then());
          } else {
            i.otherwise().ifPresent(this::block);
          }
        } else {
          fail(i.then());
          i.otherwise().ifPresent(this::fail);
        }
      }
      // Dimensions are declared already; what has no place here the parser or the names said.
      case Ast.DimDef _,
          Ast.ConstDef _,
          Ast.EnumDim _,
          Ast.Source _,
          Ast.Sample _,
          Ast.Fit _,
          Ast.Setting _,
          Ast.Missing _ -> {}
    }
  }

  /** Nothing is said about names whose branch could not be decided. */
  private void fail(Ast.Block block) {
    for (var s : block.statements()) {
      switch (s) {
        case Ast.Equation e -> failed(e.left().name());
        case Ast.Destructuring d -> d.targets().forEach(t -> t.name().ifPresent(this::failed));
        case Ast.Param p -> failed(p.name());
        case Ast.State p -> failed(p.name());
        case Ast.If i -> {
          fail(i.then());
          i.otherwise().ifPresent(this::fail);
        }
        default -> {}
      }
    }
    broken = true;
  }

  private boolean broken;

  private void failed(Ast.Name name) {
    if (frame.find(name.text()) instanceof Entity.Local local) {
      local.state = Entity.State.DONE;
    }
    frame.declare(name.text(), new Entity.Failed(name.span()));
  }

  private void equation(Ast.Equation e) {
    var name = e.left().name();
    if (name.isMissing()) {
      broken = true;
      return;
    }
    if (e.left().primed() && frame.where().ownsParams() && frame.mode() == Mode.INFERENCE) {
      // LR-19: what is deployed takes no next values.
      frame.engine().askedForTraining();
      return;
    }
    var known = frame.find(name.text());
    switch (known) {
      case null -> {
        if (isMaker(e)) {
          frame.declare(name.text(), new Entity.Bound(name.text(), name.span(), e.right()));
        } else {
          var local = new Entity.Local(name.text(), name.span(), null);
          frame.declare(name.text(), local);
          local.definition = e;
          work.add(new Work(e, List.of(local)));
        }
      }
      case Entity.Local local when !e.left().primed() && local.definition == null -> {
        local.definition = e;
        work.add(new Work(e, List.of(local)));
      }
      case Entity.Tensor t when e.left().primed() -> work.add(new Work(e, List.of(t)));
      // Defined twice, or not to be defined: the check of names has said so.
      default -> broken = true;
    }
  }

  /** {@code enc = Encoder(32)}, {@code chain = repeat(4, Block())}: an instance gets a name. */
  private boolean isMaker(Ast.Equation e) {
    if (e.relation() != Ast.Relation.EQUALS
        || e.left().items().isPresent()
        || e.left().primed()
        || !frame.where().makesLayers()) {
      return false;
    }
    var base = e.right();
    int lists = 0;
    while (base instanceof Ast.Call call) {
      base = call.callee();
      lists++;
    }
    if (lists > 1 || !(base instanceof Ast.Ref || base instanceof Ast.Member)) {
      return false;
    }
    return switch (typer.calls().callee(base, Context.of(frame))) {
      case Callee.Made(var maker) -> maker.symbol().isMaker();
      case Callee.Repeated _ -> lists == 0;
      case Callee.BuiltIn(var name) -> name.equals("repeat") && lists == 1;
      case Callee.Shared _, Callee.Other _, Callee.Failed _ -> false;
    };
  }

  private void destructuring(Ast.Destructuring d) {
    var targets = new ArrayList<Entity>();
    for (var target : d.targets()) {
      if (target.name().isEmpty()) {
        targets.add(null);
        continue;
      }
      var name = target.name().get();
      Entity.Local local;
      if (frame.find(name.text()) instanceof Entity.Local known) {
        local = known;
      } else {
        local = new Entity.Local(name.text(), name.span(), null);
        frame.declare(name.text(), local);
      }
      if (local.definition == null) {
        local.definition = d;
      } else {
        broken = true;
      }
      targets.add(local);
    }
    work.add(new Work(d, targets));
  }

  /** LR-39: a tensor holds at most 2^31 - 1 elements per example; what is not is reported. */
  static boolean fitsMemory(Variable variable, Frame frame) {
    var count = BigInteger.ONE;
    for (var dimension : variable.type().shape()) {
      if (dimension.isBatch()) {
        continue;
      }
      if (!dimension.size().isConstant()) {
        return true;
      }
      count = count.multiply(BigInteger.valueOf(dimension.size().constantTerm()));
    }
    if (count.bitLength() < Integer.SIZE) {
      return true;
    }
    frame.report(
        new ShapeProblem.TooLarge(
            variable.span(),
            variable.name(),
            Types.text(variable.type().shape()),
            count.toString()));
    return false;
  }

  /** The meaning of all equations, in source order; null where one failed. */
  public List<Typed.Statement> finish() {
    var statements = new ArrayList<Typed.Statement>();
    boolean failed = broken || owners.failed();
    for (var item : work) {
      var done = typer.definitions().statement(item.statement(), item.targets(), frame);
      if (done == null) {
        failed = true;
      } else {
        statements.add(done);
      }
    }
    for (var item : owned) {
      failed |= !fitsMemory(item.variable(), frame);
    }
    for (var done : statements) {
      switch (done) {
        case Typed.Define d -> failed |= !fitsMemory(d.target(), frame);
        case Typed.DefineAll d -> {
          for (var target : d.targets()) {
            failed |= target.isPresent() && !fitsMemory(target.get(), frame);
          }
        }
      }
    }
    if (!failed) {
      failed = !Recurrences.legal(statements, frame);
    }
    return failed ? null : statements;
  }
}
