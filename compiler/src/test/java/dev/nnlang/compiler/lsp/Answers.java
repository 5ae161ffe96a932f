package dev.nnlang.compiler.lsp;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.*;
import org.eclipse.lsp4j.jsonrpc.ResponseErrorException;

/** One question about a text, asked over the streams, and its answer as text. */
final class Answers {
  private final Editor editor;
  private final String uri;
  private final String text;
  private final Position at;

  Answers(Editor editor, String uri, String text, Position at) {
    this.editor = editor;
    this.uri = uri;
    this.text = text;
    this.at = at;
  }

  String to(String question) {
    var words = question.split(" ", 2);
    var rest = words.length > 1 ? words[1] : "";
    var ask = editor.server().getTextDocumentService();
    var id = Editor.id(uri);
    try {
      return switch (words[0]) {
        case "problems" -> problems();
        case "hover" -> {
          var hover = Editor.get(ask.hover(new HoverParams(id, at)));
          yield hover == null ? "nothing" : hover.getContents().getRight().getValue();
        }
        case "hints" -> {
          without(rest);
          yield marked(
              Editor.get(ask.inlayHint(new InlayHintParams(id, whole()))).stream()
                  .map(h -> new Mark(h.getPosition(), "⟨" + h.getLabel().getLeft() + "⟩"))
                  .toList());
        }
        case "completion" ->
            Editor.get(ask.completion(new CompletionParams(id, at))).getLeft().stream()
                .sorted(Comparator.comparing(CompletionItem::getSortText))
                .filter(i -> rest.isEmpty() || List.of(rest.split("[|]")).contains(i.getLabel()))
                .map(Answers::item)
                .collect(Collectors.joining("\n"));
        case "signature" ->
            signature(Editor.get(ask.signatureHelp(new SignatureHelpParams(id, at))));
        case "definition" ->
            locations(Editor.get(ask.definition(new DefinitionParams(id, at))).getLeft());
        case "references" ->
            locations(
                Editor.get(
                    ask.references(new ReferenceParams(id, at, new ReferenceContext(true)))));
        case "highlights" ->
            marked(
                Editor.get(ask.documentHighlight(new DocumentHighlightParams(id, at))).stream()
                    .map(
                        h ->
                            new Mark(
                                h.getRange().getStart(),
                                h.getKind() == DocumentHighlightKind.Write ? "«w»" : "«r»"))
                    .toList());
        case "rename" -> {
          var where = Editor.get(ask.prepareRename(new PrepareRenameParams(id, at))).getFirst();
          yield range(where) + "\n" + edit(Editor.get(ask.rename(new RenameParams(id, at, rest))));
        }
        case "fixes" -> fixes(rest);
        case "symbols" ->
            Editor.get(ask.documentSymbol(new DocumentSymbolParams(id))).stream()
                .map(s -> symbol(s.getRight(), ""))
                .collect(Collectors.joining("\n"));
        case "folds" ->
            Editor.get(ask.foldingRange(new FoldingRangeRequestParams(id))).stream()
                .map(
                    f ->
                        f.getStartLine()
                            + "-"
                            + f.getEndLine()
                            + (f.getKind() == null ? "" : " " + f.getKind()))
                .collect(Collectors.joining("\n"));
        case "selection" -> {
          var lines = new ArrayList<String>();
          var range =
              Editor.get(ask.selectionRange(new SelectionRangeParams(id, List.of(at)))).getFirst();
          for (var r = range; r != null; r = r.getParent()) {
            lines.add(part(r.getRange()).replace("\n", "⏎"));
          }
          yield String.join("\n", lines);
        }
        case "tokens" -> tokens(Editor.get(ask.semanticTokensFull(new SemanticTokensParams(id))));
        case "format" ->
            applied(
                Editor.get(
                    ask.formatting(
                        new DocumentFormattingParams(id, new FormattingOptions(4, true)))));
        case "format-lines" -> {
          var range = new Range(at, new Position(at.getLine() + Integer.parseInt(rest) - 1, 0));
          yield applied(
              Editor.get(
                  ask.rangeFormatting(
                      new DocumentRangeFormattingParams(
                          id, new FormattingOptions(4, true), range))));
        }
        case "incoming", "outgoing" -> hierarchy(words[0]);
        case "lenses" -> lenses();
        case "draw" -> draw(rest);
        case "capabilities" -> editor.initialized.getCapabilities().toString();
        default -> throw new IllegalArgumentException("no question: " + question);
      };
    } catch (ResponseErrorException refused) {
      return "refused: " + refused.getResponseError().getMessage();
    }
  }

  /** Switches kinds of hints off, as the settings of an editor do. */
  private void without(String kinds) {
    var settings = new JsonObject();
    for (var kind : kinds.isEmpty() ? List.<String>of() : List.of(kinds.split(" "))) {
      settings.addProperty(kind, false);
    }
    var hints = new JsonObject();
    hints.add("inlayHints", settings);
    var all = new JsonObject();
    all.add("nn", hints);
    editor
        .server()
        .getWorkspaceService()
        .didChangeConfiguration(new DidChangeConfigurationParams(all));
  }

  private Range whole() {
    return new Range(new Position(0, 0), new Position(1 << 20, 0));
  }

  private String part(Range range) {
    var places = new Positions(text);
    return text.substring(places.offset(range.getStart()), places.offset(range.getEnd()));
  }

  static String range(Range range) {
    return place(range.getStart()) + "-" + place(range.getEnd());
  }

  private static String place(Position position) {
    return position.getLine() + ":" + position.getCharacter();
  }

  /** Files by their last part: where they lie differs from machine to machine. */
  private static String file(String uri) {
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  private String problems() {
    return editor.diagnostics(uri, 1).getDiagnostics().stream()
        .map(
            d -> {
              var lines = new ArrayList<String>();
              lines.add(
                  d.getCode().getLeft()
                      + " "
                      + d.getSeverity()
                      + " "
                      + range(d.getRange())
                      + " \""
                      + part(d.getRange())
                      + "\""
                      + " "
                      + file(d.getCodeDescription().getHref())
                      + (d.getTags() == null ? "" : " " + d.getTags()));
              d.getMessage().lines().forEach(line -> lines.add("  " + line));
              d.getRelatedInformation()
                  .forEach(
                      r ->
                          lines.add(
                              "  -> "
                                  + file(r.getLocation().getUri())
                                  + " "
                                  + range(r.getLocation().getRange())
                                  + " "
                                  + r.getMessage()));
              return String.join("\n", lines);
            })
        .collect(Collectors.joining("\n"));
  }

  private record Mark(Position at, String text) {}

  /** The text with marks in it; they come in the order of the text. */
  private String marked(List<Mark> marks) {
    var places = new Positions(text);
    var result = new StringBuilder();
    int last = 0;
    for (var mark :
        marks.stream().sorted(Comparator.comparingInt(m -> places.offset(m.at()))).toList()) {
      int offset = places.offset(mark.at());
      result.append(text, last, offset).append(mark.text());
      last = offset;
    }
    return result.append(text.substring(last)).toString().stripTrailing();
  }

  private static String item(CompletionItem item) {
    var details = item.getLabelDetails();
    return item.getLabel()
        + (details == null || details.getDetail() == null ? "" : details.getDetail())
        + " ("
        + item.getKind()
        + ")"
        + (item.getDetail() == null ? "" : " " + item.getDetail());
  }

  private static String signature(SignatureHelp help) {
    if (help == null) {
      return "nothing";
    }
    var signature = help.getSignatures().getFirst();
    return signature.getLabel()
        + "\n"
        + signature.getParameters().stream()
            .map(p -> p.getLabel().getLeft())
            .collect(Collectors.joining(" | "))
        + "\nactive: "
        + help.getActiveParameter();
  }

  /** In the library only the name counts: where it stands there changes as the library grows. */
  private static String locations(List<? extends Location> locations) {
    return locations.stream()
        .map(
            l ->
                file(l.getUri())
                    + " "
                    + (ReadableFiles.isLibrary(l.getUri())
                        ? "«" + read(l) + "»"
                        : range(l.getRange())))
        .collect(Collectors.joining("\n"));
  }

  private static String read(Location location) {
    try {
      var all = Files.readString(Path.of(URI.create(location.getUri())));
      var places = new Positions(all);
      return all.substring(
          places.offset(location.getRange().getStart()),
          places.offset(location.getRange().getEnd()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String edit(WorkspaceEdit edit) {
    return edit.getChanges().entrySet().stream()
        .map(Answers::edits)
        // Files are met in the order of the folder.
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static String edits(Map.Entry<String, List<TextEdit>> file) {
    return file(file.getKey())
        + "\n"
        + file.getValue().stream()
            .map(e -> "  " + range(e.getRange()) + " " + e.getNewText())
            .collect(Collectors.joining("\n"));
  }

  private String applied(List<? extends TextEdit> edits) {
    var places = new Positions(text);
    var result = new StringBuilder(text);
    for (var edit :
        edits.stream()
            .sorted(
                Comparator.comparingInt((TextEdit e) -> places.offset(e.getRange().getStart()))
                    .reversed())
            .toList()) {
      result.replace(
          places.offset(edit.getRange().getStart()),
          places.offset(edit.getRange().getEnd()),
          edit.getNewText());
    }
    return result.toString().stripTrailing();
  }

  /** The titles of all mends at the cursor, and the text after the one that is asked for. */
  private String fixes(String number) {
    var here = new Range(at, at);
    var actions =
        Editor.get(
            editor
                .server()
                .getTextDocumentService()
                .codeAction(
                    new CodeActionParams(Editor.id(uri), here, new CodeActionContext(List.of()))));
    var titles =
        actions.stream()
            .map(a -> (a.getRight().getIsPreferred() ? "* " : "  ") + a.getRight().getTitle())
            .collect(Collectors.joining("\n"));
    if (actions.isEmpty()) {
      return "none";
    }
    int chosen = number.isEmpty() ? 0 : Integer.parseInt(number);
    return titles + "\n" + applied(actions.get(chosen).getRight().getEdit().getChanges().get(uri));
  }

  private static String symbol(DocumentSymbol symbol, String indent) {
    var line =
        indent
            + symbol.getName()
            + " "
            + symbol.getDetail()
            + " ("
            + symbol.getKind()
            + ") "
            + range(symbol.getRange());
    return symbol.getChildren().isEmpty()
        ? line
        : line
            + "\n"
            + symbol.getChildren().stream()
                .map(c -> symbol(c, indent + "  "))
                .collect(Collectors.joining("\n"));
  }

  private String tokens(SemanticTokens tokens) {
    var lines = new ArrayList<String>();
    int line = 0;
    int column = 0;
    var data = tokens.getData();
    for (int i = 0; i < data.size(); i += 5) {
      column = data.get(i) == 0 ? column + data.get(i + 1) : data.get(i + 1);
      line += data.get(i);
      var range =
          new Range(new Position(line, column), new Position(line, column + data.get(i + 2)));
      lines.add(
          place(range.getStart())
              + " "
              + part(range)
              + " "
              + Colours.text(data.get(i + 3), data.get(i + 4)));
    }
    return String.join("\n", lines);
  }

  private String hierarchy(String direction) {
    var ask = editor.server().getTextDocumentService();
    var items =
        Editor.get(ask.prepareCallHierarchy(new CallHierarchyPrepareParams(Editor.id(uri), at)));
    if (items.isEmpty()) {
      return "nothing";
    }
    var item = items.getFirst();
    if (direction.equals("incoming")) {
      return Editor.get(ask.callHierarchyIncomingCalls(new CallHierarchyIncomingCallsParams(item)))
          .stream()
          .map(c -> "<- " + c.getFrom().getName() + " " + ranges(c.getFromRanges()))
          .collect(Collectors.joining("\n"));
    }
    return Editor.get(ask.callHierarchyOutgoingCalls(new CallHierarchyOutgoingCallsParams(item)))
        .stream()
        .map(c -> "-> " + c.getTo().getName() + " " + ranges(c.getFromRanges()))
        .collect(Collectors.joining("\n"));
  }

  private static String ranges(List<Range> ranges) {
    return ranges.stream().map(Answers::range).collect(Collectors.joining(", "));
  }

  private String lenses() {
    var ask = editor.server().getTextDocumentService();
    var lines = new ArrayList<String>();
    for (var lens : Editor.get(ask.codeLens(new CodeLensParams(Editor.id(uri))))) {
      var resolved = lens.getCommand() == null ? Editor.get(ask.resolveCodeLens(lens)) : lens;
      lines.add(
          range(resolved.getRange())
              + " "
              // How much it is follows the plan of the kernels, which has tests of its own.
              + resolved
                  .getCommand()
                  .getTitle()
                  .replaceAll("training: [0-9.]+ [KM]?B", "training: … B")
              + " ["
              + resolved.getCommand().getCommand()
              + "]");
    }
    return String.join("\n", lines);
  }

  /** The texts of the boxes of a picture, and where each leads. */
  private String draw(String level) {
    var drawn =
        Editor.get(editor.server().draw(new NnServer.DrawParams(Editor.id(uri), null, at, level)));
    if (drawn == null) {
      return "nothing";
    }
    var lines = new ArrayList<String>();
    for (var line : drawn.svg().lines().toList()) {
      if (line.startsWith("<g class")) {
        lines.add(line.replaceAll("<g class=\"([^\"]*)\" data-id=\"([^\"]*)\">", "$1 $2"));
      } else if (line.startsWith("<text")) {
        lines.add("  " + line.replaceAll("<[^>]*>", ""));
      }
    }
    drawn.places().forEach(p -> lines.add(p.id() + " @ " + range(new Range(p.start(), p.end()))));
    return String.join("\n", lines);
  }
}
