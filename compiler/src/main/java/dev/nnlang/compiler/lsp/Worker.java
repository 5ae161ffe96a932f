package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.Footprint;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.MessageType;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;

/**
 * The one thread that works questions out. An answer belongs to the version of the text that was
 * there when the question came; where the text has changed since, the answer is not sent, and the
 * client hears "content modified". A question that was cancelled before its turn costs nothing.
 */
final class Worker {
  private final Project project;
  private final ExecutorService thread = executor("nn-lsp");
  private final ExecutorService slow = executor("nn-lsp-slow");
  private final AtomicBoolean checking = new AtomicBoolean();
  private final Map<Analysis, Map<String, Optional<Footprint>>> footprints = new WeakHashMap<>();
  private NnClient client;
  private boolean refreshesHints;

  Worker(Project project) {
    this.project = project;
  }

  private static ExecutorService executor(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon(true).factory());
  }

  void connect(NnClient connected) {
    this.client = connected;
  }

  void refreshesHints(boolean can) {
    refreshesHints = can;
  }

  void refreshHints() {
    if (refreshesHints) {
      client.refreshInlayHints();
    }
  }

  void close() {
    thread.shutdown();
    slow.shutdown();
  }

  // Problems.

  /** Tells the problems of every open document, once for any number of changes that wait. */
  void check() {
    if (checking.compareAndSet(false, true)) {
      thread.execute(
          () -> {
            checking.set(false);
            project.documents().forEach(this::publish);
            project.trim();
          });
    }
  }

  private void publish(Document document) {
    if (ReadableFiles.isLibrary(Project.address(document.uri()))) {
      return;
    }
    try {
      var diagnostics = Diagnostics.of(project.analysis(document));
      boolean isNewest = project.document(document.uri()).filter(d -> d == document).isPresent();
      if (!isNewest) {
        return;
      }
      var parameters = new PublishDiagnosticsParams(document.uri(), diagnostics);
      parameters.setVersion(document.version());
      client.publishDiagnostics(parameters);
    } catch (RuntimeException | StackOverflowError bug) {
      log(bug);
    }
  }

  // Questions.

  <T> CompletableFuture<T> ask(String uri, Function<Analysis, T> question) {
    return ask(uri, question, thread);
  }

  /** For what may last: on a thread of its own, after the analysis on the usual one. */
  <T> CompletableFuture<T> askSlowly(String uri, Function<Analysis, T> question) {
    var asked = project.document(uri);
    return ask(uri, Function.identity())
        .thenCompose(a -> run(() -> current(asked.orElseThrow(), question.apply(a)), slow));
  }

  <T> CompletableFuture<T> ask(Supplier<T> question) {
    return run(question, thread);
  }

  private <T> CompletableFuture<T> ask(
      String uri, Function<Analysis, T> question, ExecutorService on) {
    var asked = project.document(uri);
    if (asked.isEmpty()) {
      return CompletableFuture.failedFuture(
          error(ResponseErrorCode.RequestFailed, uri + " is not open"));
    }
    var document = asked.get();
    return run(
        () -> {
          // Overtaken before its turn: not worth the work.
          current(document, null);
          return current(document, question.apply(project.analysis(document)));
        },
        on);
  }

  private <T> CompletableFuture<T> run(Supplier<T> work, ExecutorService on) {
    var result = new CompletableFuture<T>();
    on.execute(
        () -> {
          if (result.isCancelled()) {
            return;
          }
          try {
            result.complete(work.get());
          } catch (ResponseErrorException | CancellationException expected) {
            result.completeExceptionally(expected);
          } catch (RuntimeException | StackOverflowError bug) {
            log(bug);
            result.completeExceptionally(
                error(ResponseErrorCode.InternalError, String.valueOf(bug.getMessage())));
          }
        });
    return result;
  }

  private <T> T current(Document document, T answer) {
    boolean isNewest = project.document(document.uri()).filter(d -> d == document).isPresent();
    if (!isNewest) {
      throw error(ResponseErrorCode.ContentModified, "the text has changed");
    }
    return answer;
  }

  private static ResponseErrorException error(ResponseErrorCode code, String message) {
    return new ResponseErrorException(new ResponseError(code, message, null));
  }

  private void log(Throwable bug) {
    var text = new StringWriter();
    bug.printStackTrace(new PrintWriter(text));
    client.logMessage(
        new MessageParams(MessageType.Error, "this is a bug of nn, not of your program: " + text));
  }

  // What plans take.

  /** Worked out once for each version of a text. */
  Optional<Footprint> footprint(Analysis analysis, String train) {
    synchronized (footprints) {
      return footprints
          .computeIfAbsent(analysis, _ -> new HashMap<>())
          .computeIfAbsent(train, name -> analysis.compilation().footprint(name));
    }
  }
}
