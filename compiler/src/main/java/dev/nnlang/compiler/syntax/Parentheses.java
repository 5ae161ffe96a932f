package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.source.Span;
import dev.nnlang.grammar.NnLexer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Parentheses that the formatter adds where precedence is easily misread: around a read with its
 * outside in arithmetic, {@code (x[i-1] ?? 0) * w} (LR-31), and around a pipe after {@code else}
 * (LR-32).
 *
 * @param opening offsets at which one opens
 * @param closing offsets at which one closes
 */
record Parentheses(Set<Integer> opening, Set<Integer> closing) {
  static Parentheses in(Ast.File file, List<Word> words) {
    Search search = new Search(words);
    new AstWalk(search::expr).file(file);
    return new Parentheses(search.opening, search.closing);
  }

  private static final class Search {
    final Set<Integer> opening = new HashSet<>();
    final Set<Integer> closing = new HashSet<>();
    private final List<Word> words;
    private final Map<Integer, Integer> byStart = new HashMap<>();

    Search(List<Word> words) {
      this.words = words;
      for (int i = 0; i < words.size(); i++) {
        if (words.get(i).end() > words.get(i).start()) {
          byStart.put(words.get(i).start(), i);
        }
      }
    }

    void expr(Ast.Expr expr) {
      switch (expr) {
        case Ast.Binary binary -> {
          operand(binary.left());
          operand(binary.right());
        }
        case Ast.Unary unary -> operand(unary.operand());
        case Ast.Conditional choice -> {
          if (choice.otherwise() instanceof Ast.Pipe pipe) {
            wrap(pipe.span());
          }
        }
        default -> {}
      }
    }

    private void operand(Ast.Expr operand) {
      if (operand instanceof Ast.Fallback fallback) {
        wrap(fallback.span());
      }
    }

    private void wrap(Span span) {
      if (!isWrapped(span)) {
        opening.add(span.start());
        closing.add(span.end());
      }
    }

    /** An operand between two brackets stands in its own: a call's would hold the whole. */
    private boolean isWrapped(Span span) {
      int first = byStart.get(span.start());
      int last = first;
      while (words.get(last).end() < span.end()) {
        last++;
      }
      return first > 0
          && words.get(first - 1).type() == NnLexer.LPAREN
          && words.get(last + 1).type() == NnLexer.RPAREN
          && span.start() < span.end();
    }
  }
}
