package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.grammar.NnParser;
import dev.nnlang.grammar.NnParser.*;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.IntervalSet;

/** From the place where the parser stopped to what is wrong there. */
final class Diagnosis {
  /** What people write out of habit at the start of a statement, and what is written here. */
  private static final Map<String, String> HABITS =
      Map.ofEntries(
          Map.entry("let", "a definition needs no word: y = .."),
          Map.entry("var", "a definition needs no word: y = .."),
          Map.entry("val", "a definition needs no word: y = .."),
          Map.entry("def", "a function is declared by fn, layer, loss ..: fn square : x = x * x"),
          Map.entry(
              "function", "a function is declared by fn, layer, loss ..: fn square : x = x * x"),
          Map.entry("func", "a function is declared by fn, layer, loss ..: fn square : x = x * x"),
          Map.entry("class", "a network's parts are declared by layer and model"),
          Map.entry("return", "an output is defined by an equation: y = .."),
          Map.entry("for", "an equation holds for all its indices: y[i] = .."),
          Map.entry("while", "an equation holds for all its indices; a recurrence reads y[t-1]"),
          Map.entry("import", "another file is used by use \"file.nn\""),
          Map.entry("from", "another file is used by use \"file.nn\""),
          Map.entry("include", "another file is used by use \"file.nn\""));

  private final SourceFile file;
  private final TokenStream tokens;
  private final Token bad;
  private final int index;

  private Diagnosis(SourceFile file, Parser parser, Token bad) {
    this.file = file;
    this.tokens = parser.getTokenStream();
    this.bad = bad;
    this.index = bad.getTokenIndex();
  }

  /** A mistake inside a declaration or a statement. */
  static SyntaxProblem of(SourceFile file, Parser parser, RecognitionException e) {
    Diagnosis diagnosis = new Diagnosis(file, parser, e.getOffendingToken());
    return diagnosis.inside(e.getCtx(), e.getExpectedTokens());
  }

  /** A token with which no declaration, or no statement, begins. */
  static SyntaxProblem ofStart(SourceFile file, Parser parser, boolean atTop) {
    Diagnosis diagnosis = new Diagnosis(file, parser, parser.getCurrentToken());
    return atTop ? diagnosis.startOfDeclaration() : diagnosis.startOfStatement();
  }

  // ---------------------------------------------------------------------------------------------
  // Words for tokens

  private Token token(int i) {
    return tokens.get(Math.clamp(i, 0, tokens.size() - 1));
  }

  private int type(int i) {
    return i < 0 ? NnParser.END : token(i).getType();
  }

  private Span span(Token token) {
    return file.span(token.getStartIndex(), token.getStopIndex() + 1);
  }

  private String text(Token token) {
    return span(token).text();
  }

  private Span at() {
    return span(bad);
  }

  private String found() {
    return switch (bad.getType()) {
      case Token.EOF -> "the end of the file";
      case NnParser.END -> {
        if (text(bad).equals(";")) {
          yield "`;`";
        }
        yield bad.getStartIndex() >= file.text().stripTrailing().length()
            ? "the end of the file"
            : type(index + 1) == NnParser.RBRACE ? closingAfterEnd() : "the end of the line";
      }
      case NnParser.INT, NnParser.REAL -> "the number `" + text(bad) + "`";
      case NnParser.STRING -> "a string";
      default -> text(bad).isEmpty() ? "a missing bracket" : "`" + text(bad) + "`";
    };
  }

  /** An END before a brace on the same line stands for the brace. */
  private String closingAfterEnd() {
    Token brace = token(index + 1);
    boolean sameLine = file.line(bad.getStartIndex()) == file.line(brace.getStartIndex());
    return sameLine ? "`}`" : "the end of the line";
  }

  private SyntaxProblem unexpected(String expected, String help) {
    return new SyntaxProblem.Unexpected(
        at(), found(), expected, help.isEmpty() ? Optional.empty() : Optional.of(help));
  }

  private SyntaxProblem misplaced(String what, String where) {
    return new SyntaxProblem.Misplaced(at(), what, where);
  }

  // ---------------------------------------------------------------------------------------------
  // Starts

  private SyntaxProblem startOfDeclaration() {
    String known =
        "a declaration begins with dim, const, use, fn, layer, model, loss, data, train ..";
    return switch (bad.getType()) {
      case NnParser.PARAM, NnParser.STATE, NnParser.FROZEN ->
          misplaced("`" + text(bad) + "`", "it belongs in the braces of a layer or a model");
      case NnParser.SOURCE, NnParser.SAMPLE, NnParser.FIT ->
          misplaced("`" + text(bad) + "`", "it belongs in the braces of a data declaration");
      case NnParser.IF -> misplaced("`if`", "it belongs in the braces of a declaration");
      case NnParser.NAME -> {
        int next = type(index + 1);
        if (HABITS.containsKey(text(bad)) && next != NnParser.ASSIGN) {
          yield habit();
        }
        if (next == NnParser.ASSIGN || next == NnParser.LBRACK || next == NnParser.TILDE) {
          yield misplaced(
              "an equation",
              "it belongs in the braces of a declaration; a number for the whole file is const name = ..");
        }
        if (Keywords.declaringType(text(bad)) >= 0) {
          yield new SyntaxProblem.Unexpected(
              span(token(index + 1)),
              new Diagnosis(file, tokens, token(index + 1)).found(),
              "a name after `" + text(bad) + "`",
              Optional.empty());
        }
        yield unexpected("a declaration", known);
      }
      case NnParser.PRIMED -> misplaced("an equation", "it belongs in the braces of a declaration");
      default -> unexpected("a declaration", known);
    };
  }

  private Diagnosis(SourceFile file, TokenStream tokens, Token bad) {
    this.file = file;
    this.tokens = tokens;
    this.bad = bad;
    this.index = bad.getTokenIndex();
  }

  private SyntaxProblem habit() {
    return new SyntaxProblem.ForeignSpelling(
        at(), text(bad), HABITS.get(text(bad)), Optional.empty());
  }

  private SyntaxProblem startOfStatement() {
    return switch (bad.getType()) {
      case NnParser.FN,
          NnParser.ACTIVATION,
          NnParser.LAYER,
          NnParser.MODEL,
          NnParser.LOSS,
          NnParser.METRIC,
          NnParser.OPTIMIZER,
          NnParser.INIT,
          NnParser.SCHEDULE,
          NnParser.DATA,
          NnParser.TRAIN,
          NnParser.USE ->
          misplaced(
              "`" + text(bad) + "`", "it belongs at the top of the file, outside of all braces");
      case NnParser.ELSE -> misplaced("`else`", "it follows the closing brace of an if");
      default ->
          unexpected(
              "an equation", "a statement defines a name: y = .., y[i] = .., param w[In] ~ ..");
    };
  }

  // ---------------------------------------------------------------------------------------------
  // Inside

  private SyntaxProblem inside(RuleContext context, IntervalSet expected) {
    int type = bad.getType();
    int before = type(index - 1);
    boolean wantsValue = expected.contains(NnParser.INT);
    boolean wantsName = expected.contains(NnParser.NAME) && !wantsValue;
    boolean namesHere =
        wantsName && !expected.contains(type)
            || declares(before)
            || context instanceof ConfigsContext && before == NnParser.LPAREN;
    if (namesHere && Layout.isReserved(type)) {
      return new SyntaxProblem.ReservedWord(at(), text(bad));
    }
    if (type == NnParser.ELSE && !expected.contains(type)) {
      return misplaced("`else`", "it follows the closing brace of an if, or the value after then");
    }
    if (before == NnParser.INDEX) {
      return unexpected(
          "a dimension's name", "declare the dimension, dim Class = 3, and write index Class");
    }
    Optional<SyntaxProblem> head = inHead(context, expected);
    if (head.isPresent()) {
      return head.get();
    }
    Optional<SyntaxProblem> start = inEquation(context);
    if (start.isPresent()) {
      return start.get();
    }
    if (expected.contains(NnParser.ELSE)
        && above(context, ConditionalExprContext.class).isPresent()) {
      Token word = above(context, ConditionalExprContext.class).get().start;
      return new SyntaxProblem.MissingElse(at(), span(word));
    }
    if (type == NnParser.ASSIGN && Layout.endsOperand(before)) {
      return new SyntaxProblem.EqualsSign(at(), SyntaxProblem.EqualsMistake.DEFINES_IN_A_VALUE);
    }
    boolean emptyPlace =
        context instanceof CallExprContext
            && (before == NnParser.LPAREN || before == NnParser.COMMA)
            && type == NnParser.COMMA;
    if (emptyPlace || (wantsValue && !Layout.endsOperand(before))) {
      return unexpected(
          before == NnParser.DOT ? "a name" : "a value", mendForMissingValue(before, type));
    }
    if (expected.contains(NnParser.THEN) && type != NnParser.LBRACE) {
      return unexpected("`then`", "a choice is written if c then a else b");
    }
    if (Layout.endsOperand(before) && startsOperand(type)) {
      String place = place(context, expected);
      if (place.startsWith("`")) {
        return unexpected(either("an operator", place), "");
      }
      return new SyntaxProblem.SideBySide(at(), span(token(index - 1)), found());
    }
    return unexpected(
        place(context, expected),
        above(context, UseContext.class).isPresent()
            ? "it is written use \"file.nn\" (names) as name"
            : "");
  }

  private static boolean startsOperand(int type) {
    return switch (type) {
      case NnParser.NAME,
          NnParser.PRIMED,
          NnParser.INT,
          NnParser.REAL,
          NnParser.STRING,
          NnParser.TRUE,
          NnParser.FALSE,
          NnParser.IF,
          NnParser.NOT ->
          true;
      default -> false;
    };
  }

  private String mendForMissingValue(int before, int type) {
    return switch (before) {
      case NnParser.ASSIGN -> "a value follows =";
      case NnParser.TILDE -> "a distribution follows ~: normal(0, 1)";
      case NnParser.PIPE -> "a stage follows |>: a function f, or a layer L(10)";
      case NnParser.COMMA -> type == NnParser.COMMA ? "one of the two commas can go" : "";
      default -> "";
    };
  }

  private static <T extends RuleContext> Optional<T> above(RuleContext context, Class<T> kind) {
    for (RuleContext at = context; at != null; at = at.parent) {
      if (at instanceof BlockContext) {
        return Optional.empty();
      }
      if (kind.isInstance(at)) {
        return Optional.of(kind.cast(at));
      }
    }
    return Optional.empty();
  }

  private Optional<SyntaxProblem> incomplete(String missing, String form) {
    return Optional.of(new SyntaxProblem.IncompleteHead(at(), found(), missing, form));
  }

  private Optional<SyntaxProblem> inHead(RuleContext context, IntervalSet expected) {
    if (above(context, SampleHeadContext.class).isPresent() && expected.contains(NnParser.ARROW)) {
      return incomplete("`->`", "sample n -> image[8, 8], label: index Digit { .. }");
    }
    if (above(context, TrainHeadContext.class).isPresent()
        && (expected.contains(NnParser.ON) || expected.contains(NnParser.COLON))) {
      return incomplete(
          expected.contains(NnParser.ON) ? "`on` and the data" : "`:` and the model",
          "train Name : Model on Data { .. }");
    }
    boolean isPort =
        context instanceof PortContext
            || context instanceof PortsContext
            || context instanceof NameContext && context.parent instanceof PortContext;
    if (isPort && type(index - 1) == NnParser.COLON && endsHead()) {
      return Optional.of(unexpected("an input", "leave out the : where there are no inputs"));
    }
    if (isPort && type(index - 1) == NnParser.ARROW && endsHead()) {
      return Optional.of(
          unexpected("an output", "leave out the -> before a body of one expression"));
    }
    boolean inHead =
        context instanceof FunctionHeadContext
            || context instanceof PortContext
            || context instanceof PortsContext
            || context instanceof TypeContext
            || context instanceof FunctionContext
            || context instanceof BodyContext;
    Optional<FunctionHeadContext> head = above(context, FunctionHeadContext.class);
    if (inHead && head.isPresent() && expected.contains(NnParser.LBRACE)
        || context instanceof BodyContext && expected.contains(NnParser.LBRACE)) {
      String kind = head.map(h -> text(h.start)).orElseGet(this::kindBefore);
      boolean portsFollow = expected.contains(NnParser.COLON) && bad.getType() == NnParser.NAME;
      boolean first = head.isPresent() && head.get().ports().isEmpty();
      return incomplete(
          portsFollow && first
              ? "`:` and the inputs"
              : bad.getType() == NnParser.END ? "its body" : "`,`, `->`, `where` or the body",
          kind + " Name (config) : inputs -> outputs { equations }, or = and one expression");
    }
    if (context instanceof ConfigContext || context instanceof ConfigsContext) {
      return Optional.of(
          unexpected("`,` or `)`", "a config is written name, name: type or name = default"));
    }
    return Optional.empty();
  }

  private boolean endsHead() {
    return switch (bad.getType()) {
      case NnParser.ASSIGN, NnParser.TILDE, NnParser.ARROW, NnParser.LBRACE, NnParser.END -> true;
      default -> false;
    };
  }

  private String kindBefore() {
    for (int i = index - 1; i >= 0 && type(i) != NnParser.END; i--) {
      if (type(i) >= NnParser.FN && type(i) <= NnParser.SCHEDULE) {
        return text(token(i));
      }
    }
    return "layer";
  }

  /** Where {@code =} or {@code ~} should come and does not. */
  private Optional<SyntaxProblem> inEquation(RuleContext context) {
    boolean atDefinition =
        context instanceof EquationContext
            || context instanceof LeftContext
            || context instanceof DefinitionContext
            || context instanceof ParameterContext
            || context instanceof StateContext
            || context instanceof SourceContext
            || context instanceof DimensionContext
            || context instanceof ConstantContext
            || context instanceof TypeContext
            || context instanceof DimsContext;
    if (!atDefinition || !Layout.endsOperand(type(index - 1))) {
      return Optional.empty();
    }
    if (bad.getType() == NnParser.EQ) {
      return Optional.of(
          new SyntaxProblem.EqualsSign(at(), SyntaxProblem.EqualsMistake.COMPARES_IN_A_DEFINITION));
    }
    Token first = firstOfStatement();
    String name = text(first);
    if (HABITS.containsKey(name) && first.getTokenIndex() == index - 1) {
      return Optional.of(
          new SyntaxProblem.ForeignSpelling(span(first), name, HABITS.get(name), Optional.empty()));
    }
    String defined =
        declares(first.getType())
            ? text(token(first.getTokenIndex() + (first.getType() == NnParser.FROZEN ? 2 : 1)))
            : name;
    String mend =
        switch (first.getType()) {
          case NnParser.PARAM, NnParser.FROZEN ->
              "a param begins with a value or a draw: param %s[..] ~ normal(0, 1)"
                  .formatted(defined);
          case NnParser.STATE -> "a state begins with a value: state %s = 0".formatted(defined);
          case NnParser.SOURCE ->
              "a source is read from somewhere: source %s[N] = csv(\"..\")".formatted(defined);
          case NnParser.DIM -> "write dim %s = 10, or dim %s { a, b }".formatted(defined, defined);
          case NnParser.CONST -> "write const %s = ..".formatted(defined);
          default -> "a statement defines a name: %s".formatted(example(name));
        };
    return Optional.of(new SyntaxProblem.NoDefinition(at(), defined, mend));
  }

  private String example(String name) {
    return bad.getType() == NnParser.LPAREN || bad.getType() == NnParser.PIPE
        ? "y = " + name + (bad.getType() == NnParser.LPAREN ? "(..)" : " |> ..")
        : name + " = ..";
  }

  private Token firstOfStatement() {
    int i = index;
    while (i > 0 && type(i - 1) != NnParser.END && type(i - 1) != NnParser.LBRACE) {
      i--;
    }
    return token(i);
  }

  /** What could stand here, by the innermost thing that is open. */
  private String place(RuleContext context, IntervalSet expected) {
    List<Integer> few = expected.size() <= 3 ? expected.toList() : List.of();
    if (!few.isEmpty()) {
      return few.stream().sorted().map(this::display).reduce(Diagnosis::either).orElseThrow();
    }
    for (RuleContext at = context; at != null; at = at.parent) {
      switch (at) {
        case ArgumentContext _, CallExprContext _, ConfigsContext _, ConfigContext _ -> {
          return "`,` or `)`";
        }
        case SubscriptContext _, AccessExprContext _, DimsContext _, DimContext _ -> {
          return "`,` or `]`";
        }
        case PrimaryContext c when c.LPAREN() != null -> {
          return "`)`";
        }
        case PrimaryContext c when c.LBRACK() != null -> {
          return "`,` or `]`";
        }
        case ChoiceHeadContext _, TrainHeadContext _, SampleHeadContext _, DataHeadContext _ -> {
          return "`{`";
        }
        case DefinitionContext _, BodyContext _, StatementContext _, DeclarationContext _ -> {
          return "the end of the statement";
        }
        default -> {}
      }
    }
    return "something else";
  }

  /** {@code a, b or c}. */
  private static String either(String first, String rest) {
    return first.contains(" or ")
        ? first.replace(" or ", ", ") + " or " + rest
        : rest.contains(" or ") ? first + ", " + rest : first + " or " + rest;
  }

  private static boolean declares(int type) {
    return type >= NnParser.DIM && type <= NnParser.SAMPLE;
  }

  private String display(int type) {
    if (type == NnParser.END || type == Token.EOF) {
      return "the end of the statement";
    }
    if (type == NnParser.NAME) {
      return "a name";
    }
    if (type == NnParser.STRING) {
      return "a string";
    }
    String literal = NnParser.VOCABULARY.getLiteralName(type);
    if (literal != null) {
      return "`" + literal.substring(1, literal.length() - 1) + "`";
    }
    return switch (type) {
      case NnParser.ENUM_OPEN -> "`{`";
      case NnParser.INT, NnParser.REAL -> "a number";
      default ->
          "`" + NnParser.VOCABULARY.getSymbolicName(type).toLowerCase(java.util.Locale.ROOT) + "`";
    };
  }
}
