package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Problems;
import dev.nnlang.compiler.recursion.DeepStack;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.grammar.NnLexer;
import dev.nnlang.grammar.NnParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;

/** From text to the tree, whatever the text: never fails, never throws. */
public final class Parser {
  /** Up to here any thread's stack is enough: brackets and prefix operators in one place. */
  private static final int SHALLOW = 40;

  private Parser() {}

  /** The tree of a file, and what is wrong with its letters and sentences, in order. */
  public static Checked<Ast.File> parse(SourceFile file) {
    return parsed(file).tree();
  }

  /** The tree with what the formatter needs beside it. */
  record Parsed(Checked<Ast.File> tree, Layout.LaidOut laidOut, List<Comment> comments) {}

  static Parsed parsed(SourceFile file) {
    List<Problem> problems = new ArrayList<>();
    Scanner.Scanned scanned = Scanner.scan(file, problems);
    Layout.LaidOut laidOut = Layout.lay(file, scanned.words(), problems);
    Ast.File tree;
    if (laidOut.tooMuch()) {
      // The message has been given; a hole keeps later stages from complaining about the rest.
      Ast.Missing all = new Ast.Missing(file.span(0, file.text().length()));
      tree = new Ast.File(List.of(all), all.span());
    } else if (isShallow(laidOut)) {
      tree = tree(file, laidOut, scanned.comments(), problems);
    } else {
      tree = DeepStack.run(() -> tree(file, laidOut, scanned.comments(), problems));
    }
    return new Parsed(new Checked<>(tree, Problems.ordered(problems)), laidOut, scanned.comments());
  }

  private static Ast.File tree(
      SourceFile file, Layout.LaidOut laidOut, List<Comment> comments, List<Problem> problems) {
    // SLL is fast and decides all correct texts; what it rejects is read again with the full power
    // of ALL(*), whose error positions are exact.
    List<Problem> quick = new ArrayList<>();
    NnParser.FileContext context =
        run(laidOut, PredictionMode.SLL, new Recovery(file, laidOut.depths(), problems, quick));
    if (!quick.isEmpty()) {
      quick.clear();
      context =
          run(laidOut, PredictionMode.LL, new Recovery(file, laidOut.depths(), problems, quick));
    }
    problems.addAll(quick);
    Places places = new Places(file, problems);
    Docs docs = new Docs(file, laidOut.words(), comments);
    Ast.File tree = new AstBuilder(places, docs).file(context);
    docs.idle(problems);
    return tree;
  }

  private static NnParser.FileContext run(
      Layout.LaidOut laidOut, PredictionMode mode, Recovery recovery) {
    CommonTokenStream stream = new CommonTokenStream(new ListTokenSource(tokens(laidOut)));
    stream.fill();
    NnParser parser = new NnParser(stream);
    parser.removeErrorListeners();
    parser.getInterpreter().setPredictionMode(mode);
    parser.setErrorHandler(recovery);
    return parser.file();
  }

  private static List<Token> tokens(Layout.LaidOut laidOut) {
    List<Token> tokens = new ArrayList<>(laidOut.words().size());
    for (Word word : laidOut.words()) {
      CommonToken token = new CommonToken(word.type());
      token.setStartIndex(word.start());
      token.setStopIndex(word.end() - 1);
      tokens.add(token);
    }
    return tokens;
  }

  private static boolean isShallow(Layout.LaidOut laidOut) {
    int nested = 0;
    for (int i = 0; i < laidOut.depths().length; i++) {
      int type = laidOut.words().get(i).type();
      nested =
          switch (type) {
            case NnLexer.END, NnLexer.COMMA -> 0;
            case NnLexer.MINUS, NnLexer.NOT, NnLexer.CARET, NnLexer.FALLBACK, NnLexer.IF ->
                nested + 1;
            default -> nested;
          };
      if (laidOut.depths()[i] + nested > SHALLOW) {
        return false;
      }
    }
    return true;
  }
}
