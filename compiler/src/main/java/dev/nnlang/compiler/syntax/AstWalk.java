package dev.nnlang.compiler.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Shows every value of a tree once, parents before their parts, however deep it is. */
public final class AstWalk {
  private final Consumer<Ast.Expr> see;

  public AstWalk(Consumer<Ast.Expr> see) {
    this.see = see;
  }

  public void file(Ast.File file) {
    file.declarations().forEach(this::declaration);
  }

  /** A declaration and all its parts. */
  public void declaration(Ast.Declaration declaration) {
    switch (declaration) {
      case Ast.Use _ -> {}
      case Ast.DimDef dim -> statement(dim);
      case Ast.EnumDim dim -> statement(dim);
      case Ast.ConstDef constant -> statement(constant);
      case Ast.Function function -> {
        configs(function.configs());
        function.inputs().forEach(this::port);
        function.outputs().forEach(this::port);
        function.conditions().forEach(condition -> expr(condition.test()));
        switch (function.body()) {
          case Ast.Block block -> block(block);
          case Ast.Single single -> expr(single.value());
        }
      }
      case Ast.Data data -> {
        configs(data.configs());
        block(data.body());
      }
      case Ast.Train train -> {
        expr(train.model());
        expr(train.data());
        train.settings().forEach(this::statement);
      }
      case Ast.Missing _ -> {}
    }
  }

  private void configs(List<Ast.Config> configs) {
    configs.forEach(config -> config.fallback().ifPresent(this::expr));
  }

  private void port(Ast.Port port) {
    dims(port.dims());
    type(port.type());
    if (port.absent().isPresent() && port.absent().get() instanceof Ast.Default(var value, _)) {
      expr(value);
    }
  }

  private void type(Optional<Ast.Type> type) {
    type.ifPresent(
        t -> {
          switch (t) {
            case Ast.IndexType index -> expr(index.dimension());
            case Ast.ScalarType _ -> {}
          }
        });
  }

  private void dims(Optional<List<Ast.DimItem>> dims) {
    for (Ast.DimItem item : dims.orElse(List.of())) {
      switch (item) {
        case Ast.DimSize size -> expr(size.size());
        case Ast.DimIndexed indexed -> expr(indexed.size());
        case Ast.DimBatch _ -> {}
        case Ast.DimRun _ -> {}
        case Ast.Missing _ -> {}
      }
    }
  }

  /** The statements of a block. */
  public void block(Ast.Block block) {
    block.statements().forEach(this::statement);
  }

  /** All values of a statement, those of nested blocks too. */
  public void statement(Ast.Statement statement) {
    switch (statement) {
      case Ast.DimDef dim -> expr(dim.value());
      case Ast.EnumDim _ -> {}
      case Ast.ConstDef constant -> expr(constant.value());
      case Ast.Equation equation -> {
        for (Ast.LeftItem item : equation.left().items().orElse(List.of())) {
          if (item instanceof Ast.LeftIndex index) {
            index.range().ifPresent(this::expr);
          }
        }
        type(equation.type());
        expr(equation.right());
      }
      case Ast.Destructuring parts -> expr(parts.right());
      case Ast.Param param -> {
        dims(param.dims());
        type(param.type());
        expr(param.value());
      }
      case Ast.State state -> {
        dims(state.dims());
        type(state.type());
        expr(state.value());
      }
      case Ast.Source source -> {
        dims(source.dims());
        type(source.type());
        expr(source.reader());
      }
      case Ast.Sample sample -> {
        sample.outputs().forEach(this::port);
        block(sample.body());
      }
      case Ast.Fit fit -> block(fit.body());
      case Ast.Setting setting -> expr(setting.value());
      case Ast.If choice -> {
        expr(choice.condition());
        block(choice.then());
        choice.otherwise().ifPresent(this::block);
      }
      case Ast.Missing _ -> {}
    }
  }

  /** A value and all its parts. */
  public void expr(Ast.Expr root) {
    Deque<Ast.Expr> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      Ast.Expr expr = open.pop();
      see.accept(expr);
      parts(expr).reversed().forEach(open::push);
    }
  }

  /** The values directly inside a value, in the order written. */
  public static List<Ast.Expr> parts(Ast.Expr expr) {
    return switch (expr) {
      case Ast.IntLiteral _ -> List.of();
      case Ast.RealLiteral _ -> List.of();
      case Ast.BoolLiteral _ -> List.of();
      case Ast.Text _ -> List.of();
      case Ast.Ref _ -> List.of();
      case Ast.Missing _ -> List.of();
      case Ast.Member member -> List.of(member.object());
      case Ast.Call call -> {
        List<Ast.Expr> parts = new ArrayList<>();
        parts.add(call.callee());
        call.arguments().forEach(argument -> parts.add(argument.value()));
        yield parts;
      }
      case Ast.Reduction reduction -> {
        List<Ast.Expr> parts = new ArrayList<>();
        for (Ast.Binder binder : reduction.binders()) {
          if (binder instanceof Ast.IndexBinder index) {
            index.range().ifPresent(parts::add);
          }
        }
        reduction.guard().ifPresent(parts::add);
        parts.add(reduction.body());
        yield parts;
      }
      case Ast.Access access -> {
        List<Ast.Expr> parts = new ArrayList<>();
        parts.add(access.target());
        for (Ast.Subscript subscript : access.subscripts()) {
          if (subscript instanceof Ast.At at) {
            parts.add(at.value());
          }
        }
        yield parts;
      }
      case Ast.Fallback fallback -> List.of(fallback.read(), fallback.outside());
      case Ast.Unary unary -> List.of(unary.operand());
      case Ast.Binary binary -> List.of(binary.left(), binary.right());
      case Ast.Conditional choice -> List.of(choice.condition(), choice.then(), choice.otherwise());
      case Ast.Pipe pipe -> {
        List<Ast.Expr> parts = new ArrayList<>();
        parts.add(pipe.input());
        pipe.stages().forEach(stage -> parts.add(stage.function()));
        yield parts;
      }
      case Ast.Named named -> List.of(named.value());
      case Ast.ListOf list -> list.items();
      case Ast.Range range -> List.of(range.from(), range.to());
    };
  }
}
