package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.SyntaxProblem.Lookalike;
import dev.nnlang.grammar.NnLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;

/**
 * From characters to words and comments. What no program has gets its message here and is replaced
 * by what was probably meant, so that the parser goes on as if it had been written.
 */
final class Scanner {
  /** Words and comments, each in order; the last word is EOF. */
  record Scanned(List<Word> words, List<Comment> comments) {}

  private final SourceFile file;
  private final String text;
  private final List<Problem> problems;
  private final List<Word> words = new ArrayList<>();
  private final List<Comment> comments = new ArrayList<>();
  private boolean firstOnLine = true;

  /** A line that is being skipped, because it is another language's comment. */
  private boolean skippingLine;

  private Scanner(SourceFile file, List<Problem> problems) {
    this.file = file;
    this.text = file.text();
    this.problems = problems;
  }

  static Scanned scan(SourceFile file, List<Problem> problems) {
    Scanner scanner = new Scanner(file, problems);
    scanner.controls();
    scanner.run();
    scanner.pointsWithoutDigits();
    return new Scanned(scanner.words, scanner.comments);
  }

  private Span span(int start, int end) {
    return file.span(start, end);
  }

  /** Controls are errors everywhere, in strings and comments too (LR-41); runs are told once. */
  private void controls() {
    int last = -2;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean lineEnd =
          c == '\n' || (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n');
      if (Character.isISOControl(c) && !lineEnd && c != '\t') {
        if (i != last + 1) {
          problems.add(new SyntaxProblem.ControlCharacter(span(i, i + 1), c));
        }
        last = i;
      }
    }
  }

  private void run() {
    // ANTLR counts code points and we count UTF-16 units, so halves of pairs become one unit each.
    StringBuilder units = null;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        units = units == null ? new StringBuilder(text) : units;
        units.setCharAt(i, '\ufffd');
      }
    }
    NnLexer lexer = new NnLexer(CharStreams.fromString(units == null ? text : units.toString()));
    lexer.removeErrorListeners();
    for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
      accept(token.getType(), token.getStartIndex(), token.getStopIndex() + 1);
    }
    words.add(new Word(Token.EOF, text.length(), text.length(), firstOnLine));
  }

  private void accept(int type, int start, int end) {
    if (type == NnLexer.NEWLINE) {
      firstOnLine = true;
      skippingLine = false;
      return;
    }
    if (skippingLine) {
      return;
    }
    switch (type) {
      case NnLexer.BLANK -> {}
      case NnLexer.DOC, NnLexer.LINE_COMMENT, NnLexer.BLOCK_COMMENT -> comment(type, start, end);
      case NnLexer.UNCLOSED_COMMENT ->
          problems.add(new SyntaxProblem.UnclosedComment(span(start, end)));
      case NnLexer.UNCLOSED_STRING -> {
        problems.add(new SyntaxProblem.UnclosedString(span(start, end)));
        add(NnLexer.STRING, start, end);
      }
      case NnLexer.STAR_STAR -> foreign(NnLexer.CARET, start, end, "a power is written ^", "^");
      case NnLexer.AMP_AMP -> foreign(NnLexer.AND, start, end, "write and", "and");
      case NnLexer.BAR_BAR -> foreign(NnLexer.OR, start, end, "write or", "or");
      case NnLexer.BANG -> foreign(NnLexer.NOT, start, end, "write not", "not ");
      case NnLexer.FAT_ARROW -> foreign(NnLexer.ARROW, start, end, "outputs follow ->", "->");
      case NnLexer.UPDATE -> {
        String message =
            "each name is defined once; the next value of a state is written name' = name "
                + text.charAt(start)
                + " ..";
        foreign(NnLexer.ASSIGN, start, end, message, "");
      }
      case NnLexer.FOREIGN_NAME -> foreignName(start, end);
      case NnLexer.UNKNOWN -> unknown(start, end);
      case NnLexer.NAME, NnLexer.PRIMED, NnLexer.UNDERSCORE -> name(type, start, end);
      case NnLexer.INT, NnLexer.REAL -> number(type, start, end);
      default -> add(type, start, end);
    }
  }

  private void comment(int type, int start, int end) {
    int kind = type;
    if (type == NnLexer.DOC && text.startsWith("////", start)) {
      kind = NnLexer.LINE_COMMENT;
    }
    comments.add(new Comment(kind, start, end, firstOnLine || onlyEndsBefore(start)));
    if (type == NnLexer.BLOCK_COMMENT && text.substring(start, end).indexOf('\n') >= 0) {
      firstOnLine = true;
    }
  }

  /** Whether only {@code ;} stands before on the line: formatting drops it. */
  private boolean onlyEndsBefore(int start) {
    int at = start;
    while (at > 0 && " \t;".indexOf(text.charAt(at - 1)) >= 0) {
      at--;
    }
    return at == 0 || text.charAt(at - 1) == '\n';
  }

  private void add(int type, int start, int end) {
    words.add(new Word(type, start, end, firstOnLine));
    firstOnLine = false;
  }

  private Optional<Word> justBefore(int start) {
    return words.isEmpty() || words.getLast().end() != start
        ? Optional.empty()
        : Optional.of(words.getLast());
  }

  private void foreign(int meant, int start, int end, String advice, String replacement) {
    problems.add(
        new SyntaxProblem.ForeignSpelling(
            span(start, end),
            text.substring(start, end),
            advice,
            replacement.isEmpty() ? Optional.empty() : Optional.of(replacement)));
    add(meant, start, end);
  }

  // ---------------------------------------------------------------------------------------------
  // Numbers (LR-42)

  private void number(int type, int start, int end) {
    Optional<Word> before = justBefore(start);
    if (before.isPresent() && before.get().type() == NnLexer.DOT && type == NnLexer.INT) {
      Word dot = words.removeLast();
      boolean member = !words.isEmpty() && words.getLast().end() == dot.start();
      if (member && words.getLast().type() != NnLexer.INT) {
        words.add(dot);
        add(type, start, end);
        return;
      }
      String spelling = text.substring(dot.start(), end);
      if (!member) {
        badNumber(dot.start(), end, "a number has a digit before its point", "0" + spelling);
      }
      words.add(new Word(NnLexer.REAL, dot.start(), end, dot.firstOnLine()));
      return;
    }
    add(type, start, end);
  }

  private void name(int type, int start, int end) {
    Optional<Word> before = justBefore(start);
    if (before.isPresent() && isNumber(before.get())) {
      String digits = text.substring(before.get().start(), before.get().end());
      String letters = text.substring(start, end);
      if (letters.matches("[eE].?")) {
        badNumber(
            before.get().start(), end, "an exponent has at least one digit", digits + "e" + "0");
        return;
      }
      if (letters.matches("_+[0-9_]*")) {
        String mend = (digits + letters).replaceAll("_+", "_").replaceAll("_$", "");
        badNumber(
            before.get().start(), end, "an underscore in a number stands between two digits", mend);
        return;
      }
      badNumber(
          before.get().start(),
          end,
          "a number is followed directly by the name `" + letters + "`",
          digits + " * " + letters);
      words.add(new Word(NnLexer.STAR, start, start, false));
    }
    add(type, start, end);
  }

  /** {@code 1.} is one word and has its message; {@code 0..4} is not touched. */
  private void pointsWithoutDigits() {
    for (int i = 0; i + 1 < words.size(); i++) {
      Word number = words.get(i);
      Word dot = words.get(i + 1);
      if (number.type() == NnLexer.INT
          && dot.type() == NnLexer.DOT
          && dot.start() == number.end()) {
        String digits = text.substring(number.start(), number.end());
        badNumber(number.start(), dot.end(), "a number has a digit after its point", digits + ".0");
        words.set(i, new Word(NnLexer.REAL, number.start(), dot.end(), number.firstOnLine()));
        words.remove(i + 1);
      }
    }
  }

  private static boolean isNumber(Word word) {
    return word.type() == NnLexer.INT || word.type() == NnLexer.REAL;
  }

  private void badNumber(int start, int end, String why, String mend) {
    problems.add(new SyntaxProblem.BadNumber(span(start, end), why, mend));
  }

  // ---------------------------------------------------------------------------------------------
  // Foreign characters

  private void foreignName(int start, int end) {
    String word = text.substring(start, end);
    int bad = 0;
    while (word.charAt(bad) < 0x80) {
      bad++;
    }
    int length = Character.charCount(word.codePointAt(bad));
    Optional<String> ascii = Lookalikes.word(word);
    problems.add(
        new SyntaxProblem.UnknownCharacter(
            span(start + bad, start + bad + length),
            word.codePointAt(bad),
            ascii
                .map(name -> new Lookalike("names are written in ASCII: " + name, Optional.empty()))
                .or(
                    () ->
                        Optional.of(
                            new Lookalike(
                                "names are written with A-Z a-z 0-9 _", Optional.empty())))));
    add(word.endsWith("'") ? NnLexer.PRIMED : NnLexer.NAME, start, end);
  }

  private void unknown(int start, int end) {
    char c = text.charAt(start);
    if (Character.isISOControl(c)) {
      return;
    }
    if (Character.isLowSurrogate(c)
        && start > 0
        && Character.isHighSurrogate(text.charAt(start - 1))) {
      return;
    }
    if (c == '\ufffd') {
      return; // Bytes that are no UTF-8 have had their message.
    }
    switch (c) {
      case '#' -> {
        problems.add(
            new SyntaxProblem.ForeignSpelling(
                span(start, end), "#", "a comment starts with //", Optional.of("//")));
        skippingLine = true;
      }
      case '\'' -> quote(start, end);
      case '?' ->
          problems.add(
              new SyntaxProblem.ForeignSpelling(
                  span(start, end),
                  "?",
                  "a choice is written if c then a else b; the outside of a read ??",
                  Optional.empty()));
      case '@' -> {
        problems.add(
            new SyntaxProblem.ForeignSpelling(
                span(start, end),
                "@",
                "a matrix product is written y[i, j] = sum[k](a[i, k] * b[k, j])",
                Optional.empty()));
        add(NnLexer.STAR, start, end);
      }
      default -> lookalike(start);
    }
  }

  /** {@code 'text'} becomes a string, a lone quote goes. */
  private void quote(int start, int end) {
    problems.add(
        new SyntaxProblem.ForeignSpelling(
            span(start, end),
            "'",
            justBefore(start).isPresent()
                ? "one ' after a name means its next value"
                : "strings are written with \"",
            Optional.empty()));
    skippingLine = true;
    if (justBefore(start).isEmpty()) {
      add(NnLexer.STRING, start, end);
    }
  }

  private void lookalike(int start) {
    int c = text.codePointAt(start);
    int end = start + Character.charCount(c);
    Optional<Lookalikes.Symbol> symbol = Lookalikes.symbol(c);
    problems.add(
        new SyntaxProblem.UnknownCharacter(
            span(start, Math.min(end, text.length())),
            c,
            symbol.map(like -> new Lookalike("write " + like.shown(), Optional.of(like.text())))));
    symbol.filter(like -> like.type() >= 0).ifPresent(like -> add(like.type(), start, end));
  }
}
