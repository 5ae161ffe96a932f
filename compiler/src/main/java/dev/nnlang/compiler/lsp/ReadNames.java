package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Notes the names of statements and expressions, each with what it means in its scope. */
final class ReadNames {
  private final Lookup lookup;
  private final List<Names.Occurrence> occurrences = new ArrayList<>();
  private final List<Names.Region> regions = new ArrayList<>();

  ReadNames(Lookup lookup) {
    this.lookup = lookup;
  }

  Names names() {
    return new Names(occurrences, regions, lookup);
  }

  // Telling.

  void told(Ast.Name name, Meaning meaning, boolean declares) {
    if (!name.isMissing()) {
      occurrences.add(new Names.Occurrence(bare(name.span()), meaning, declares));
    }
  }

  /** Without the prime: renaming leaves it alone. */
  private static Span bare(Span span) {
    return span.text().endsWith("'") ? span.file().span(span.start(), span.end() - 1) : span;
  }

  Meaning declare(Meaning.Sort sort, Ast.Name name, Ast node, Scope scope) {
    var known = scope.names().get(name.text());
    var meaning = known != null ? known : new Meaning(sort, name.text(), bare(name.span()), node);
    if (!name.isMissing()) {
      scope.names().putIfAbsent(name.text(), meaning);
      told(name, meaning, true);
    }
    return meaning;
  }

  /** A name of a file that is used, by the characters of its path. */
  void told(Span path, Meaning meaning) {
    occurrences.add(new Names.Occurrence(path, meaning, false));
  }

  /** From here on these names can be seen. */
  void region(Span span, Map<String, Meaning> seen) {
    regions.add(new Names.Region(span, seen));
  }

  static Meaning member(Ast.EnumDim owner, Ast.EnumMember member) {
    return new Meaning(Meaning.Sort.MEMBER, member.name().text(), member.name().span(), owner);
  }

  // Heads.

  void port(Ast.Port port, Scope scope) {
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

  // Statements.

  void block(Ast.Block block, Scope scope) {
    block.statements().forEach(s -> statement(s, scope));
  }

  void statement(Ast.Statement s, Scope scope) {
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
    region(e.span(), inner.indices());
    expr(e.right(), inner);
  }

  private void index(Ast.Name name, Ast node, Map<String, Meaning> indices) {
    var meaning = new Meaning(Meaning.Sort.INDEX, name.text(), name.span(), node);
    indices.putIfAbsent(name.text(), meaning);
    told(name, indices.get(name.text()), true);
  }

  // Expressions.

  private void ref(Ast.Name name, Scope scope) {
    lookup.find(name.text(), scope).ifPresent(m -> told(name, m, false));
  }

  void expr(Ast.Expr e, Scope scope) {
    switch (e) {
      case Ast.Ref r -> ref(r.name(), scope);
      case Ast.Member m -> memberOf(m, scope);
      case Ast.Call call -> {
        expr(call.callee(), scope);
        var callee = lookup.callee(call.callee(), scope);
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
        region(r.span(), inner.indices());
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
    var aliased = lookup.workspace().find(lookup.file(), owner.name().text(), m.member().text());
    if (aliased.isPresent() && scope.find(owner.name().text()) == null) {
      told(m.member(), Lookup.meaning(aliased.get()), false);
      return;
    }
    var found = lookup.find(owner.name().text(), scope);
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
