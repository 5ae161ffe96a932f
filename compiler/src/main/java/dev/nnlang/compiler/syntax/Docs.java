package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.grammar.NnLexer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;

/** Which {@code ///} belongs to what (LR-70). */
final class Docs {
  private final SourceFile file;
  private final List<Word> words;
  private final List<Comment> docs;
  private final Set<Comment> claimed = new HashSet<>();

  Docs(SourceFile file, List<Word> words, List<Comment> comments) {
    this.file = file;
    this.words = words;
    this.docs = comments.stream().filter(c -> c.type() == NnLexer.DOC && c.alone()).toList();
  }

  /** The lines directly above what starts with this token. */
  Optional<Ast.Doc> above(Token first) {
    int end = first.getStartIndex();
    int start = 0;
    for (int i = first.getTokenIndex() - 1; i >= 0; i--) {
      if (words.get(i).type() != NnLexer.END) {
        start = words.get(i).end();
        break;
      }
    }
    List<Comment> lines = between(start, end);
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    claimed.addAll(lines);
    return Optional.of(
        new Ast.Doc(lines.stream().map(this::line).collect(Collectors.joining("\n")), span(lines)));
  }

  private List<Comment> between(int start, int end) {
    int low = 0;
    int high = docs.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (docs.get(middle).start() < start) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    List<Comment> lines = new ArrayList<>();
    for (int i = low; i < docs.size() && docs.get(i).end() <= end; i++) {
      lines.add(docs.get(i));
    }
    return lines;
  }

  private String line(Comment doc) {
    String text = file.text().substring(doc.start() + 3, doc.end());
    return (text.startsWith(" ") ? text.substring(1) : text).stripTrailing();
  }

  private Span span(List<Comment> lines) {
    return file.span(lines.getFirst().start(), lines.getLast().end());
  }

  /** Hints for those above a closing brace or the end of the file; one for lines that touch. */
  void idle(List<Problem> problems) {
    int lastLine = -2;
    for (Comment doc : docs) {
      int line = file.line(doc.start());
      if (!claimed.contains(doc) && precedesNothing(doc)) {
        if (line != lastLine + 1) {
          problems.add(new SyntaxProblem.IdleDoc(file.span(doc.start(), doc.end())));
        }
        lastLine = line;
      }
    }
  }

  private boolean precedesNothing(Comment doc) {
    int low = 0;
    int high = words.size() - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (words.get(middle).start() < doc.end()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (words.get(low).type() == NnLexer.END) {
      low++;
    }
    int next = words.get(low).type();
    return next == Token.EOF || next == NnLexer.RBRACE;
  }
}
