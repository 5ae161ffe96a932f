package dev.nnlang.compiler.syntax;

import dev.nnlang.grammar.NnLexer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** How two pieces on one line stand to each other. */
final class Spacing {
  private final List<Piece> pieces;

  /** The position of the colon of a declaration's head, which has a blank before it; or -1. */
  private final int headColon;

  /** For each piece whether the bracket around it is a square one. */
  private final boolean[] inSubscript;

  Spacing(List<Piece> pieces, int headColon) {
    this.pieces = pieces;
    this.headColon = headColon;
    this.inSubscript = new boolean[pieces.size()];
    Deque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < inSubscript.length; i++) {
      if (pieces.get(i).closes()) {
        open.poll();
      }
      inSubscript[i] = !open.isEmpty() && open.peek() == NnLexer.LBRACK;
      if (pieces.get(i).opens()) {
        open.push(pieces.get(i).type());
      }
    }
  }

  /** What stands between the piece at {@code i} and the one before it. */
  String before(int i) {
    return i == 0 || !isApart(i) ? "" : " ";
  }

  private int type(int i) {
    return i < 0 || i >= pieces.size() ? NnLexer.END : pieces.get(i).type();
  }

  private boolean isApart(int i) {
    int left = type(i - 1);
    int right = type(i);
    if (pieces.get(i).isComment() || pieces.get(i - 1).isComment()) {
      return true;
    }
    switch (right) {
      case NnLexer.COMMA, NnLexer.RPAREN, NnLexer.RBRACK, NnLexer.DOT, NnLexer.SEMICOLON -> {
        return left == NnLexer.COMMA && right != NnLexer.COMMA && right != NnLexer.SEMICOLON;
      }
      case NnLexer.COLON -> {
        return i == headColon || type(i + 1) == NnLexer.STRING || left == NnLexer.COMMA;
      }
      case NnLexer.LPAREN, NnLexer.LBRACK -> {
        if (attaches(left)) {
          return false;
        }
      }
      default -> {}
    }
    return switch (left) {
      case NnLexer.LPAREN, NnLexer.LBRACK, NnLexer.DOT, NnLexer.ELLIPSIS, NnLexer.CARET -> false;
      case NnLexer.MINUS -> isBinary(i - 1) && !isTight(i - 1);
      case NnLexer.PLUS, NnLexer.STAR, NnLexer.SLASH, NnLexer.PERCENT -> !isTight(i - 1);
      default ->
          switch (right) {
            case NnLexer.CARET -> false;
            case NnLexer.MINUS -> !isBinary(i) || !isTight(i);
            case NnLexer.PLUS, NnLexer.STAR, NnLexer.SLASH, NnLexer.PERCENT -> !isTight(i);
            default -> true;
          };
    };
  }

  /** Whether a bracket after it is a call's, a read's or a shape's, which stands close. */
  private static boolean attaches(int left) {
    return switch (left) {
      case NnLexer.NAME, NnLexer.PRIMED, NnLexer.RPAREN, NnLexer.RBRACK -> true;
      default -> false;
    };
  }

  private boolean isBinary(int i) {
    return Layout.endsOperand(type(i - 1));
  }

  /**
   * An operator that was written close to both its operands stays so where that cannot mislead:
   * products of plain words ({@code 8*r + c}), sums of two in subscripts ({@code h[t-1]}).
   */
  private boolean isTight(int i) {
    if (i == 0 || i + 1 >= pieces.size()) {
      return false;
    }
    Piece left = pieces.get(i - 1);
    Piece op = pieces.get(i);
    Piece right = pieces.get(i + 1);
    if (left.end() != op.start() || op.end() != right.start() || op.start() == op.end()) {
      return false;
    }
    if (op.type() != NnLexer.PLUS && op.type() != NnLexer.MINUS) {
      return isPlain(left) && (isPlain(right) || right.type() == NnLexer.LPAREN);
    }
    return isPlain(left) && isPlain(right) && endsTerm(i - 2) && endsTerm(i + 2) && inSubscript[i];
  }

  private static boolean isPlain(Piece piece) {
    return piece.type() == NnLexer.NAME
        || piece.type() == NnLexer.INT
        || piece.type() == NnLexer.REAL;
  }

  /** Whether the sum reaches no further than to here. */
  private boolean endsTerm(int i) {
    return switch (type(i)) {
      case NnLexer.LBRACK, NnLexer.RBRACK, NnLexer.COMMA -> true;
      default -> false;
    };
  }
}
