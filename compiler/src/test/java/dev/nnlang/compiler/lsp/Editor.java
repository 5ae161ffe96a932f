package dev.nnlang.compiler.lsp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.eclipse.lsp4j.ClientCapabilities;
import org.eclipse.lsp4j.DidChangeTextDocumentParams;
import org.eclipse.lsp4j.DidOpenTextDocumentParams;
import org.eclipse.lsp4j.InitializeParams;
import org.eclipse.lsp4j.InitializeResult;
import org.eclipse.lsp4j.MessageActionItem;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.ShowMessageRequestParams;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextDocumentItem;
import org.eclipse.lsp4j.VersionedTextDocumentIdentifier;
import org.eclipse.lsp4j.WorkspaceFolder;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;
import org.eclipse.lsp4j.services.LanguageServer;

/** A client that talks to the server over real streams, as an editor does. */
final class Editor implements NnClient, AutoCloseable {
  /** The server as this client sees it: the protocol, and what is ours beside it. */
  interface Asked extends LanguageServer {
    @JsonRequest("nn/draw")
    CompletableFuture<NnServer.Drawn> draw(NnServer.DrawParams params);
  }

  /** {@code -Dpatience=} for a machine that others keep busy. */
  private static final long PATIENCE_SECONDS = Long.getLong("patience", 60);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, PublishDiagnosticsParams> diagnostics = new LinkedHashMap<>();
  private final List<String> logged = new ArrayList<>();
  private final List<Training> trainings = new ArrayList<>();
  private final OutputStream toServer;
  private final Future<Integer> served;
  private final Asked server;
  final InitializeResult initialized;

  /** With one workspace folder, and a server in this process. */
  Editor(String folder) {
    this(folder, null, null);
  }

  /**
   * @param options settings as they are given at the start
   */
  Editor(String folder, Object options) {
    this(folder, options, null);
  }

  /**
   * @param client the process that the editor says it is
   */
  Editor(String folder, Object options, Process client) {
    try {
      // Pipes of the system: those of java.io break when the thread that wrote has ended.
      var there = Pipe.open();
      var back = Pipe.open();
      toServer = Channels.newOutputStream(there.sink());
      var fromServer = Channels.newInputStream(back.source());
      served =
          threads.submit(
              () -> {
                try (var in = Channels.newInputStream(there.source());
                    var out = Channels.newOutputStream(back.sink())) {
                  return Server.serve(in, out);
                }
              });
      server = connect(fromServer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    initialized = get(server.initialize(parameters(folder, options, client)));
  }

  /** Of a server in a process of its own. */
  Editor(String folder, Process there) {
    toServer = there.getOutputStream();
    served = there.onExit().thenApply(Process::exitValue);
    server = connect(there.getInputStream());
    initialized = get(server.initialize(parameters(folder, null, null)));
  }

  private Asked connect(InputStream fromServer) {
    var launcher =
        new Launcher.Builder<Asked>()
            .setLocalService(this)
            .setRemoteInterface(Asked.class)
            .setInput(fromServer)
            .setOutput(toServer)
            .setExecutorService(threads)
            .create();
    launcher.startListening();
    return launcher.getRemoteProxy();
  }

  private static InitializeParams parameters(String folder, Object options, Process client) {
    var parameters = new InitializeParams();
    parameters.setCapabilities(new ClientCapabilities());
    parameters.setWorkspaceFolders(List.of(new WorkspaceFolder(folder, "test")));
    parameters.setInitializationOptions(options);
    if (client != null) {
      parameters.setProcessId(Math.toIntExact(client.pid()));
    }
    return parameters;
  }

  Asked server() {
    return server;
  }

  static <T> T get(CompletableFuture<T> answer) {
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer in " + PATIENCE_SECONDS + " s", e);
    }
  }

  void open(String uri, String text) {
    server
        .getTextDocumentService()
        .didOpen(new DidOpenTextDocumentParams(new TextDocumentItem(uri, "nn", 1, text)));
  }

  void change(String uri, int version, List<TextDocumentContentChangeEvent> changes) {
    server
        .getTextDocumentService()
        .didChange(
            new DidChangeTextDocumentParams(
                new VersionedTextDocumentIdentifier(uri, version), changes));
  }

  static TextDocumentIdentifier id(String uri) {
    return new TextDocumentIdentifier(uri);
  }

  /** The problems of a version of a document, which the server tells unasked. */
  PublishDiagnosticsParams diagnostics(String uri, int version) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (diagnostics) {
      while (true) {
        var found = diagnostics.get(uri);
        if (found != null && found.getVersion() != null && found.getVersion() == version) {
          return found;
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new IllegalStateException("no problems of version " + version + ", but " + found);
        }
        try {
          diagnostics.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
    }
  }

  /** What the server has said of itself: bugs. */
  List<String> logged() {
    synchronized (logged) {
      return List.copyOf(logged);
    }
  }

  /** Everything that was told of training runs, when something of this kind has been. */
  List<Training> trainingUntil(Predicate<Training> seen) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10 * PATIENCE_SECONDS);
    synchronized (trainings) {
      while (trainings.stream().noneMatch(seen)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new IllegalStateException("not told: " + trainings);
        }
        try {
          trainings.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
      return List.copyOf(trainings);
    }
  }

  /** The exit status, when the server has ended by itself. */
  int ended() {
    try {
      return served.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The exit status, after the good-byes of the protocol. */
  int quit() {
    get(server.shutdown());
    server.exit();
    return ended();
  }

  @Override
  public void close() {
    try {
      toServer.close();
      ended();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdown();
    }
  }

  // What the server tells.

  @Override
  public void publishDiagnostics(PublishDiagnosticsParams told) {
    synchronized (diagnostics) {
      diagnostics.put(told.getUri(), told);
      diagnostics.notifyAll();
    }
  }

  @Override
  public void training(Training told) {
    synchronized (trainings) {
      trainings.add(told);
      trainings.notifyAll();
    }
  }

  @Override
  public void telemetryEvent(Object event) {
    throw new IllegalStateException("the server tells nobody anything");
  }

  @Override
  public void showMessage(MessageParams message) {
    logMessage(message);
  }

  @Override
  public CompletableFuture<MessageActionItem> showMessageRequest(ShowMessageRequestParams asked) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void logMessage(MessageParams message) {
    synchronized (logged) {
      logged.add(message.getMessage());
    }
  }
}
