package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.SyntaxProblem.Measure;
import dev.nnlang.grammar.NnLexer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/**
 * The pass between lexer and parser: which line ends are statement ends (LR-40), which names
 * declare (LR-5), and which brackets belong together.
 *
 * <p>What it gives has matching brackets and an END after every statement, whatever the text was,
 * so that the parser finds its way again after a mistake by the next END of the same depth.
 */
final class Layout {
  /** LR-72. */
  private static final int MAX_BRACKETS = 256;

  /** Right-nesting operators cost the parser stack as brackets do. */
  private static final int MAX_OPERATORS = 1000;

  private static final int MAX_WORDS = 100_000;

  /**
   * Words for the parser.
   *
   * @param words the last is EOF
   * @param depths for each word how many brackets are open around it; a bracket counts as outside
   * @param tooMuch whether the text is beyond the limits: then it must not be parsed
   */
  record LaidOut(List<Word> words, int[] depths, boolean tooMuch) {}

  private static final class Open {
    final Word word;
    int operators;

    Open(Word word) {
      this.word = word;
    }

    boolean isBlock() {
      return word.type() == NnLexer.LBRACE;
    }
  }

  private final SourceFile file;
  private final List<Word> in;
  private final List<Problem> problems;
  private final List<Word> out = new ArrayList<>();
  private final List<Integer> depths = new ArrayList<>();
  private final Deque<Open> open = new ArrayDeque<>();
  private final Open ground = new Open(new Word(Token.EOF, 0, 0, true));
  private boolean inTrainHead;
  private boolean tooMuch;
  private int operators;
  private int statementWords;

  /** Braces that were closed for the user, whose own closing may follow later and is not stray. */
  private int forgiven;

  private Layout(SourceFile file, List<Word> in, List<Problem> problems) {
    this.file = file;
    this.in = in;
    this.problems = problems;
  }

  static LaidOut lay(SourceFile file, List<Word> words, List<Problem> problems) {
    Layout layout = new Layout(file, words, problems);
    for (int i = 0; i < words.size() && !layout.tooMuch; i++) {
      layout.word(i);
    }
    int[] depths = layout.depths.stream().mapToInt(Integer::intValue).toArray();
    return new LaidOut(layout.out, depths, layout.tooMuch);
  }

  private Span span(Word word) {
    return file.span(word.start(), word.end());
  }

  private String text(Word word) {
    return file.text().substring(word.start(), word.end());
  }

  private Open top() {
    return open.isEmpty() ? ground : open.peek();
  }

  private boolean inBrackets() {
    return !open.isEmpty() && !top().isBlock();
  }

  private int last() {
    return out.isEmpty() ? NnLexer.END : out.getLast().type();
  }

  private boolean atStatementStart() {
    return last() == NnLexer.END || last() == NnLexer.LBRACE || last() == NnLexer.FROZEN;
  }

  // ---------------------------------------------------------------------------------------------
  // One word

  private void word(int i) {
    Word word = in.get(i);
    if (word.firstOnLine() && !out.isEmpty()) {
      lineStart(i);
    }
    switch (word.type()) {
      case Token.EOF -> end(word);
      case NnLexer.SEMICOLON -> {
        closeBrackets(word.start());
        endStatement(word);
      }
      case NnLexer.LPAREN, NnLexer.LBRACK -> opening(word);
      case NnLexer.LBRACE -> brace(word);
      case NnLexer.RPAREN, NnLexer.RBRACK -> closing(word);
      case NnLexer.RBRACE -> closingBrace(word);
      case NnLexer.NAME -> emit(declaring(i));
      case NnLexer.TILDE, NnLexer.ARROW -> {
        // Neither stands inside brackets, so one that is open was forgotten.
        closeBrackets(out.isEmpty() ? 0 : out.getLast().end());
        emit(word);
      }
      default -> emit(word);
    }
  }

  private void lineStart(int i) {
    Word word = in.get(i);
    if (inBrackets() && isUnclosedBefore(i)) {
      closeBrackets(out.getLast().end());
    }
    if (inBrackets()) {
      return;
    }
    boolean begins = beginsStatement(i);
    if ((begins || !continuesAfter(last())) && !continuesBefore(word.type())) {
      endStatement(new Word(NnLexer.END, out.getLast().end(), out.getLast().end(), false));
    }
    if (!open.isEmpty() && startsKind(i) && !isIndented(word, top().word)) {
      unclosed(top(), out.getLast().end());
      forgiven++;
      while (!open.isEmpty()) {
        closeBlock(out.getLast().end());
      }
      endStatement(new Word(NnLexer.END, out.getLast().end(), out.getLast().end(), false));
    }
  }

  /**
   * Whether a line can only be a new statement, although the line before it seems to go on: a
   * forgotten value ({@code y =}) must not swallow the next definition.
   */
  private boolean beginsStatement(int i) {
    Word word = in.get(i);
    if (word.type() == NnLexer.USE) {
      return in.get(i + 1).type() == NnLexer.STRING;
    }
    if (word.type() != NnLexer.NAME && word.type() != NnLexer.PRIMED) {
      return false;
    }
    boolean declaring = Keywords.declaringType(text(word)) >= 0 && declares(i);
    boolean defining = last() != NnLexer.COMMA && last() != NnLexer.LBRACE && definesAt(i + 1);
    return declaring || defining;
  }

  private void end(Word eof) {
    closeBrackets(eof.start());
    if (!open.isEmpty()) {
      unclosed(top(), eof.start());
      while (!open.isEmpty()) {
        closeBlock(eof.start());
      }
    }
    endStatement(new Word(NnLexer.END, eof.start(), eof.start(), false));
    emit(eof);
  }

  private void emit(Word word) {
    int type = word.type();
    Open level = top();
    boolean prefix = type == NnLexer.NOT || (type == NnLexer.MINUS && !endsOperand(last()));
    if (prefix || type == NnLexer.CARET || type == NnLexer.FALLBACK || type == NnLexer.IF) {
      level.operators++;
      operators++;
      if (operators > MAX_OPERATORS) {
        tooMuch(word, Measure.OPERATORS);
        return;
      }
    } else if (type == NnLexer.COMMA) {
      operators -= level.operators;
      level.operators = 0;
    }
    if (++statementWords > MAX_WORDS && !tooMuch) {
      tooMuch(word, Measure.LENGTH);
      return;
    }
    put(word, open.size());
  }

  private void put(Word word, int depth) {
    out.add(word);
    depths.add(depth);
  }

  private void tooMuch(Word word, Measure measure) {
    tooMuch = true;
    problems.add(new SyntaxProblem.TooMuch(span(word), measure));
  }

  private void endStatement(Word at) {
    inTrainHead = false;
    operators -= top().operators;
    top().operators = 0;
    statementWords = 0;
    if (last() != NnLexer.END && last() != NnLexer.LBRACE) {
      put(at.as(NnLexer.END), open.size());
    }
  }

  // ---------------------------------------------------------------------------------------------
  // Line ends (LR-40)

  private static boolean continuesAfter(int type) {
    return switch (type) {
      case NnLexer.ASSIGN,
          NnLexer.TILDE,
          NnLexer.COLON,
          NnLexer.COMMA,
          NnLexer.NOT,
          NnLexer.LBRACE,
          NnLexer.MINUS,
          NnLexer.THEN,
          NnLexer.ELSE,
          NnLexer.WHERE ->
          true;
      default -> isInfix(type);
    };
  }

  private static boolean continuesBefore(int type) {
    return switch (type) {
      case NnLexer.ASSIGN,
          NnLexer.TILDE,
          NnLexer.THEN,
          NnLexer.ELSE,
          NnLexer.WHERE,
          NnLexer.AS,
          NnLexer.COLON,
          NnLexer.LBRACE,
          NnLexer.MINUS ->
          true;
      default -> isInfix(type);
    };
  }

  private static boolean isInfix(int type) {
    return switch (type) {
      case NnLexer.ARROW,
          NnLexer.PIPE,
          NnLexer.FALLBACK,
          NnLexer.RANGE,
          NnLexer.PLUS,
          NnLexer.STAR,
          NnLexer.SLASH,
          NnLexer.PERCENT,
          NnLexer.CARET,
          NnLexer.LT,
          NnLexer.LE,
          NnLexer.GT,
          NnLexer.GE,
          NnLexer.EQ,
          NnLexer.NE,
          NnLexer.AND,
          NnLexer.OR ->
          true;
      default -> false;
    };
  }

  /** Whether a value may end with it. */
  static boolean endsOperand(int type) {
    return switch (type) {
      case NnLexer.NAME,
          NnLexer.PRIMED,
          NnLexer.INT,
          NnLexer.REAL,
          NnLexer.STRING,
          NnLexer.TRUE,
          NnLexer.FALSE,
          NnLexer.UNDERSCORE,
          NnLexer.RPAREN,
          NnLexer.RBRACK,
          NnLexer.RBRACE ->
          true;
      default -> false;
    };
  }

  // ---------------------------------------------------------------------------------------------
  // Brackets

  private void opening(Word word) {
    if (open.size() >= MAX_BRACKETS) {
      tooMuch(word, Measure.BRACKETS);
      return;
    }
    emit(word);
    open.push(new Open(word));
  }

  private void brace(Word word) {
    closeBrackets(word.start());
    int size = out.size();
    boolean members =
        size >= 2
            && out.get(size - 2).type() == NnLexer.DIM
            && out.get(size - 1).type() == NnLexer.NAME;
    opening(members ? word.as(NnLexer.ENUM_OPEN) : word);
    inTrainHead = false;
    statementWords = 0;
  }

  private void pop() {
    operators -= open.pop().operators;
  }

  private void closing(Word word) {
    int opener = word.type() == NnLexer.RPAREN ? NnLexer.LPAREN : NnLexer.LBRACK;
    if (!inBrackets()) {
      problems.add(new SyntaxProblem.StrayBracket(span(word), Optional.empty()));
      return;
    }
    if (top().word.type() != opener) {
      Open inner = top();
      boolean deeper =
          open.stream().skip(1).takeWhile(o -> !o.isBlock()).anyMatch(o -> o.word.type() == opener);
      if (!deeper || inner.word.type() == NnLexer.ENUM_OPEN) {
        problems.add(new SyntaxProblem.StrayBracket(span(word), Optional.of(span(inner.word))));
        closeOne(word.start(), word.end());
        return;
      }
      unclosed(inner, word.start());
      while (top().word.type() != opener) {
        closeOne(word.start(), word.start());
      }
    }
    pop();
    emit(word);
  }

  private void closingBrace(Word word) {
    if (inBrackets() && top().word.type() == NnLexer.ENUM_OPEN) {
      pop();
      emit(word);
      return;
    }
    closeBrackets(out.isEmpty() ? 0 : out.getLast().end());
    if (open.isEmpty()) {
      if (forgiven == 0) {
        problems.add(new SyntaxProblem.StrayBracket(span(word), Optional.empty()));
      }
      forgiven = Math.max(0, forgiven - 1);
      return;
    }
    if (last() != NnLexer.LBRACE) {
      endStatement(new Word(NnLexer.END, out.getLast().end(), out.getLast().end(), false));
    }
    pop();
    put(word, open.size());
  }

  /** Closes what is open inside the innermost block; one message for the innermost bracket. */
  private void closeBrackets(int at) {
    if (inBrackets()) {
      unclosed(top(), at);
    }
    while (inBrackets()) {
      closeOne(at, at);
    }
  }

  private void closeOne(int start, int end) {
    Word opener = top().word;
    pop();
    int type =
        switch (opener.type()) {
          case NnLexer.LPAREN -> NnLexer.RPAREN;
          case NnLexer.LBRACK -> NnLexer.RBRACK;
          default -> NnLexer.RBRACE;
        };
    put(new Word(type, start, end, false), open.size());
  }

  private void closeBlock(int at) {
    endStatement(new Word(NnLexer.END, at, at, false));
    pop();
    put(new Word(NnLexer.RBRACE, at, at, false), open.size());
  }

  private void unclosed(Open bracket, int at) {
    problems.add(new SyntaxProblem.UnclosedBracket(file.span(at, at), span(bracket.word)));
  }

  /**
   * Whether the line that starts here shows that the bracket before it was forgotten: a value just
   * ended, no comma followed, and what begins is a statement.
   */
  private boolean isUnclosedBefore(int i) {
    Word word = in.get(i);
    if (word.type() == NnLexer.NAME && Keywords.declaringType(text(word)) >= 0 && declares(i)) {
      return true;
    }
    if (!endsOperand(last()) && last() != NnLexer.COMMA) {
      return false;
    }
    boolean named = word.type() == NnLexer.NAME || word.type() == NnLexer.PRIMED;
    if (!named || last() == NnLexer.COMMA) {
      return false;
    }
    return definesAt(i + 1) && !closesMoreThanItOpens(i);
  }

  /** Whether {@code =} or {@code ~} follows, perhaps after subscripts. */
  private boolean definesAt(int from) {
    int i = from;
    if (in.get(i).type() == NnLexer.LBRACK) {
      while (in.get(i).type() != NnLexer.RBRACK) {
        i++;
        if (in.get(i).firstOnLine() || in.get(i).type() == Token.EOF) {
          return false;
        }
      }
      i++;
    }
    return in.get(i).type() == NnLexer.ASSIGN || in.get(i).type() == NnLexer.TILDE;
  }

  /** Then the line belongs to a list that is open, and only a comma was forgotten. */
  private boolean closesMoreThanItOpens(int from) {
    int depth = 0;
    int i = from;
    do {
      switch (in.get(i).type()) {
        case NnLexer.LPAREN, NnLexer.LBRACK -> depth++;
        case NnLexer.RPAREN, NnLexer.RBRACK -> depth--;
        default -> {}
      }
      if (depth < 0) {
        return true;
      }
      i++;
    } while (i < in.size() && !in.get(i).firstOnLine() && in.get(i).type() != Token.EOF);
    return depth == 0 && in.get(i - 1).type() == NnLexer.COMMA;
  }

  // ---------------------------------------------------------------------------------------------
  // Words that declare (LR-5)

  private boolean startsKind(int i) {
    Word word = in.get(i);
    return word.type() == NnLexer.NAME && Keywords.isKind(text(word)) && declares(i);
  }

  /** Whether a name follows on the same line, or the brace of {@code fit}. */
  private boolean declares(int i) {
    Word next = in.get(i + 1);
    if (next.type() == NnLexer.LBRACE) {
      return text(in.get(i)).equals("fit");
    }
    return !next.firstOnLine() && (next.type() == NnLexer.NAME || isReserved(next.type()));
  }

  static boolean isReserved(int type) {
    return type >= NnLexer.IF && type <= NnLexer.AS;
  }

  /** Whether the line of a word is indented more than that of the block's brace. */
  private boolean isIndented(Word word, Word brace) {
    return indentation(word.start()) > indentation(brace.start());
  }

  private int indentation(int offset) {
    String line = file.lineText(file.line(offset));
    int i = 0;
    while (i < line.length() && (line.charAt(i) == ' ' || line.charAt(i) == '\t')) {
      i++;
    }
    return i;
  }

  private Word declaring(int i) {
    Word word = in.get(i);
    String name = text(word);
    if (atStatementStart() && !inBrackets()) {
      int type = Keywords.declaringType(name);
      if (type >= 0 && declares(i)) {
        inTrainHead = type == NnLexer.TRAIN;
        return word.as(type);
      }
      if (type < 0 && in.get(i + 1).type() == NnLexer.NAME && !in.get(i + 1).firstOnLine()) {
        return misspelt(i, word, name);
      }
    }
    Word next = in.get(i + 1);
    if (name.equals("index")
        && last() == NnLexer.COLON
        && (next.type() == NnLexer.NAME || next.type() == NnLexer.INT)) {
      return word.as(NnLexer.INDEX);
    }
    if (inTrainHead && name.equals("on") && !inBrackets() && endsOperand(last())) {
      inTrainHead = false;
      return word.as(NnLexer.ON);
    }
    return word;
  }

  private Word misspelt(int i, Word word, String name) {
    List<String> known = open.isEmpty() ? Keywords.atTop() : Keywords.inBody();
    Optional<String> meant = NearNames.nearest(name, known);
    if (meant.isEmpty() || name.length() < 3 || !looksDeclared(i + 2)) {
      return word;
    }
    problems.add(new SyntaxProblem.MisspeltWord(span(word), name, meant.get()));
    int type = Keywords.declaringType(meant.get());
    inTrainHead = type == NnLexer.TRAIN;
    return word.as(type);
  }

  /** Whether what follows the two names can follow a declared name. */
  private boolean looksDeclared(int i) {
    return switch (in.get(i).type()) {
      case NnLexer.LPAREN,
          NnLexer.LBRACK,
          NnLexer.LBRACE,
          NnLexer.COLON,
          NnLexer.ASSIGN,
          NnLexer.TILDE,
          NnLexer.ARROW,
          NnLexer.NAME ->
          true;
      default -> false;
    };
  }
}
