package dev.nnlang.compiler.lsp;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.lsp4j.SemanticTokens;
import org.eclipse.lsp4j.SemanticTokensDelta;
import org.eclipse.lsp4j.SemanticTokensEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/**
 * The colours that a client has of each document, so that after an edit it is sent only what is
 * different: most of a long text is as it was.
 */
final class ColoursSent {
  private record Sent(String id, List<Integer> colours) {}

  /**
   * What a client has said that it has, and what was made last: it may never have been sent, since
   * the text had changed meanwhile.
   */
  private record Both(Sent known, Sent newest) {
    private Sent of(String id) {
      return known != null && known.id.equals(id) ? known : newest.id.equals(id) ? newest : null;
    }
  }

  private final Map<String, Both> sent = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  /** All colours of a document, to be named by the id that they get. */
  SemanticTokens all(String uri, List<Integer> colours) {
    return all(uri, null, colours);
  }

  private SemanticTokens all(String uri, Sent known, List<Integer> colours) {
    return new SemanticTokens(next(uri, known, colours).id, colours);
  }

  private Sent next(String uri, Sent known, List<Integer> colours) {
    var newest = new Sent(String.valueOf(count.incrementAndGet()), List.copyOf(colours));
    sent.put(uri, new Both(known, newest));
    return newest;
  }

  /**
   * What is different from what a client has; everything, if it is not known what that is.
   *
   * @param id of what it has
   */
  Either<SemanticTokens, SemanticTokensDelta> since(String uri, String id, List<Integer> colours) {
    var both = sent.get(uri);
    var known = both == null ? null : both.of(id);
    if (known == null) {
      return Either.forLeft(all(uri, colours));
    }
    var before = known.colours;
    int start = 0;
    int shorter = Math.min(before.size(), colours.size());
    while (start < shorter && before.get(start).equals(colours.get(start))) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && before.get(before.size() - 1 - end).equals(colours.get(colours.size() - 1 - end))) {
      end++;
    }
    int gone = before.size() - end - start;
    var come = colours.subList(start, colours.size() - end);
    var edits =
        gone == 0 && come.isEmpty()
            ? List.<SemanticTokensEdit>of()
            : List.of(new SemanticTokensEdit(start, gone, List.copyOf(come)));
    var newest = next(uri, known, colours);
    return Either.forRight(new SemanticTokensDelta(edits, newest.id));
  }

  void forget(String uri) {
    sent.remove(uri);
  }
}
