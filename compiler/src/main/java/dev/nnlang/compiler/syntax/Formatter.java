package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.grammar.NnLexer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code nn fmt}: one layout for everybody.
 *
 * <p>Four blanks a block; a blank around operators, none inside brackets; statements of one kind
 * and the settings of a plan with their signs in one column, and other equations where their author
 * put the signs in one column; the author's line breaks inside a statement, and at most one empty
 * line between statements. Formatting what is formatted changes nothing.
 */
public final class Formatter {
  private static final int INDENT = 4;

  private final SourceFile file;
  private final List<Line> lines;
  private final StringBuilder out = new StringBuilder();

  /** Where each bracket of the statement at hand was set: by its offset in the source. */
  private final Map<Integer, Integer> columns = new HashMap<>();

  private int[] openers = new int[64];
  private int[] openerIndents = new int[64];
  private boolean[] hanging = new boolean[64];

  // Of the statement at hand.
  private boolean isHead;
  private int signColumn = -1;
  private int sourceSignColumn = -1;
  private boolean signHangs;
  private int firstBelow = -1;
  private int pipeColumn = -1;
  private int lastType = -1;

  private Formatter(SourceFile file, List<Line> lines) {
    this.file = file;
    this.lines = lines;
  }

  /** The text in the one layout; with errors in it the text as it is, and the problems. */
  public static Checked<String> format(SourceFile file) {
    Parser.Parsed parsed = Parser.parsed(file);
    if (parsed.tree().hasErrors()) {
      return new Checked<>(file.text(), parsed.tree().problems());
    }
    Parentheses added = Parentheses.in(parsed.tree().value(), parsed.laidOut().words());
    List<Line> lines = LineBreaks.of(file, parsed, added.opening(), added.closing());
    Alignment.align(file, lines);
    String text = new Formatter(file, lines).text();
    Checked<Ast.File> again = Parser.parse(new SourceFile(file.name(), text));
    String before = AstPrinter.print(parsed.tree().value());
    if (again.hasErrors() || !AstPrinter.print(again.value()).equals(before)) {
      throw new CompilerBug("formatting " + file.name() + " would change its meaning");
    }
    return new Checked<>(text, parsed.tree().problems());
  }

  private String text() {
    Line previous = null;
    for (Line line : lines) {
      boolean first = previous == null;
      boolean blockEnded =
          !first
              && line.block == 0
              && line.role != Line.Role.CONTINUED
              && line.role != Line.Role.CLOSING
              && previous.role == Line.Role.CLOSING;
      if (!first && (line.blankBefore || blockEnded)) {
        out.append('\n');
      }
      set(line);
      out.append('\n');
      previous = line;
    }
    return out.toString();
  }

  private void set(Line line) {
    int indent = indent(line);
    if (line.role == Line.Role.FIRST || line.role == Line.Role.CLOSING) {
      int first = line.pieces.getFirst().type();
      isHead = first >= NnLexer.FN && first <= NnLexer.TRAIN;
      signColumn = -1;
      signHangs = false;
      firstBelow = -1;
      pipeColumn = -1;
    }
    StringBuilder text = new StringBuilder(" ".repeat(indent));
    Spacing spacing = new Spacing(line.pieces, headColon(line));
    for (int i = 0; i < line.pieces.size(); i++) {
      Piece piece = line.pieces.get(i);
      boolean trailing = i > 0 && piece.isComment() && i == line.pieces.size() - 1;
      text.append(trailing ? " " : "").append(spacing.before(i));
      if (i == line.sign) {
        text.append(" ".repeat(line.padding));
      }
      note(line, i, lastColumn(text), indent);
      text.append(piece.text());
    }
    for (Piece piece : line.pieces) {
      lastType = piece.isComment() ? lastType : piece.type();
    }
    out.append(text.toString().stripTrailing());
  }

  /** Where a text ends: a block comment in it may go over several lines. */
  private static int lastColumn(StringBuilder text) {
    return text.codePointCount(text.lastIndexOf("\n") + 1, text.length());
  }

  /** Remembers the columns that later lines of the statement are set by. */
  private void note(Line line, int i, int column, int indent) {
    Piece piece = line.pieces.get(i);
    columns.put(piece.start(), column);
    boolean signs = piece.type() == NnLexer.ASSIGN || piece.type() == NnLexer.TILDE;
    if (piece.depth() == 0 && signs && signColumn < 0) {
      signColumn = column;
      sourceSignColumn = column(piece.start());
      signHangs = i == line.pieces.size() - 1 || line.pieces.get(i + 1).isComment();
    }
    if (piece.depth() == 0 && piece.type() == NnLexer.PIPE && pipeColumn < 0) {
      pipeColumn = column;
    }
    if (piece.opens()) {
      int at = piece.depth();
      if (at >= openers.length) {
        openers = java.util.Arrays.copyOf(openers, 2 * at);
        openerIndents = java.util.Arrays.copyOf(openerIndents, 2 * at);
        hanging = java.util.Arrays.copyOf(hanging, 2 * at);
      }
      openers[at] = piece.start();
      openerIndents[at] = indent;
      hanging[at] = i == line.pieces.size() - 1 || line.pieces.get(i + 1).isComment();
    }
  }

  private int indent(Line line) {
    int base = INDENT * line.block;
    if (line.role != Line.Role.CONTINUED) {
      return base;
    }
    Piece first = line.pieces.getFirst();
    if (first.closes()) {
      return hanging[first.depth()]
          ? openerIndents[first.depth()]
          : inBracket(first, first.depth());
    }
    if (first.depth() > 0) {
      return hanging[first.depth() - 1]
          ? openerIndents[first.depth() - 1] + INDENT
          : inBracket(first, first.depth() - 1);
    }
    if (first.type() == NnLexer.PIPE && pipeColumn >= 0) {
      return pipeColumn;
    }
    if (signHangs) {
      // The first line below the sign is indented once, the others keep their distance from it.
      if (firstBelow < 0) {
        firstBelow = column(first.start());
      }
      return Math.max(base + INDENT, base + INDENT + column(first.start()) - firstBelow);
    }
    if (signColumn < 0 || isHead) {
      return base + INDENT;
    }
    boolean operator = Layout.endsOperand(lastType) && isOperator(first.type());
    return operator
        ? signColumn
        : Math.max(base + INDENT, column(first.start()) + signColumn - sourceSignColumn);
  }

  private static boolean isOperator(int type) {
    return switch (type) {
      case NnLexer.PLUS,
          NnLexer.MINUS,
          NnLexer.STAR,
          NnLexer.SLASH,
          NnLexer.PERCENT,
          NnLexer.AND,
          NnLexer.OR ->
          true;
      default -> false;
    };
  }

  /** As far from the bracket as the author put it, but never left of what the bracket is in. */
  private int inBracket(Piece first, int opener) {
    int bracket = openers[opener];
    int moved = columns.get(bracket) - column(bracket);
    return Math.max(openerIndents[opener] + INDENT, column(first.start()) + moved);
  }

  private int column(int offset) {
    return file.column(offset) - 1;
  }

  /** The colon before a declaration's inputs or a plan's model: the first outside brackets. */
  private static int headColon(Line line) {
    if (line.role == Line.Role.COMMENT || line.pieces.isEmpty()) {
      return -1;
    }
    int first = line.pieces.getFirst().type();
    boolean head = first >= NnLexer.FN && first <= NnLexer.TRAIN;
    if (!head || line.role != Line.Role.FIRST) {
      return line.role == Line.Role.CONTINUED && first == NnLexer.COLON ? 0 : -1;
    }
    for (int i = 0; i < line.pieces.size(); i++) {
      Piece piece = line.pieces.get(i);
      if (piece.depth() == 0 && piece.type() == NnLexer.COLON) {
        return i;
      }
      if (piece.type() == NnLexer.ARROW || piece.type() == NnLexer.LBRACE) {
        return -1;
      }
    }
    return -1;
  }
}
