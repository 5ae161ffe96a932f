package dev.nnlang.compiler.lsp;

import org.eclipse.lsp4j.jsonrpc.services.JsonNotification;
import org.eclipse.lsp4j.services.LanguageClient;

/** What the server tells beyond the protocol; a client that does not know it may ignore it. */
public interface NnClient extends LanguageClient {
  /**
   * Something happened to a training run.
   *
   * @param what {@code started}; {@code event} with a line of {@code nn train --json}; {@code
   *     message} with a line of its errors; {@code ended} with the exit status
   */
  record Training(String uri, String train, String what, String text) {}

  @JsonNotification("nn/training")
  void training(Training told);
}
