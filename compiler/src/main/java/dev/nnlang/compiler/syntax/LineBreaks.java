package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.grammar.NnLexer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/**
 * The first half of the formatter: which pieces stand on which line. A statement begins a line and
 * so does a block's closing brace; inside a statement the user's own breaks are kept.
 */
final class LineBreaks {
  private final SourceFile file;
  private final List<Word> words;
  private final List<Comment> comments;
  private final Set<Integer> opening;
  private final Set<Integer> closing;
  private final List<Line> lines = new ArrayList<>();

  /** For each open block: whether it stays on one line. */
  private final Deque<Boolean> oneLine = new ArrayDeque<>();

  private final Deque<String> blockWords = new ArrayDeque<>();
  private Line line;
  private int nextComment;
  private int lastEnd;
  private int depth;
  private boolean enumOpen;
  private boolean startsStatement = true;
  private boolean forcedBreak;
  private String firstWord = "";

  /**
   * @param opening offsets at which a parenthesis is added
   * @param closing offsets after which one is added
   */
  private LineBreaks(
      SourceFile file, Parser.Parsed parsed, Set<Integer> opening, Set<Integer> closing) {
    this.file = file;
    this.words = parsed.laidOut().words();
    this.comments = parsed.comments();
    this.opening = opening;
    this.closing = closing;
  }

  static List<Line> of(
      SourceFile file, Parser.Parsed parsed, Set<Integer> opening, Set<Integer> closing) {
    LineBreaks breaks = new LineBreaks(file, parsed, opening, closing);
    for (int i = 0; i < breaks.words.size(); i++) {
      breaks.word(i);
    }
    return breaks.lines;
  }

  private boolean isOnOneLine() {
    return !oneLine.isEmpty() && oneLine.peek();
  }

  private int lineOf(int offset) {
    return file.line(offset);
  }

  /** Whether at least one empty line stands between what was set last and this offset. */
  private boolean blankBefore(int start) {
    return lastEnd > 0 && lineOf(start) - lineOf(Math.max(0, lastEnd - 1)) > 1;
  }

  private void word(int i) {
    Word word = words.get(i);
    commentsBefore(word);
    switch (word.type()) {
      case Token.EOF -> {}
      case NnLexer.END -> end(i);
      case NnLexer.LBRACE -> openBlock(i);
      case NnLexer.RBRACE -> {
        if (enumOpen) {
          enumOpen = false;
          depth--;
          set(word, Piece.CLOSE_ENUM);
        } else {
          closeBlock(word);
        }
      }
      default -> {
        if (word.type() == NnLexer.RPAREN || word.type() == NnLexer.RBRACK) {
          depth--;
        }
        place(i);
        if (opening.contains(word.start())) {
          line.pieces.add(new Piece(NnLexer.LPAREN, "(", word.start(), word.start(), depth));
        }
        set(word, word.type());
        if (closing.contains(word.end())) {
          line.pieces.add(new Piece(NnLexer.RPAREN, ")", word.end(), word.end(), depth));
        }
        if (line.pieces.getLast().type() == NnLexer.ENUM_OPEN) {
          enumOpen = true;
        }
        boolean opens = word.type() == NnLexer.LPAREN || word.type() == NnLexer.LBRACK;
        depth += opens || word.type() == NnLexer.ENUM_OPEN ? 1 : 0;
      }
    }
  }

  private void newLine(Line.Role role, int start) {
    boolean afterOpening =
        line != null
            && line.pieces.stream().filter(p -> !p.isComment()).reduce((_, last) -> last).stream()
                .anyMatch(last -> last.type() == NnLexer.LBRACE);
    boolean blank =
        role != Line.Role.CLOSING
            && role != Line.Role.CONTINUED
            && !afterOpening
            && blankBefore(start);
    line = new Line(role, oneLine.size(), blank);
    lines.add(line);
  }

  /** Begins a line before a word where one is due. */
  private void place(int i) {
    Word word = words.get(i);
    if (startsStatement) {
      if (!isOnOneLine()) {
        newLine(Line.Role.FIRST, word.start());
      }
      startsStatement = false;
      forcedBreak = false;
      firstWord = file.text().substring(word.start(), word.end());
      if (line.role == Line.Role.FIRST) {
        line.key = key(word.type());
      }
      depth = 0;
      return;
    }
    boolean broken = lineOf(word.start()) > lineOf(Math.max(0, lastEnd - 1));
    boolean joins = word.type() == NnLexer.ELSE && line.pieces.getLast().type() == NnLexer.RBRACE;
    if (forcedBreak || (broken && !joins)) {
      newLine(Line.Role.CONTINUED, word.start());
      forcedBreak = false;
    }
  }

  /** Runs of these are aligned whatever the user did; other signs only where they were. */
  private String key(int type) {
    return switch (type) {
      case NnLexer.PARAM, NnLexer.FROZEN -> "param";
      case NnLexer.STATE -> "state";
      case NnLexer.SOURCE -> "source";
      case NnLexer.DIM -> "dim";
      case NnLexer.CONST -> "const";
      default -> blockWords.peek() != null && blockWords.peek().equals("train") ? "setting" : "";
    };
  }

  private void set(Word word, int type) {
    if (line == null) {
      newLine(Line.Role.FIRST, word.start());
    }
    boolean signs = type == NnLexer.ASSIGN || type == NnLexer.TILDE;
    if (signs && depth == 0 && line.sign < 0 && line.role == Line.Role.FIRST && mayAlign()) {
      line.sign = line.pieces.size();
    }
    String text = file.text().substring(word.start(), word.end());
    line.pieces.add(new Piece(type, text, word.start(), word.end(), depth));
    lastEnd = word.end();
  }

  /** Heads of declarations are not aligned with their neighbours. */
  private boolean mayAlign() {
    int type = line.pieces.getFirst().type();
    return type < NnLexer.FN || type > NnLexer.TRAIN;
  }

  private void end(int i) {
    startsStatement = true;
    depth = 0;
    boolean last = words.get(i + 1).type() == NnLexer.RBRACE;
    if (isOnOneLine() && !last) {
      line.pieces.add(new Piece(NnLexer.SEMICOLON, ";", lastEnd, lastEnd, 0));
    }
  }

  // ---------------------------------------------------------------------------------------------
  // Blocks

  private void openBlock(int i) {
    Word brace = words.get(i);
    int close = closing(i);
    boolean single =
        lineOf(brace.start()) == lineOf(words.get(close).start())
            && (nextComment == comments.size()
                || comments.get(nextComment).start() > words.get(close).start());
    if (forcedBreak) {
      newLine(Line.Role.CONTINUED, brace.start());
      forcedBreak = false;
    }
    set(brace, NnLexer.LBRACE);
    oneLine.push(single || isOnOneLine());
    blockWords.push(firstWord);
    startsStatement = true;
  }

  private int closing(int i) {
    int open = 0;
    int at = i;
    while (true) {
      int type = words.get(at).type();
      open += type == NnLexer.LBRACE || type == NnLexer.ENUM_OPEN ? 1 : 0;
      open -= type == NnLexer.RBRACE ? 1 : 0;
      if (open == 0) {
        return at;
      }
      at++;
    }
  }

  private void closeBlock(Word brace) {
    boolean single = oneLine.pop();
    blockWords.pop();
    boolean empty = line.pieces.getLast().type() == NnLexer.LBRACE;
    if (!single && !empty) {
      newLine(Line.Role.CLOSING, brace.start());
    }
    set(brace, NnLexer.RBRACE);
    startsStatement = false;
    depth = 0;
  }

  // ---------------------------------------------------------------------------------------------
  // Comments

  private void commentsBefore(Word word) {
    while (nextComment < comments.size() && comments.get(nextComment).start() < word.start()) {
      comment(comments.get(nextComment++), word);
    }
  }

  private void comment(Comment comment, Word next) {
    // An END has the place of the line's end and would come before the comment on that line.
    boolean alone = comment.alone() || line == null;
    if (alone) {
      newLine(startsStatement ? Line.Role.COMMENT : Line.Role.CONTINUED, comment.start());
    }
    String text = file.text().substring(comment.start(), comment.end()).stripTrailing();
    text = text.replace("\r\n", "\n");
    line.pieces.add(new Piece(comment.type(), text, comment.start(), comment.end(), depth));
    lastEnd = comment.end();
    boolean goesOn =
        comment.type() == NnLexer.BLOCK_COMMENT
            && !alone
            && next.type() != NnLexer.END
            && lineOf(next.start()) == lineOf(comment.end());
    forcedBreak = !startsStatement && !goesOn;
  }
}
