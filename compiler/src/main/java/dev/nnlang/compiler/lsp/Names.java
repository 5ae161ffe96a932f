package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.semantics.Workspace;
import dev.nnlang.compiler.semantics.Workspace.Declared;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every name of one file with what it stands for, in all branches, whether or not the text has
 * errors elsewhere; and what can be seen from each place. A name that means nothing is left out.
 */
final class Names {
  /**
   * A name in the text.
   *
   * @param at its characters, without a prime
   * @param declares whether it stands where the thing is declared or defined
   */
  record Occurrence(Span at, Meaning meaning, boolean declares) {}

  /** A part of the text, and the names that it adds to those around it. */
  record Region(Span span, Map<String, Meaning> names) {}

  private final Ast.File file;
  private final Workspace workspace;
  private final List<Occurrence> occurrences = new ArrayList<>();
  private final List<Region> regions = new ArrayList<>();

  private Names(Ast.File file, Workspace workspace) {
    this.file = file;
    this.workspace = workspace;
  }

  static Names of(Ast.File file, Workspace workspace) {
    var names = new Names(file, workspace);
    file.declarations().forEach(names::declaration);
    return names;
  }

  List<Occurrence> occurrences() {
    return occurrences;
  }

  /** The name that an offset touches; at a seam of two the one that begins there. */
  Optional<Occurrence> at(int offset) {
    Occurrence found = null;
    for (var o : occurrences) {
      if (o.at().start() <= offset && offset <= o.at().end()) {
        if (found == null || o.at().start() > found.at().start()) {
          found = o;
        }
      }
    }
    return Optional.ofNullable(found);
  }

  /** What the declaration around an offset adds to the names of the file, innermost last. */
  Map<String, Meaning> visible(int offset) {
    var visible = new LinkedHashMap<String, Meaning>();
    for (var region : regions) {
      if (region.span().start() <= offset && offset <= region.span().end()) {
        visible.putAll(region.names());
      }
    }
    return visible;
  }

  // Looking up.

  /** The meaning of a declaration at the top of a file. */
  static Meaning meaning(Declared declared) {
    var sort =
        switch (declared.declaration()) {
          case Ast.Function _ -> Meaning.Sort.FUNCTION;
          case Ast.DimDef _, Ast.EnumDim _ -> Meaning.Sort.DIM;
          case Ast.ConstDef _ -> Meaning.Sort.CONST;
          case Ast.Data _ -> Meaning.Sort.DATA;
          case Ast.Train _ -> Meaning.Sort.TRAIN;
          case Ast.Use _, Ast.Missing _ -> Meaning.Sort.FILE;
        };
    return new Meaning(
        sort, declared.name().text(), declared.name().span(), declared.declaration());
  }

  private Optional<Meaning> find(String name, Scope scope) {
    var local = scope.find(name);
    return local != null ? Optional.of(local) : workspace.find(file, name).map(Names::meaning);
  }

  /** The declaration that is called: by its name, an alias, or an instance of it. */
  Optional<Ast.Function> callee(Ast.Expr e, Scope scope) {
    return switch (e) {
      case Ast.Ref r ->
          find(r.name().text(), scope)
              .flatMap(
                  m ->
                      m.sort() == Meaning.Sort.INSTANCE && m.node() instanceof Ast.Equation made
                          ? callee(made.right(), Scope.EMPTY)
                          : m.function());
      case Ast.Member(Ast.Ref alias, var member, _) ->
          workspace
              .find(file, alias.name().text(), member.text())
              .flatMap(d -> meaning(d).function());
      case Ast.Call call -> callee(call.callee(), scope);
      default -> Optional.empty();
    };
  }

  /** Names of one declaration; indices in front of them. */
  record Scope(Map<String, Meaning> names, Map<String, Meaning> indices) {
    static final Scope EMPTY = new Scope(Map.of(), Map.of());

    static Scope fresh() {
      return new Scope(new LinkedHashMap<>(), Map.of());
    }

    Meaning find(String name) {
      var index = indices.get(name);
      return index != null ? index : names.get(name);
    }

    Scope with(Map<String, Meaning> more) {
      var all = new LinkedHashMap<>(indices);
      all.putAll(more);
      return new Scope(names, all);
    }

    Scope child() {
      return new Scope(new LinkedHashMap<>(names), indices);
    }
  }

  // Telling.

  private void told(Ast.Name name, Meaning meaning, boolean declares) {
    if (!name.isMissing()) {
      occurrences.add(new Occurrence(bare(name.span()), meaning, declares));
    }
  }

  /** Without the prime: renaming leaves it alone. */
  private static Span bare(Span span) {
    return span.text().endsWith("'") ? span.file().span(span.start(), span.end() - 1) : span;
  }

  private Meaning declare(Meaning.Sort sort, Ast.Name name, Ast node, Scope scope) {
    var known = scope.names().get(name.text());
    var meaning = known != null ? known : new Meaning(sort, name.text(), bare(name.span()), node);
    if (!name.isMissing()) {
      scope.names().putIfAbsent(name.text(), meaning);
      told(name, meaning, true);
    }
    return meaning;
  }

  private void top(Ast.Name name, Ast.Declaration declaration) {
    told(name, meaning(new Declared(file, name, declaration, false)), true);
  }

  // Declarations.

  private void declaration(Ast.Declaration declaration) {
    switch (declaration) {
      case Ast.Use use -> use(use);
      case Ast.DimDef d -> {
        top(d.name(), d);
        expr(d.value(), Scope.EMPTY);
      }
      case Ast.EnumDim d -> {
        top(d.name(), d);
        for (var member : d.members()) {
          told(member.name(), member(d, member), true);
        }
      }
      case Ast.ConstDef d -> {
        top(d.name(), d);
        expr(d.value(), Scope.EMPTY);
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

  private static Meaning member(Ast.EnumDim owner, Ast.EnumMember member) {
    return new Meaning(Meaning.Sort.MEMBER, member.name().text(), member.name().span(), owner);
  }

  private void use(Ast.Use use) {
    workspace
        .used(file, use)
        .ifPresent(
            used ->
                occurrences.add(
                    new Occurrence(
                        use.path().span(),
                        new Meaning(
                            Meaning.Sort.FILE,
                            use.path().value(),
                            used.span().file().span(0, 0),
                            use),
                        false)));
    for (var name : use.names().orElse(List.of())) {
      workspace.find(file, name.text()).ifPresent(d -> told(name, meaning(d), false));
    }
  }

  private void function(Ast.Function f) {
    var scope = Scope.fresh();
    f.configs().forEach(c -> declare(Meaning.Sort.CONFIG, c.name(), c, scope));
    if (f.body() instanceof Ast.Block block) {
      sizes(block, scope);
    }
    f.inputs().forEach(port -> inferred(port, f, scope));
    f.inputs().forEach(port -> declare(Meaning.Sort.INPUT, port.name(), port, scope));
    f.outputs().forEach(port -> declare(Meaning.Sort.OUTPUT, port.name(), port, scope));
    if (f.body() instanceof Ast.Block block) {
      locals(block, scope);
    }
    regions.add(new Region(f.span(), scope.names()));
    f.configs().forEach(c -> c.fallback().ifPresent(e -> expr(e, scope)));
    f.inputs().forEach(port -> port(port, scope));
    f.outputs().forEach(port -> port(port, scope));
    f.conditions().forEach(c -> expr(c.test(), scope));
    switch (f.body()) {
      case Ast.Single single -> expr(single.value(), scope);
      case Ast.Block block -> block(block, scope);
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
            workspace.find(file, r.name().text()).filter(d -> !d.isLibrary()).isPresent();
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

  private void port(Ast.Port port, Scope scope) {
    port.dims().ifPresent(dims -> dims.forEach(item -> dimItem(item, scope)));
    port.type().ifPresent(type -> type(type, scope));
    if (port.absent().orElse(null) instanceof Ast.Default(var value, _)) {
      expr(value, scope);
    }
  }

  private void dimItem(Ast.DimItem item, Scope scope) {
    switch (item) {
      case Ast.DimSize(var size, _) -> expr(size, scope);
      case Ast.DimRun(var name, _) -> ref(name, scope);
      case Ast.DimIndexed(_, var size, _) -> expr(size, scope);
      case Ast.DimBatch _, Ast.Missing _ -> {}
    }
  }

  private void type(Ast.Type type, Scope scope) {
    if (type instanceof Ast.IndexType(var dimension, _)) {
      expr(dimension, scope);
    }
  }

  private void data(Ast.Data d) {
    var scope = Scope.fresh();
    d.configs().forEach(c -> declare(Meaning.Sort.CONFIG, c.name(), c, scope));
    sizes(d.body(), scope);
    for (var s : d.body().statements()) {
      if (s instanceof Ast.Source source) {
        for (var item : source.dims().orElse(List.of())) {
          if (item instanceof Ast.DimSize(var size, _)) {
            inferred(size, source, scope);
          }
        }
        declare(Meaning.Sort.SOURCE, source.name(), source, scope);
      }
      if (s instanceof Ast.Fit fit) {
        locals(fit.body(), scope);
      }
    }
    regions.add(new Region(d.span(), scope.names()));
    d.configs().forEach(c -> c.fallback().ifPresent(e -> expr(e, scope)));
    for (var s : d.body().statements()) {
      if (s instanceof Ast.Sample sample) {
        var inner = scope.child();
        declare(Meaning.Sort.INDEX, sample.index(), sample, inner);
        sample.outputs().forEach(p -> declare(Meaning.Sort.SAMPLE, p.name(), p, inner));
        locals(sample.body(), inner);
        regions.add(new Region(sample.span(), inner.names()));
        sample.outputs().forEach(p -> port(p, inner));
        block(sample.body(), inner);
      } else {
        statement(s, scope);
      }
    }
  }

  private void train(Ast.Train t) {
    var scope = Scope.fresh();
    callee(t.model(), Scope.EMPTY)
        .ifPresent(
            model -> {
              model.inputs().forEach(p -> known(Meaning.Sort.INPUT, p, scope));
              model.outputs().forEach(p -> known(Meaning.Sort.OUTPUT, p, scope));
            });
    dataOf(t)
        .ifPresent(
            data -> {
              for (var s : data.body().statements()) {
                if (s instanceof Ast.Sample sample) {
                  sample.outputs().forEach(p -> known(Meaning.Sort.SAMPLE, p, scope));
                }
              }
            });
    regions.add(new Region(t.span(), scope.names()));
    expr(t.model(), Scope.EMPTY);
    expr(t.data(), Scope.EMPTY);
    t.settings().forEach(s -> expr(s.value(), scope));
  }

  private static void known(Meaning.Sort sort, Ast.Port port, Scope scope) {
    scope
        .names()
        .putIfAbsent(
            port.name().text(), new Meaning(sort, port.name().text(), port.name().span(), port));
  }

  /** The data that a plan trains on. */
  Optional<Ast.Data> dataOf(Ast.Train t) {
    var name = t.data() instanceof Ast.Call call ? call.callee() : t.data();
    var found =
        switch (name) {
          case Ast.Ref r -> workspace.find(file, r.name().text());
          case Ast.Member(Ast.Ref alias, var member, _) ->
              workspace.find(file, alias.name().text(), member.text());
          default -> Optional.<Declared>empty();
        };
    return found.flatMap(
        d -> d.declaration() instanceof Ast.Data data ? Optional.of(data) : Optional.empty());
  }

  // Statements.

  private void sizes(Ast.Block block, Scope scope) {
    for (var s : block.statements()) {
      switch (s) {
        case Ast.DimDef d -> declare(Meaning.Sort.DIM, d.name(), d, scope);
        case Ast.ConstDef d -> declare(Meaning.Sort.CONST, d.name(), d, scope);
        default -> {}
      }
    }
  }

  private void locals(Ast.Block block, Scope scope) {
    for (var s : block.statements()) {
      switch (s) {
        case Ast.Equation e when e.left().primed() ->
            find(e.left().name().text(), scope).ifPresent(m -> told(e.left().name(), m, false));
        case Ast.Equation e ->
            declare(
                isInstance(e, scope) ? Meaning.Sort.INSTANCE : Meaning.Sort.LOCAL,
                e.left().name(),
                e,
                scope);
        case Ast.Destructuring d ->
            d.targets()
                .forEach(t -> t.name().ifPresent(n -> declare(Meaning.Sort.LOCAL, n, d, scope)));
        case Ast.Param p -> declare(Meaning.Sort.PARAM, p.name(), p, scope);
        case Ast.State p -> declare(Meaning.Sort.STATE, p.name(), p, scope);
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
                && callee(right, scope)
                    .filter(f -> f.kind() == Ast.Kind.LAYER || f.kind() == Ast.Kind.MODEL)
                    .isPresent());
  }

  private void block(Ast.Block block, Scope scope) {
    block.statements().forEach(s -> statement(s, scope));
  }

  private void statement(Ast.Statement s, Scope scope) {
    switch (s) {
      case Ast.DimDef d -> expr(d.value(), scope);
      case Ast.ConstDef d -> expr(d.value(), scope);
      case Ast.Equation e -> equation(e, scope);
      case Ast.Destructuring d -> expr(d.right(), scope);
      case Ast.Param p -> owned(p.dims(), p.type(), p.value(), p, scope);
      case Ast.State p -> owned(p.dims(), p.type(), p.value(), p, scope);
      case Ast.Source p -> {
        p.dims().ifPresent(dims -> dims.forEach(item -> dimItem(item, scope)));
        p.type().ifPresent(type -> type(type, scope));
        arguments(p.reader(), scope);
      }
      case Ast.Fit fit -> block(fit.body(), scope);
      case Ast.Setting setting -> arguments(setting.value(), scope);
      case Ast.If choice -> {
        expr(choice.condition(), scope);
        block(choice.then(), scope);
        choice.otherwise().ifPresent(b -> block(b, scope));
      }
      case Ast.Sample _, Ast.EnumDim _, Ast.Missing _ -> {}
    }
  }

  /** Readers and splits are no declarations; their arguments are values. */
  private void arguments(Ast.Expr e, Scope scope) {
    if (e instanceof Ast.Call call) {
      call.arguments().forEach(a -> expr(a.value(), scope));
    } else {
      expr(e, scope);
    }
  }

  private void owned(
      Optional<List<Ast.DimItem>> dims,
      Optional<Ast.Type> type,
      Ast.Expr value,
      Ast node,
      Scope scope) {
    var indices = new LinkedHashMap<String, Meaning>();
    for (var item : dims.orElse(List.of())) {
      dimItem(item, scope);
      if (item instanceof Ast.DimIndexed(var index, _, _)) {
        index(index, node, indices);
      }
    }
    type.ifPresent(t -> type(t, scope));
    expr(value, scope.with(indices));
  }

  private void equation(Ast.Equation e, Scope scope) {
    var indices = new LinkedHashMap<String, Meaning>();
    for (var item : e.left().items().orElse(List.of())) {
      switch (item) {
        case Ast.LeftIndex(var index, var range, _) -> {
          range.ifPresent(r -> expr(r, scope));
          boolean isRange =
              index.isUpper() && range.isEmpty() && e.relation() == Ast.Relation.DRAWN;
          if (isRange) {
            ref(index, scope);
          } else {
            index(index, e, indices);
          }
        }
        case Ast.LeftRun(var name, _) -> index(name, e, indices);
        case Ast.LeftWhole _, Ast.Missing _ -> {}
      }
    }
    e.type().ifPresent(t -> type(t, scope));
    var inner = scope.with(indices);
    regions.add(new Region(e.span(), inner.indices()));
    expr(e.right(), inner);
  }

  private void index(Ast.Name name, Ast node, Map<String, Meaning> indices) {
    var meaning = new Meaning(Meaning.Sort.INDEX, name.text(), name.span(), node);
    indices.putIfAbsent(name.text(), meaning);
    told(name, indices.get(name.text()), true);
  }

  // Expressions.

  private void ref(Ast.Name name, Scope scope) {
    find(name.text(), scope).ifPresent(m -> told(name, m, false));
  }

  private void expr(Ast.Expr e, Scope scope) {
    switch (e) {
      case Ast.Ref r -> ref(r.name(), scope);
      case Ast.Member m -> memberOf(m, scope);
      case Ast.Call call -> {
        expr(call.callee(), scope);
        var callee = callee(call.callee(), scope);
        for (var argument : call.arguments()) {
          argument.name().ifPresent(name -> callee.ifPresent(f -> config(name, f)));
          expr(argument.value(), scope);
        }
      }
      case Ast.Reduction r -> {
        var indices = new LinkedHashMap<String, Meaning>();
        for (var binder : r.binders()) {
          switch (binder) {
            case Ast.IndexBinder(var index, var range, _) -> {
              range.ifPresent(x -> expr(x, scope));
              index(index, r, indices);
            }
            case Ast.RunBinder(var name, _) -> index(name, r, indices);
            case Ast.Missing _ -> {}
          }
        }
        var inner = scope.with(indices);
        regions.add(new Region(r.span(), inner.indices()));
        r.guard().ifPresent(g -> expr(g, inner));
        expr(r.body(), inner);
      }
      case Ast.Access a -> {
        expr(a.target(), scope);
        for (var s : a.subscripts()) {
          switch (s) {
            case Ast.At at -> expr(at.value(), scope);
            case Ast.Run run -> ref(run.name(), scope);
            case Ast.Whole _, Ast.Missing _ -> {}
          }
        }
      }
      case Ast.Pipe pipe -> {
        expr(pipe.input(), scope);
        pipe.stages().forEach(s -> expr(s.function(), scope));
      }
      case Ast.Fallback f -> {
        expr(f.read(), scope);
        expr(f.outside(), scope);
      }
      case Ast.Unary u -> expr(u.operand(), scope);
      case Ast.Binary b -> {
        expr(b.left(), scope);
        expr(b.right(), scope);
      }
      case Ast.Conditional c -> {
        expr(c.condition(), scope);
        expr(c.then(), scope);
        expr(c.otherwise(), scope);
      }
      case Ast.Named n -> expr(n.value(), scope);
      case Ast.ListOf l -> l.items().forEach(i -> expr(i, scope));
      case Ast.Range r -> {
        expr(r.from(), scope);
        expr(r.to(), scope);
      }
      case Ast.IntLiteral _, Ast.RealLiteral _, Ast.BoolLiteral _, Ast.Text _, Ast.Missing _ -> {}
    }
  }

  private void config(Ast.Name name, Ast.Function callee) {
    for (var config : callee.configs()) {
      if (config.name().text().equals(name.text())) {
        told(
            name,
            new Meaning(Meaning.Sort.CONFIG, name.text(), config.name().span(), config),
            false);
      }
    }
  }

  private void memberOf(Ast.Member m, Scope scope) {
    if (!(m.object() instanceof Ast.Ref owner)) {
      expr(m.object(), scope);
      return;
    }
    var aliased = workspace.find(file, owner.name().text(), m.member().text());
    if (aliased.isPresent() && scope.find(owner.name().text()) == null) {
      told(m.member(), meaning(aliased.get()), false);
      return;
    }
    var found = find(owner.name().text(), scope);
    found.ifPresent(x -> told(owner.name(), x, false));
    if (found.isPresent() && found.get().node() instanceof Ast.EnumDim e) {
      for (var member : e.members()) {
        if (member.name().text().equals(m.member().text())) {
          told(m.member(), member(e, member), false);
        }
      }
    }
  }
}
