package dev.nnlang.compiler.lsp;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.nnlang.compiler.Drawing;
import dev.nnlang.compiler.picture.Picture;
import dev.nnlang.compiler.syntax.Ast;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.eclipse.lsp4j.*;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.jsonrpc.messages.Either3;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.eclipse.lsp4j.jsonrpc.services.JsonRequest;
import org.eclipse.lsp4j.services.LanguageServer;
import org.eclipse.lsp4j.services.TextDocumentService;
import org.eclipse.lsp4j.services.WorkspaceService;

/** The protocol: which question goes to which function. */
public final class NnServer implements LanguageServer, TextDocumentService, WorkspaceService {
  private final Project project = new Project();
  private final Worker worker = new Worker(project);
  private final ColoursSent colours = new ColoursSent();
  private final TrainingRuns runs = new TrainingRuns(this::told);
  private final Runnable exit;
  private NnClient client;
  private InlayHints.Wanted hints = InlayHints.Wanted.ALL;
  private boolean refreshesLenses;
  private int exitStatus = 1;

  /**
   * @param exit what ends the process when the client says so
   */
  NnServer(Runnable exit) {
    this.exit = exit;
  }

  void connect(NnClient connected) {
    this.client = connected;
    worker.connect(connected);
  }

  int exitStatus() {
    return exitStatus;
  }

  /** Ends what the server has started. */
  void close() {
    runs.stopAll();
    worker.close();
  }

  // Life.

  @Override
  public CompletableFuture<InitializeResult> initialize(InitializeParams params) {
    if (params.getWorkspaceFolders() != null) {
      params.getWorkspaceFolders().forEach(f -> project.addFolder(f.getUri()));
    }
    settings(params.getInitializationOptions());
    // A client that was killed may leave its end of the stream to a process that lives on.
    Optional.ofNullable(params.getProcessId())
        .flatMap(ProcessHandle::of)
        .ifPresent(c -> c.onExit().thenRun(exit));
    var workspace =
        params.getCapabilities() == null ? null : params.getCapabilities().getWorkspace();
    refreshesLenses =
        workspace != null
            && workspace.getCodeLens() != null
            && Boolean.TRUE.equals(workspace.getCodeLens().getRefreshSupport());
    worker.refreshesHints(
        workspace != null
            && workspace.getInlayHint() != null
            && Boolean.TRUE.equals(workspace.getInlayHint().getRefreshSupport()));
    var result = new InitializeResult(Capabilities.of());
    var version = NnServer.class.getPackage().getImplementationVersion();
    result.setServerInfo(new ServerInfo("nn", version == null ? "" : version));
    return CompletableFuture.completedFuture(result);
  }

  @Override
  public CompletableFuture<Object> shutdown() {
    exitStatus = 0;
    runs.stopAll();
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void exit() {
    exit.run();
  }

  @Override
  public void setTrace(SetTraceParams params) {
    // Whatever its value, this server writes no trace.
  }

  @Override
  public TextDocumentService getTextDocumentService() {
    return this;
  }

  @Override
  public WorkspaceService getWorkspaceService() {
    return this;
  }

  // Documents.

  @Override
  public void didOpen(DidOpenTextDocumentParams params) {
    var d = params.getTextDocument();
    project.put(Document.of(d.getUri(), d.getVersion(), d.getText()));
    worker.check();
  }

  @Override
  public void didChange(DidChangeTextDocumentParams params) {
    var id = params.getTextDocument();
    project
        .document(id.getUri())
        .ifPresent(d -> project.put(d.changed(id.getVersion(), params.getContentChanges())));
    worker.check();
  }

  @Override
  public void didClose(DidCloseTextDocumentParams params) {
    var uri = params.getTextDocument().getUri();
    project.close(uri);
    colours.forget(uri);
    client.publishDiagnostics(new PublishDiagnosticsParams(uri, List.of()));
    worker.check();
  }

  @Override
  public void didSave(DidSaveTextDocumentParams params) {
    // What is open is checked while it is typed.
  }

  @Override
  public void didChangeWatchedFiles(DidChangeWatchedFilesParams params) {
    worker.check();
  }

  @Override
  public void didChangeWorkspaceFolders(DidChangeWorkspaceFoldersParams params) {
    params.getEvent().getAdded().forEach(f -> project.addFolder(f.getUri()));
    params.getEvent().getRemoved().forEach(f -> project.removeFolder(f.getUri()));
  }

  @Override
  public void didChangeConfiguration(DidChangeConfigurationParams params) {
    settings(params.getSettings());
    worker.refreshHints();
  }

  /** {@code {"nn": {"inlayHints": {"shapes": false}}}}, with or without the outer name. */
  private void settings(Object given) {
    if (!(given instanceof JsonObject object)) {
      return;
    }
    var own = object.get("nn") instanceof JsonObject inner ? inner : object;
    if (own.get("inlayHints") instanceof JsonObject wanted) {
      hints =
          new InlayHints.Wanted(
              isOn(wanted, "shapes"), isOn(wanted, "mapping"), isOn(wanted, "arguments"));
    }
  }

  private static boolean isOn(JsonObject object, String name) {
    return !(object.get(name) instanceof JsonPrimitive p) || !p.isBoolean() || p.getAsBoolean();
  }

  // Questions about a place.

  private <T> CompletableFuture<T> ask(
      TextDocumentIdentifier id, Position at, BiFunction<Analysis, Integer, T> question) {
    return worker.ask(id.getUri(), a -> question.apply(a, a.positions().offset(at)));
  }

  private <T> CompletableFuture<T> ask(
      TextDocumentPositionParams p, BiFunction<Analysis, Integer, T> question) {
    return ask(p.getTextDocument(), p.getPosition(), question);
  }

  private <T> CompletableFuture<T> ask(TextDocumentIdentifier id, Function<Analysis, T> question) {
    return worker.ask(id.getUri(), question);
  }

  @Override
  public CompletableFuture<Hover> hover(HoverParams params) {
    return ask(params, (a, offset) -> Hovers.at(a, offset).orElse(null));
  }

  @Override
  public CompletableFuture<Either<List<CompletionItem>, CompletionList>> completion(
      CompletionParams params) {
    return ask(params, (a, offset) -> Either.forLeft(Completions.at(a, offset)));
  }

  @Override
  public CompletableFuture<SignatureHelp> signatureHelp(SignatureHelpParams params) {
    return ask(params, (a, offset) -> Arguments.help(a, offset).orElse(null));
  }

  @Override
  public CompletableFuture<Either<List<? extends Location>, List<? extends LocationLink>>>
      definition(DefinitionParams params) {
    return ask(params, (a, offset) -> Either.forLeft(Navigation.definition(a, offset)));
  }

  @Override
  public CompletableFuture<List<? extends DocumentHighlight>> documentHighlight(
      DocumentHighlightParams params) {
    return ask(params, Navigation::highlights);
  }

  @Override
  public CompletableFuture<List<? extends Location>> references(ReferenceParams params) {
    return ask(
        params,
        (a, offset) ->
            Navigation.references(
                a, offset, project.allNames(), params.getContext().isIncludeDeclaration()));
  }

  @Override
  public CompletableFuture<Either3<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>>
      prepareRename(PrepareRenameParams params) {
    return ask(
        params,
        (a, offset) -> {
          var renaming = Navigation.renaming(a, offset);
          return renaming
              .at()
              .map(
                  s ->
                      Either3.<Range, PrepareRenameResult, PrepareRenameDefaultBehavior>forFirst(
                          a.positions().range(s)))
              .orElseThrow(() -> refused(renaming.refusal()));
        });
  }

  @Override
  public CompletableFuture<WorkspaceEdit> rename(RenameParams params) {
    return ask(
        params.getTextDocument(),
        params.getPosition(),
        (a, offset) -> {
          var renaming = Navigation.renaming(a, offset);
          if (renaming.at().isEmpty()) {
            throw refused(renaming.refusal());
          }
          Navigation.refusal(a, offset, params.getNewName())
              .ifPresent(
                  why -> {
                    throw refused(why);
                  });
          return Navigation.rename(a, offset, project.allNames(), params.getNewName());
        });
  }

  private static ResponseErrorException refused(String why) {
    return new ResponseErrorException(
        new ResponseError(ResponseErrorCode.RequestFailed, why, null));
  }

  @Override
  public CompletableFuture<List<Either<Command, CodeAction>>> codeAction(CodeActionParams params) {
    return ask(
        params.getTextDocument(),
        a -> {
          int start = a.positions().offset(params.getRange().getStart());
          int end = a.positions().offset(params.getRange().getEnd());
          return QuickFixes.in(a, start, end).stream()
              .map(Either::<Command, CodeAction>forRight)
              .toList();
        });
  }

  // Questions about a document.

  @Override
  public CompletableFuture<List<InlayHint>> inlayHint(InlayHintParams params) {
    return ask(
        params.getTextDocument(),
        a ->
            InlayHints.in(
                a,
                a.positions().offset(params.getRange().getStart()),
                a.positions().offset(params.getRange().getEnd()),
                hints));
  }

  @Override
  public CompletableFuture<List<Either<SymbolInformation, DocumentSymbol>>> documentSymbol(
      DocumentSymbolParams params) {
    return ask(
        params.getTextDocument(),
        a ->
            Outline.symbols(a).stream()
                .map(Either::<SymbolInformation, DocumentSymbol>forRight)
                .toList());
  }

  @Override
  public CompletableFuture<List<FoldingRange>> foldingRange(FoldingRangeRequestParams params) {
    return ask(params.getTextDocument(), Outline::folds);
  }

  @Override
  public CompletableFuture<List<SelectionRange>> selectionRange(SelectionRangeParams params) {
    return ask(
        params.getTextDocument(),
        a ->
            params.getPositions().stream()
                .map(p -> Outline.around(a, a.positions().offset(p)))
                .toList());
  }

  @Override
  public CompletableFuture<SemanticTokens> semanticTokensFull(SemanticTokensParams params) {
    var uri = params.getTextDocument().getUri();
    return ask(params.getTextDocument(), a -> colours.all(uri, Colours.of(a)));
  }

  @Override
  public CompletableFuture<Either<SemanticTokens, SemanticTokensDelta>> semanticTokensFullDelta(
      SemanticTokensDeltaParams params) {
    var uri = params.getTextDocument().getUri();
    return ask(
        params.getTextDocument(),
        a -> colours.since(uri, params.getPreviousResultId(), Colours.of(a)));
  }

  @Override
  public CompletableFuture<List<? extends TextEdit>> formatting(DocumentFormattingParams params) {
    return ask(params.getTextDocument(), a -> Formatting.of(a.document()));
  }

  @Override
  public CompletableFuture<List<? extends TextEdit>> rangeFormatting(
      DocumentRangeFormattingParams params) {
    return ask(
        params.getTextDocument(),
        a ->
            Formatting.in(
                a.document(),
                params.getRange().getStart().getLine(),
                params.getRange().getEnd().getLine()));
  }

  @Override
  public CompletableFuture<List<CallHierarchyItem>> prepareCallHierarchy(
      CallHierarchyPrepareParams params) {
    return ask(params, Hierarchy::at);
  }

  @Override
  public CompletableFuture<List<CallHierarchyIncomingCall>> callHierarchyIncomingCalls(
      CallHierarchyIncomingCallsParams params) {
    return worker.ask(() -> Hierarchy.incoming(params.getItem(), project.allNames()));
  }

  @Override
  public CompletableFuture<List<CallHierarchyOutgoingCall>> callHierarchyOutgoingCalls(
      CallHierarchyOutgoingCallsParams params) {
    return worker.ask(
        () -> Hierarchy.outgoing(params.getItem(), project.namesWith(params.getItem().getUri())));
  }

  @Override
  public CompletableFuture<List<? extends CodeLens>> codeLens(CodeLensParams params) {
    var uri = params.getTextDocument().getUri();
    return ask(params.getTextDocument(), a -> Lenses.of(a, runs.of(uri)));
  }

  /** What a plan takes is compiled for, which may last: not on the thread that answers. */
  @Override
  public CompletableFuture<CodeLens> resolveCodeLens(CodeLens lens) {
    var data = strings(lens.getData());
    if (data.size() < 3) {
      return CompletableFuture.completedFuture(lens);
    }
    return worker.askSlowly(
        data.get(0),
        a -> {
          var footprint = worker.footprint(a, data.get(1));
          lens.setCommand(Lenses.memory(footprint, data.get(0), data.get(2)));
          return lens;
        });
  }

  private static List<String> strings(Object data) {
    var found = new ArrayList<String>();
    if (data instanceof JsonElement json && json.isJsonArray()) {
      json.getAsJsonArray().forEach(e -> found.add(e.getAsString()));
    } else if (data instanceof List<?> list) {
      list.forEach(e -> found.add(String.valueOf(e)));
    }
    return found;
  }

  // The drawn network.

  /**
   * What to draw.
   *
   * @param name of the declaration; without, the one around the position, else the first model
   * @param level {@code layers}, {@code equations} or {@code kernels}
   */
  public record DrawParams(
      TextDocumentIdentifier textDocument, String name, Position position, String level) {}

  /** A part of a picture and where it is written. */
  public record Place(String id, Position start, Position end) {}

  public record Drawn(String svg, List<Place> places) {}

  /** The picture of a network; null where the text has errors that leave none. */
  @JsonRequest("nn/draw")
  public CompletableFuture<Drawn> draw(DrawParams params) {
    var level =
        Arrays.stream(Picture.Level.values())
            .filter(l -> l.word().equals(params.level()))
            .findFirst()
            .orElse(Picture.Level.LAYERS);
    return ask(params.textDocument(), a -> drawn(a, params, level));
  }

  private static Drawn drawn(Analysis a, DrawParams params, Picture.Level level) {
    var around =
        params.position() == null
            ? Optional.<String>empty()
            : a.declarationAt(a.positions().offset(params.position()))
                .filter(d -> a.findings().body(d).isPresent())
                .flatMap(d -> d instanceof Ast.Function f ? Optional.of(f) : Optional.empty())
                .filter(f -> f.kind() == Ast.Kind.MODEL || f.kind() == Ast.Kind.LAYER)
                .map(f -> f.name().text());
    var name = Optional.ofNullable(params.name()).or(() -> around);
    return Drawing.of(a.inspection(), name, level)
        .map(picture -> new Drawn(picture.svg(), places(picture, a)))
        .orElse(null);
  }

  private static List<Place> places(Picture picture, Analysis a) {
    return picture.places().entrySet().stream()
        .map(
            e ->
                new Place(
                    e.getKey(),
                    a.positions().position(e.getValue().start()),
                    a.positions().position(e.getValue().end())))
        .toList();
  }

  // Commands.

  @Override
  public CompletableFuture<Object> executeCommand(ExecuteCommandParams params) {
    var arguments = new ArrayList<String>();
    for (var argument : params.getArguments()) {
      arguments.add(
          argument instanceof JsonPrimitive p ? p.getAsString() : String.valueOf(argument));
    }
    if (arguments.size() < 2) {
      throw refused(params.getCommand() + " wants the address of a file and a name");
    }
    var uri = arguments.get(0);
    var train = arguments.get(1);
    switch (params.getCommand()) {
      case Lenses.RUN -> start(uri, train, false);
      case Lenses.OVERFIT -> start(uri, train, true);
      case Lenses.STOP -> runs.stop(uri, train);
      default -> throw refused("there is no command " + params.getCommand());
    }
    return CompletableFuture.completedFuture(null);
  }

  private void start(String uri, String train, boolean overfitFirst) {
    var file = Project.path(uri).orElseThrow(() -> refused("save the file first"));
    try {
      runs.start(uri, file, train, overfitFirst);
    } catch (IOException failed) {
      throw refused("the training cannot be started: " + failed.getMessage());
    }
  }

  private void told(TrainingRuns.Told told) {
    client.training(new NnClient.Training(told.uri(), told.train(), told.what(), told.text()));
    boolean changesLenses = told.what().equals("started") || told.what().equals("ended");
    if (changesLenses && refreshesLenses) {
      client.refreshCodeLenses();
    }
  }
}
