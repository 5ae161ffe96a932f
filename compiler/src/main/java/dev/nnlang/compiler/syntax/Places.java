package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.grammar.NnParser;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Spans, names and strings of parse contexts; each takes the null that a broken context holds. */
final class Places {
  private final SourceFile file;
  private final List<Problem> problems;

  Places(SourceFile file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  void say(Problem problem) {
    problems.add(problem);
  }

  /** Whether the context is whole: nothing in it was skipped. */
  static boolean isWhole(ParserRuleContext context) {
    return context != null && context.exception == null;
  }

  int length() {
    return file.text().length();
  }

  Span span(int start, int end) {
    return file.span(start, end);
  }

  Span span(Token token) {
    return file.span(token.getStartIndex(), token.getStopIndex() + 1);
  }

  Span span(TerminalNode node) {
    return span(node.getSymbol());
  }

  Span span(ParserRuleContext context) {
    int start = context.start == null ? 0 : context.start.getStartIndex();
    int end = context.stop == null ? start : context.stop.getStopIndex() + 1;
    return file.span(start, Math.max(start, end));
  }

  /** The place where something is missing that should have been inside a context. */
  Span endOf(ParserRuleContext context) {
    return span(context).after();
  }

  Ast.Name name(NnParser.NameContext context, ParserRuleContext within) {
    if (!isWhole(context) || context.start.getType() != NnParser.NAME) {
      return new Ast.Name("?", endOf(within));
    }
    Span span = span(context);
    return new Ast.Name(span.text(), span);
  }

  /** A name without its prime. */
  Ast.Name primed(TerminalNode node) {
    Span span = span(node);
    Span name = file.span(span.start(), span.end() - 1);
    return new Ast.Name(name.text(), name);
  }

  /** The value of a string, with a message for each escape that is none. */
  Ast.Text string(TerminalNode node) {
    Span span = span(node);
    String raw = span.text();
    StringBuilder value = new StringBuilder();
    int end = raw.length() > 1 && raw.endsWith("\"") ? raw.length() - 1 : raw.length();
    int i = 1;
    boolean unclosed = end == raw.length();
    while (i < end) {
      char c = raw.charAt(i);
      if (c != '\\') {
        value.append(c);
        i++;
        continue;
      }
      int length = escape(raw, i, end, value);
      if (length < 0 && unclosed && i + 1 == end) {
        break; // The quote is missing, and has been told.
      }
      if (length < 0) {
        int stop = Math.min(i + 2, end);
        say(new SyntaxProblem.BadEscape(file.span(span.start() + i, span.start() + stop)));
        i = stop;
      } else {
        i += length;
      }
    }
    return new Ast.Text(value.toString(), span);
  }

  /** Appends what an escape means and gives its length, or -1 if it is none. */
  private static int escape(String raw, int at, int end, StringBuilder value) {
    if (at + 1 >= end) {
      return -1;
    }
    switch (raw.charAt(at + 1)) {
      case '"' -> value.append('"');
      case '\\' -> value.append('\\');
      case 'n' -> value.append('\n');
      case 't' -> value.append('\t');
      case 'u' -> {
        int close = raw.indexOf('}', at);
        if (close < 0 || close >= end || !raw.startsWith("{", at + 2)) {
          return -1;
        }
        Optional<Integer> point = codePoint(raw.substring(at + 3, close));
        if (point.isEmpty()) {
          return -1;
        }
        value.appendCodePoint(point.get());
        return close - at + 1;
      }
      default -> {
        return -1;
      }
    }
    return 2;
  }

  private static Optional<Integer> codePoint(String hex) {
    if (!hex.matches("[0-9a-fA-F]{1,6}")) {
      return Optional.empty();
    }
    int point = Integer.parseInt(hex, 16);
    boolean scalar = Character.isValidCodePoint(point) && (point < 0xd800 || point > 0xdfff);
    return scalar ? Optional.of(point) : Optional.empty();
  }
}
