package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.source.SourceFile;
import java.util.List;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;

/**
 * One version of a text that an editor has open.
 *
 * @param version the editor's number; answers about an older one are not sent
 */
record Document(String uri, int version, SourceFile file, Positions positions) {
  static Document of(String uri, int version, String text) {
    return new Document(
        uri, version, new SourceFile(Project.address(uri), text), new Positions(text));
  }

  String text() {
    return file.text();
  }

  /** The next version: the changes one after the other, each in the text that the last one left. */
  Document changed(int next, List<TextDocumentContentChangeEvent> changes) {
    var text = text();
    for (var change : changes) {
      if (change.getRange() == null) {
        text = change.getText();
        continue;
      }
      var places = new Positions(text);
      int start = places.offset(change.getRange().getStart());
      int end = Math.max(start, places.offset(change.getRange().getEnd()));
      text = text.substring(0, start) + change.getText() + text.substring(end);
    }
    return of(uri, next, text);
  }
}
