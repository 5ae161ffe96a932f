package dev.nnlang.compiler.syntax;

import dev.nnlang.grammar.NnParser;
import dev.nnlang.grammar.NnParser.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;

/** From ANTLR's contexts to the tree: files and declarations. */
final class AstBuilder {
  private final Places places;
  private final Docs docs;
  private final ExprBuilder exprs;
  private final PortBuilder ports;
  private final StatementBuilder statements;

  AstBuilder(Places places, Docs docs) {
    this.places = places;
    this.docs = docs;
    this.exprs = new ExprBuilder(places);
    this.ports = new PortBuilder(places, exprs);
    this.statements = new StatementBuilder(places, docs, exprs, ports);
  }

  Ast.File file(FileContext context) {
    List<Ast.Declaration> declarations = new ArrayList<>();
    boolean skipped = false;
    for (ParseTree child : context.children == null ? List.<ParseTree>of() : context.children) {
      if (child instanceof DeclarationContext declaration) {
        declarations.add(declaration(declaration));
      } else if (child instanceof ErrorNode node && !skipped) {
        declarations.add(new Ast.Missing(places.span(node)));
      }
      skipped = child instanceof ErrorNode;
    }
    return new Ast.File(declarations, places.span(0, places.length()));
  }

  private Ast.Declaration declaration(DeclarationContext context) {
    DeclaredContext declared = context.declared();
    if (declared == null) {
      return new Ast.Missing(places.span(context));
    }
    if (declared.function() != null) {
      return function(declared.function());
    }
    if (declared.data() != null) {
      return data(declared.data());
    }
    if (declared.train() != null) {
      return train(declared.train());
    }
    if (declared.dimension() != null) {
      return statements.dimension(declared.dimension());
    }
    if (declared.constant() != null) {
      return statements.constant(declared.constant());
    }
    return Places.isWhole(declared.use())
        ? use(declared.use())
        : new Ast.Missing(places.span(context));
  }

  private Ast.Use use(UseContext context) {
    List<NameContext> written = new ArrayList<>(context.name());
    Optional<Ast.Name> alias =
        context.AS() == null
            ? Optional.empty()
            : Optional.of(places.name(written.removeLast(), context));
    Optional<List<Ast.Name>> names =
        context.LPAREN() == null
            ? Optional.empty()
            : Optional.of(written.stream().map(name -> places.name(name, context)).toList());
    return new Ast.Use(places.string(context.STRING()), names, alias, places.span(context));
  }

  private Ast.Function function(FunctionContext context) {
    FunctionHeadContext head = context.functionHead();
    Ast.Kind kind = Ast.Kind.valueOf(NnParser.VOCABULARY.getSymbolicName(head.start.getType()));
    List<Ast.Port> inputs = List.of();
    List<Ast.Port> outputs = List.of();
    for (PortsContext list : head.ports()) {
      boolean given = head.COLON() != null && list == head.ports(0);
      if (given) {
        inputs = ports.ports(list);
      } else {
        outputs = ports.ports(list);
      }
    }
    List<Ast.Condition> conditions = new ArrayList<>();
    for (ConditionContext condition : head.condition()) {
      Optional<Ast.Text> message =
          condition.STRING() == null
              ? Optional.empty()
              : Optional.of(places.string(condition.STRING()));
      conditions.add(
          new Ast.Condition(
              exprs.expr(condition.expr(), condition), message, places.span(condition)));
    }
    return new Ast.Function(
        docs.above(context.start),
        kind,
        places.name(head.name(), head),
        ports.configs(head.configs()),
        inputs,
        outputs,
        conditions,
        body(context.body(), context),
        places.span(context));
  }

  private Ast.Body body(BodyContext context, FunctionContext within) {
    if (context == null || (context.block() == null && context.exception != null)) {
      return new Ast.Single(
          Ast.Relation.EQUALS, new Ast.Missing(places.endOf(within)), places.endOf(within));
    }
    if (context.block() != null) {
      Ast.Block block = statements.block(context.block());
      return Places.isWhole(within.functionHead())
          ? block
          : StatementBuilder.withHole(block, places.endOf(within.functionHead()));
    }
    Ast.Relation relation =
        context.start.getType() == NnParser.TILDE ? Ast.Relation.DRAWN : Ast.Relation.EQUALS;
    return new Ast.Single(relation, exprs.expr(context.expr(), context), places.span(context));
  }

  private Ast.Data data(DataContext context) {
    DataHeadContext head = context.dataHead();
    return new Ast.Data(
        docs.above(context.start),
        places.name(head.name(), head),
        ports.configs(head.configs()),
        statements.dataBlock(context.block(), context),
        places.span(context));
  }

  private Ast.Train train(TrainContext context) {
    TrainHeadContext head = context.trainHead();
    boolean whole = Places.isWhole(head);
    Ast.Missing hole = new Ast.Missing(places.endOf(head));
    return new Ast.Train(
        docs.above(context.start),
        places.name(head.name(), head),
        whole ? exprs.expr(head.expr(0)) : hole,
        whole ? exprs.expr(head.expr(1)) : hole,
        statements.settings(context.block()),
        places.span(context));
  }
}
