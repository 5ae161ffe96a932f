package dev.nnlang.compiler.lsp;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.lsp4j.jsonrpc.Launcher;

/** Where the language server is entered: it talks over two streams until its client has gone. */
public final class Server {
  /** Else every client that goes away would be reported with a stack trace. */
  private static final Logger QUIET = Logger.getLogger("org.eclipse.lsp4j");

  private Server() {}

  /**
   * Serves one client.
   *
   * @return 0 where the client said {@code shutdown} before it went, as the protocol has it
   */
  public static int serve(InputStream in, OutputStream out) {
    QUIET.setLevel(Level.WARNING);
    var gone = new CompletableFuture<Void>();
    var server = new NnServer(() -> gone.complete(null));
    try (var threads = new Threads(Executors.newVirtualThreadPerTaskExecutor())) {
      var launcher =
          new Launcher.Builder<NnClient>()
              .setLocalService(server)
              .setRemoteInterface(NnClient.class)
              .setInput(in)
              .setOutput(out)
              .setExecutorService(threads.service())
              .create();
      server.connect(launcher.getRemoteProxy());
      var listening = launcher.startListening();
      threads
          .service()
          .execute(
              () -> {
                end(listening);
                gone.complete(null);
              });
      gone.join();
      server.close();
      return server.exitStatus();
    }
  }

  /** Waits until the client's stream ends. */
  private static void end(Future<Void> listening) {
    try {
      listening.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException broken) {
      // The stream broke instead of ending: the client has gone all the same.
      return;
    }
  }

  /** Threads that may finish what they are at; closing does not wait for a stream that is open. */
  private record Threads(ExecutorService service) implements AutoCloseable {
    @Override
    public void close() {
      service.shutdown();
    }
  }
}
