package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.semantics.names.Workspace.Declared;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;

/** Walks the declarations of a file: what each declares first, then what its text reads. */
final class DeclaredNames {
  private final Lookup lookup;
  private final ReadNames read;

  private DeclaredNames(Lookup lookup) {
    this.lookup = lookup;
    this.read = new ReadNames(lookup);
  }

  static Names of(Lookup lookup) {
    var declared = new DeclaredNames(lookup);
    lookup.file().declarations().forEach(declared::declaration);
    return declared.read.names();
  }

  private void top(Ast.Name name, Ast.Declaration declaration) {
    read.told(name, Lookup.meaning(new Declared(lookup.file(), name, declaration, false)), true);
  }

  // Declarations.

  private void declaration(Ast.Declaration declaration) {
    switch (declaration) {
      case Ast.Use use -> use(use);
      case Ast.DimDef d -> {
        top(d.name(), d);
        read.expr(d.value(), Scope.EMPTY);
      }
      case Ast.EnumDim d -> {
        top(d.name(), d);
        for (var member : d.members()) {
          read.told(member.name(), ReadNames.member(d, member), true);
        }
      }
      case Ast.ConstDef d -> {
        top(d.name(), d);
        read.expr(d.value(), Scope.EMPTY);
      }
      case Ast.Function f -> {
        top(f.name(), f);
        function(f);
      }
      case Ast.Data d -> {
        top(d.name(), d);
        data(d);
      }
      case Ast.Train t -> {
        top(t.name(), t);
        train(t);
      }
      case Ast.Missing _ -> {}
    }
  }

  private void use(Ast.Use use) {
    lookup
        .workspace()
        .used(lookup.file(), use)
        .ifPresent(
            used ->
                read.told(
                    use.path().span(),
                    new Meaning(
                        Meaning.Sort.FILE,
                        use.path().value(),
                        used.span().file().span(0, 0),
                        use)));
    for (var name : use.names().orElse(List.of())) {
      lookup
          .workspace()
          .find(lookup.file(), name.text())
          .ifPresent(d -> read.told(name, Lookup.meaning(d), false));
    }
  }

  private void function(Ast.Function f) {
    var scope = Scope.fresh();
    f.configs().forEach(c -> read.declare(Meaning.Sort.CONFIG, c.name(), c, scope));
    if (f.body() instanceof Ast.Block block) {
      sizes(block, scope);
    }
    f.inputs().forEach(port -> inferred(port, f, scope));
    f.inputs().forEach(port -> read.declare(Meaning.Sort.INPUT, port.name(), port, scope));
    f.outputs().forEach(port -> read.declare(Meaning.Sort.OUTPUT, port.name(), port, scope));
    if (f.body() instanceof Ast.Block block) {
      locals(block, scope);
    }
    read.region(f.span(), scope.names());
    f.configs().forEach(c -> c.fallback().ifPresent(e -> read.expr(e, scope)));
    f.inputs().forEach(port -> read.port(port, scope));
    f.outputs().forEach(port -> read.port(port, scope));
    f.conditions().forEach(c -> read.expr(c.test(), scope));
    switch (f.body()) {
      case Ast.Single single -> read.expr(single.value(), scope);
      case Ast.Block block -> read.block(block, scope);
    }
  }

  /** Names that stand only in the inputs' shapes are dimensions that each use decides. */
  private void inferred(Ast.Port port, Ast node, Scope scope) {
    for (var item : port.dims().orElse(List.of())) {
      switch (item) {
        case Ast.DimSize(var size, _) -> inferred(size, node, scope);
        case Ast.DimRun(var name, _) ->
            scope
                .names()
                .putIfAbsent(
                    name.text(), new Meaning(Meaning.Sort.RUN, name.text(), name.span(), node));
        case Ast.DimBatch _, Ast.DimIndexed _, Ast.Missing _ -> {}
      }
    }
    if (port.type().orElse(null) instanceof Ast.IndexType(var dimension, _)) {
      inferred(dimension, node, scope);
    }
  }

  private void inferred(Ast.Expr size, Ast node, Scope scope) {
    switch (size) {
      case Ast.Ref r -> {
        boolean isFiles =
            lookup
                .workspace()
                .find(lookup.file(), r.name().text())
                .filter(d -> !d.isLibrary())
                .isPresent();
        if (!isFiles && !r.name().isMissing() && !r.name().text().equals("batch")) {
          scope
              .names()
              .putIfAbsent(
                  r.name().text(),
                  new Meaning(Meaning.Sort.DIM, r.name().text(), r.name().span(), node));
        }
      }
      case Ast.Binary b -> {
        inferred(b.left(), node, scope);
        inferred(b.right(), node, scope);
      }
      default -> {}
    }
  }

  private void data(Ast.Data d) {
    var scope = Scope.fresh();
    d.configs().forEach(c -> read.declare(Meaning.Sort.CONFIG, c.name(), c, scope));
    sizes(d.body(), scope);
    for (var s : d.body().statements()) {
      if (s instanceof Ast.Source source) {
        for (var item : source.dims().orElse(List.of())) {
          if (item instanceof Ast.DimSize(var size, _)) {
            inferred(size, source, scope);
          }
        }
        read.declare(Meaning.Sort.SOURCE, source.name(), source, scope);
      }
      if (s instanceof Ast.Fit fit) {
        locals(fit.body(), scope);
      }
    }
    read.region(d.span(), scope.names());
    d.configs().forEach(c -> c.fallback().ifPresent(e -> read.expr(e, scope)));
    for (var s : d.body().statements()) {
      if (s instanceof Ast.Sample sample) {
        var inner = scope.child();
        read.declare(Meaning.Sort.INDEX, sample.index(), sample, inner);
        sample.outputs().forEach(p -> read.declare(Meaning.Sort.SAMPLE, p.name(), p, inner));
        locals(sample.body(), inner);
        read.region(sample.span(), inner.names());
        sample.outputs().forEach(p -> read.port(p, inner));
        read.block(sample.body(), inner);
      } else {
        read.statement(s, scope);
      }
    }
  }

  private void train(Ast.Train t) {
    var scope = Scope.fresh();
    lookup
        .callee(t.model(), Scope.EMPTY)
        .ifPresent(
            model -> {
              model.inputs().forEach(p -> known(Meaning.Sort.INPUT, p, scope));
              model.outputs().forEach(p -> known(Meaning.Sort.OUTPUT, p, scope));
            });
    lookup
        .dataOf(t)
        .ifPresent(
            data -> {
              for (var s : data.body().statements()) {
                if (s instanceof Ast.Sample sample) {
                  sample.outputs().forEach(p -> known(Meaning.Sort.SAMPLE, p, scope));
                }
              }
            });
    read.region(t.span(), scope.names());
    read.expr(t.model(), Scope.EMPTY);
    read.expr(t.data(), Scope.EMPTY);
    t.settings().forEach(s -> read.expr(s.value(), scope));
  }

  private static void known(Meaning.Sort sort, Ast.Port port, Scope scope) {
    scope
        .names()
        .putIfAbsent(
            port.name().text(), new Meaning(sort, port.name().text(), port.name().span(), port));
  }

  // Locals.

  private void sizes(Ast.Block block, Scope scope) {
    for (var s : block.statements()) {
      switch (s) {
        case Ast.DimDef d -> read.declare(Meaning.Sort.DIM, d.name(), d, scope);
        case Ast.ConstDef d -> read.declare(Meaning.Sort.CONST, d.name(), d, scope);
        default -> {}
      }
    }
  }

  private void locals(Ast.Block block, Scope scope) {
    for (var s : block.statements()) {
      switch (s) {
        case Ast.Equation e when e.left().primed() ->
            lookup
                .find(e.left().name().text(), scope)
                .ifPresent(m -> read.told(e.left().name(), m, false));
        case Ast.Equation e ->
            read.declare(
                isInstance(e, scope) ? Meaning.Sort.INSTANCE : Meaning.Sort.LOCAL,
                e.left().name(),
                e,
                scope);
        case Ast.Destructuring d ->
            d.targets()
                .forEach(
                    t -> t.name().ifPresent(n -> read.declare(Meaning.Sort.LOCAL, n, d, scope)));
        case Ast.Param p -> read.declare(Meaning.Sort.PARAM, p.name(), p, scope);
        case Ast.State p -> read.declare(Meaning.Sort.STATE, p.name(), p, scope);
        case Ast.If choice -> {
          sizes(choice.then(), scope);
          locals(choice.then(), scope);
          choice.otherwise().ifPresent(b -> sizes(b, scope));
          choice.otherwise().ifPresent(b -> locals(b, scope));
        }
        case Ast.DimDef _,
            Ast.EnumDim _,
            Ast.ConstDef _,
            Ast.Source _,
            Ast.Sample _,
            Ast.Fit _,
            Ast.Setting _,
            Ast.Missing _ -> {}
      }
    }
  }

  /** {@code enc = Encoder(32)}: a maker with at most its config. */
  private boolean isInstance(Ast.Equation e, Scope scope) {
    boolean isBare = e.left().items().isEmpty() && e.relation() == Ast.Relation.EQUALS;
    var right = e.right();
    boolean isRepeat =
        right instanceof Ast.Call(Ast.Ref r, _, _) && r.name().text().equals("repeat");
    boolean isOneList =
        right instanceof Ast.Ref
            || right instanceof Ast.Member
            || right instanceof Ast.Call call && !(call.callee() instanceof Ast.Call);
    return isBare
        && (isRepeat
            || isOneList
                && lookup
                    .callee(right, scope)
                    .filter(f -> f.kind() == Ast.Kind.LAYER || f.kind() == Ast.Kind.MODEL)
                    .isPresent());
  }
}
