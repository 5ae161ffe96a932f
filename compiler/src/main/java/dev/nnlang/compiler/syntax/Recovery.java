package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Severity;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.grammar.NnParser;
import java.util.Arrays;
import java.util.List;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/**
 * What the parser does after a mistake: nothing is guessed inside a statement; the mistake travels
 * up to the head, statement or declaration that it is in, gets one message there, and the text is
 * skipped to where the next one starts. {@link Layout} has made sure that brackets match.
 */
final class Recovery extends DefaultErrorStrategy {
  private final SourceFile file;
  private final int[] depths;
  private final int[] earlier;
  private final List<Problem> problems;

  /**
   * The token at which the last recovery stopped: a second mistake there is the first one again.
   */
  private int resumedAt = -1;

  /**
   * @param earlier what scanner and layout have said: a statement with such a mistake is not told a
   *     second one, which would most likely come from the first (LR-75)
   * @param problems where the parser's own go
   */
  Recovery(SourceFile file, int[] depths, List<Problem> earlier, List<Problem> problems) {
    this.file = file;
    this.depths = depths;
    this.earlier =
        earlier.stream()
            .filter(p -> p.severity() == Severity.ERROR)
            .mapToInt(Recovery::start)
            .sorted()
            .toArray();
    this.problems = problems;
  }

  @Override
  public Token recoverInline(Parser parser) {
    InputMismatchException e = new InputMismatchException(parser);
    boolean opensBlock =
        parser.getContext() instanceof NnParser.BlockContext block && block.getChildCount() == 0;
    if (opensBlock && skipToBody(parser, e, false)) {
      Token brace = parser.getCurrentToken();
      parser.consume();
      return brace;
    }
    throw e;
  }

  /**
   * What stands between a head and its body that belongs to neither: said once and skipped, so that
   * the body is read. False, and nothing skipped, if the statement has no body.
   */
  private boolean skipToBody(Parser parser, RecognitionException e, boolean mayBeExpression) {
    say(parser, e);
    int depth = depthOf(parser.getContext().getParent().start);
    int from = parser.getCurrentToken().getTokenIndex();
    int to = from;
    while (!endsHead(parser.getTokenStream().get(to), depth, mayBeExpression)) {
      to++;
    }
    if (!isBody(parser.getTokenStream().get(to), mayBeExpression)) {
      resumedAt = from;
      return false;
    }
    for (int i = from; i < to; i++) {
      parser.consume();
    }
    endErrorCondition(parser);
    return true;
  }

  private static boolean isBody(Token token, boolean mayBeExpression) {
    int type = token.getType();
    return type == NnParser.LBRACE
        || (mayBeExpression && (type == NnParser.ASSIGN || type == NnParser.TILDE));
  }

  private boolean endsHead(Token token, int depth, boolean mayBeExpression) {
    int type = token.getType();
    boolean ends =
        isBody(token, mayBeExpression) || type == NnParser.END || type == NnParser.RBRACE;
    return type == Token.EOF || (depthOf(token) <= depth && ends);
  }

  @Override
  public void reportError(Parser parser, RecognitionException e) {
    // Said in recover, once the mistake has reached a rule that can go on.
  }

  @Override
  public void recover(Parser parser, RecognitionException e) {
    switch (parser.getContext().getRuleIndex()) {
      case NnParser.RULE_functionHead -> {
        say(parser, e);
        toBody(parser, true);
      }
      case NnParser.RULE_dataHead,
          NnParser.RULE_trainHead,
          NnParser.RULE_sampleHead,
          NnParser.RULE_choiceHead -> {
        say(parser, e);
        toBody(parser, false);
      }
      case NnParser.RULE_statement, NnParser.RULE_declaration -> {
        say(parser, e);
        toEnd(parser, depthOf(parser.getContext().start));
      }
      case NnParser.RULE_file, NnParser.RULE_block -> {
        if (parser.getContext().getChildCount() == 0) {
          throw e; // A block that never began: its statement is skipped as a whole.
        }
        say(parser, e);
        toEnd(parser, depthOf(parser.getCurrentToken()));
      }
      default -> throw e;
    }
  }

  /**
   * At the loops of files and blocks: a statement that begins with nothing that one begins with.
   */
  @Override
  public void sync(Parser parser) {
    int rule = parser.getContext().getRuleIndex();
    if (rule == NnParser.RULE_body && !isBody(parser.getCurrentToken(), true)) {
      skipToBody(parser, new InputMismatchException(parser), true);
    }
    if (rule != NnParser.RULE_file && rule != NnParser.RULE_block) {
      return;
    }
    IntervalSet next = parser.getATN().nextTokens(parser.getATN().states.get(parser.getState()));
    while (!next.contains(parser.getCurrentToken().getType())) {
      Token first = parser.getCurrentToken();
      if (first.getTokenIndex() != resumedAt && !isTold(first, first)) {
        problems.add(Diagnosis.ofStart(file, parser, rule == NnParser.RULE_file));
      }
      beginErrorCondition(parser);
      toEnd(parser, depthOf(first));
      endErrorCondition(parser);
      if (parser.getCurrentToken().getType() == Token.EOF) {
        return;
      }
    }
  }

  private void say(Parser parser, RecognitionException e) {
    Token bad = e.getOffendingToken();
    if (bad.getTokenIndex() != resumedAt && !isTold(parser.getContext().start, bad)) {
      problems.add(Diagnosis.of(file, parser, e));
    }
    beginErrorCondition(parser);
  }

  /** Whether there is a message already between the start of the statement and this token. */
  private boolean isTold(Token first, Token bad) {
    int start = first.getStartIndex();
    int end = bad.getStopIndex() + 1;
    int found = Arrays.binarySearch(earlier, start);
    int next = found >= 0 ? found : -found - 1;
    return next < earlier.length && earlier[next] <= end;
  }

  private static int start(Problem problem) {
    return problem instanceof SyntaxProblem.UnclosedBracket unclosed
        ? unclosed.opened().start()
        : problem.at().start();
  }

  private int depthOf(Token token) {
    return depths[token.getTokenIndex()];
  }

  /** To the brace (or {@code =}, {@code ~}) of the body whose head is broken, or to its end. */
  private void toBody(Parser parser, boolean mayBeExpression) {
    int depth = depthOf(parser.getContext().start);
    while (!endsHead(parser.getCurrentToken(), depth, mayBeExpression)) {
      parser.consume();
    }
    Token token = parser.getCurrentToken();
    resumedAt = isBody(token, mayBeExpression) ? -1 : token.getTokenIndex();
  }

  /** Past the END of this depth, or to the brace that closes the block around it. */
  private void toEnd(Parser parser, int depth) {
    while (true) {
      Token token = parser.getCurrentToken();
      int type = token.getType();
      if (type == Token.EOF || (type == NnParser.RBRACE && depthOf(token) < depth)) {
        resumedAt = token.getTokenIndex();
        return;
      }
      parser.consume();
      if (type == NnParser.END && depthOf(token) <= depth) {
        resumedAt = -1;
        return;
      }
    }
  }
}
