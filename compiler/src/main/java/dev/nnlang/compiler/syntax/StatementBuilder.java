package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.source.Span;
import dev.nnlang.grammar.NnParser;
import dev.nnlang.grammar.NnParser.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;

/** The statements of bodies. A broken one keeps its left side, so that its name stays defined. */
final class StatementBuilder {
  private final Places places;
  private final Docs docs;
  private final ExprBuilder exprs;
  private final PortBuilder ports;

  StatementBuilder(Places places, Docs docs, ExprBuilder exprs, PortBuilder ports) {
    this.places = places;
    this.docs = docs;
    this.exprs = exprs;
    this.ports = ports;
  }

  Ast.Block block(BlockContext context) {
    List<Ast.Statement> statements = new ArrayList<>();
    boolean skipped = false;
    for (ParseTree child : context.children == null ? List.<ParseTree>of() : context.children) {
      if (child instanceof StatementContext statement) {
        statements.add(statement(statement));
      } else if (child instanceof ErrorNode node && !skipped) {
        statements.add(new Ast.Missing(places.span(node)));
      }
      skipped = child instanceof ErrorNode;
    }
    return new Ast.Block(statements, places.span(context));
  }

  /** A body behind a broken head, where names may be missing: the hole says so. */
  static Ast.Block withHole(Ast.Block block, Span at) {
    List<Ast.Statement> statements = new ArrayList<>(block.statements());
    statements.addFirst(new Ast.Missing(at));
    return new Ast.Block(statements, block.span());
  }

  private Ast.Block blockOrEmpty(BlockContext context, ParserRuleContext within) {
    return context == null
        ? new Ast.Block(List.of(new Ast.Missing(places.endOf(within))), places.endOf(within))
        : block(context);
  }

  private Ast.Statement statement(StatementContext context) {
    StatedContext stated = context.stated();
    ParseTree inner = stated == null || stated.getChildCount() == 0 ? null : stated.getChild(0);
    return switch (inner) {
      case DimensionContext c -> (Ast.Statement) dimension(c);
      case ConstantContext c -> (Ast.Statement) constant(c);
      case ParameterContext c -> parameter(c);
      case StateContext c -> state(c);
      case SourceContext c -> source(c);
      case SampleContext c -> sample(c);
      case FitContext c ->
          new Ast.Fit(docs.above(c.start), blockOrEmpty(c.block(), c), places.span(c));
      case ChoiceContext c -> choice(c);
      case EquationContext c -> equation(c);
      case null, default -> new Ast.Missing(places.span(context));
    };
  }

  /** A dimension or an enumerated one, or a hole. */
  Ast.Declaration dimension(DimensionContext context) {
    Span span = places.span(context);
    if (context.name() == null) {
      return new Ast.Missing(span);
    }
    Ast.Name name = places.name(context.name(), context);
    Optional<Ast.Doc> doc = docs.above(context.start);
    if (context.ENUM_OPEN() == null) {
      return new Ast.DimDef(doc, name, exprs.expr(context.expr(), context), span);
    }
    List<Ast.EnumMember> members = new ArrayList<>();
    for (MemberContext member : context.member()) {
      if (Places.isWhole(member)) {
        Optional<Ast.Text> word =
            member.STRING() == null
                ? Optional.empty()
                : Optional.of(places.string(member.STRING()));
        members.add(
            new Ast.EnumMember(places.name(member.name(), member), word, places.span(member)));
      }
    }
    return new Ast.EnumDim(doc, name, members, span);
  }

  Ast.Declaration constant(ConstantContext context) {
    return context.name() == null
        ? new Ast.Missing(places.span(context))
        : new Ast.ConstDef(
            docs.above(context.start),
            places.name(context.name(), context),
            exprs.expr(context.expr(), context),
            places.span(context));
  }

  private static Ast.Relation relation(DefinitionContext context) {
    return context != null && context.start.getType() == NnParser.TILDE
        ? Ast.Relation.DRAWN
        : Ast.Relation.EQUALS;
  }

  private Ast.Expr value(DefinitionContext context, ParserRuleContext within) {
    return context == null
        ? new Ast.Missing(places.endOf(within))
        : exprs.expr(context.expr(), context);
  }

  private Ast.Param parameter(ParameterContext context) {
    return new Ast.Param(
        docs.above(context.start),
        context.FROZEN() != null,
        places.name(context.name(), context),
        ports.dims(context.dims()),
        ports.type(context.type()),
        relation(context.definition()),
        value(context.definition(), context),
        places.span(context));
  }

  private Ast.State state(StateContext context) {
    return new Ast.State(
        docs.above(context.start),
        places.name(context.name(), context),
        ports.dims(context.dims()),
        ports.type(context.type()),
        relation(context.definition()),
        value(context.definition(), context),
        places.span(context));
  }

  private Ast.Source source(SourceContext context) {
    return new Ast.Source(
        docs.above(context.start),
        places.name(context.name(), context),
        ports.dims(context.dims()),
        ports.type(context.type()),
        exprs.expr(context.expr(), context),
        places.span(context));
  }

  private Ast.Sample sample(SampleContext context) {
    SampleHeadContext head = context.sampleHead();
    Ast.Block body = blockOrEmpty(context.block(), context);
    return new Ast.Sample(
        docs.above(context.start),
        places.name(head.name(), head),
        ports.ports(head.ports()),
        Places.isWhole(head) ? body : withHole(body, places.endOf(head)),
        places.span(context));
  }

  private Ast.If choice(ChoiceContext context) {
    ChoiceHeadContext head = context.choiceHead();
    Ast.Expr condition = exprs.expr(head.expr(), head);
    Ast.Block then = blockOrEmpty(context.block(0), context);
    Optional<Ast.Block> otherwise = Optional.empty();
    if (context.choice() != null) {
      Ast.If nested = choice(context.choice());
      otherwise = Optional.of(new Ast.Block(List.of(nested), nested.span()));
    } else if (context.ELSE() != null) {
      otherwise = Optional.of(blockOrEmpty(context.block(1), context));
    }
    return new Ast.If(condition, then, otherwise, places.span(context));
  }

  // ---------------------------------------------------------------------------------------------
  // Equations

  private Ast.Statement equation(EquationContext context) {
    Span span = places.span(context);
    Optional<Ast.Doc> doc = docs.above(context.start);
    Ast.Relation relation = relation(context.definition());
    Ast.Expr right = value(context.definition(), context);
    List<LeftContext> written = context.left();
    if (written.isEmpty()) {
      return new Ast.Missing(span);
    }
    if (written.size() > 1) {
      return destructuring(doc, written, relation, right, span);
    }
    LeftContext only = written.getFirst();
    if (only.UNDERSCORE() != null) {
      places.say(
          new SyntaxProblem.Unexpected(
              places.span(only),
              "`_` alone",
              "a name",
              Optional.of("_ drops one of several outputs: m, _ = f(x)")));
      return new Ast.Missing(span);
    }
    return new Ast.Equation(doc, left(only), ports.type(context.type()), relation, right, span);
  }

  private Ast.Statement destructuring(
      Optional<Ast.Doc> doc,
      List<LeftContext> written,
      Ast.Relation relation,
      Ast.Expr right,
      Span span) {
    List<Ast.Destructuring.Target> targets = new ArrayList<>();
    for (LeftContext item : written) {
      Span at = places.span(item);
      if (item.UNDERSCORE() != null) {
        targets.add(new Ast.Destructuring.Target(Optional.empty(), at));
      } else if (item.PRIMED() != null || item.LBRACK() != null) {
        places.say(
            new SyntaxProblem.Unexpected(
                at,
                "`" + at.text() + "`",
                "a plain name",
                Optional.of("take the outputs apart by names, then write an equation for each")));
        targets.add(new Ast.Destructuring.Target(Optional.empty(), at));
      } else {
        targets.add(new Ast.Destructuring.Target(Optional.of(places.name(item.name(), item)), at));
      }
    }
    if (relation == Ast.Relation.DRAWN) {
      places.say(
          new SyntaxProblem.Unexpected(
              span,
              "`~` after several names",
              "`=`",
              Optional.of("draw each in its own equation")));
    }
    return new Ast.Destructuring(doc, targets, right, span);
  }

  private Ast.Left left(LeftContext context) {
    boolean primed = context.PRIMED() != null;
    Ast.Name name = primed ? places.primed(context.PRIMED()) : places.name(context.name(), context);
    if (context.LBRACK() == null) {
      return new Ast.Left(name, primed, Optional.empty(), places.span(context));
    }
    List<Ast.LeftItem> items = new ArrayList<>();
    for (SubscriptContext item : context.subscript()) {
      items.add(leftItem(item, name));
    }
    return new Ast.Left(name, primed, Optional.of(List.copyOf(items)), places.span(context));
  }

  private Ast.LeftItem leftItem(SubscriptContext item, Ast.Name left) {
    Span at = places.span(item);
    if (item.exception != null) {
      return new Ast.Missing(at);
    }
    if (item.ELLIPSIS() != null) {
      return new Ast.LeftRun(places.name(item.name(), item), at);
    }
    if (item.expr().isEmpty()) {
      return new Ast.LeftWhole(at);
    }
    Ast.Expr first = exprs.expr(item.expr(0), item);
    if (first instanceof Ast.Ref ref && !ref.primed()) {
      Optional<Ast.Expr> range =
          item.COLON() == null ? Optional.empty() : Optional.of(exprs.expr(item.expr(1), item));
      return new Ast.LeftIndex(ref.name(), range, at);
    }
    if (!(first instanceof Ast.Missing)) {
      places.say(new SyntaxProblem.BadLeftSubscript(first.span(), left.span()));
    }
    return new Ast.Missing(at);
  }

  // ---------------------------------------------------------------------------------------------
  // Settings

  /** The body of {@code data}: bare equations directly in it are settings ({@code split}). */
  Ast.Block dataBlock(BlockContext context, ParserRuleContext within) {
    Ast.Block block = blockOrEmpty(context, within);
    return new Ast.Block(
        block.statements().stream()
            .map(s -> s instanceof Ast.Equation e ? setting(e).orElse(e) : s)
            .toList(),
        block.span());
  }

  /** The settings of a plan; whatever else stands there is a problem. */
  List<Ast.Setting> settings(BlockContext context) {
    if (context == null) {
      return List.of();
    }
    List<Ast.Setting> settings = new ArrayList<>();
    for (Ast.Statement statement : block(context).statements()) {
      if (statement instanceof Ast.Missing) {
        continue;
      }
      Optional<Ast.Statement> setting =
          statement instanceof Ast.Equation equation ? setting(equation) : Optional.empty();
      if (setting.isPresent()) {
        settings.add((Ast.Setting) setting.get());
      } else {
        Span at = statement.span();
        Span first = at.file().span(at.start(), Math.min(at.end(), at.start() + firstWord(at)));
        places.say(
            new SyntaxProblem.Misplaced(
                first, "this statement", "a training plan holds settings: loss = .., epochs = .."));
      }
    }
    return settings;
  }

  private static int firstWord(Span span) {
    String text = span.text();
    int end = 0;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return Math.max(1, end);
  }

  private static Optional<Ast.Statement> setting(Ast.Equation equation) {
    boolean plain =
        equation.relation() == Ast.Relation.EQUALS
            && equation.left().items().isEmpty()
            && !equation.left().primed()
            && equation.type().isEmpty();
    return plain
        ? Optional.of(
            new Ast.Setting(
                equation.doc(), equation.left().name(), equation.right(), equation.span()))
        : Optional.empty();
  }
}
