package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.lsp4j.DocumentHighlight;
import org.eclipse.lsp4j.DocumentHighlightKind;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;

/** From a name to where it is declared and to where else it stands, in this file and others. */
final class Navigation {
  private Navigation() {}

  static List<Location> definition(Analysis analysis, int offset) {
    return analysis
        .nameAt(offset)
        .map(o -> List.of(Positions.location(o.meaning().at())))
        .orElse(List.of());
  }

  static List<DocumentHighlight> highlights(Analysis analysis, int offset) {
    var meaning = analysis.names().at(offset).map(Names.Occurrence::meaning);
    if (meaning.isEmpty()) {
      return List.of();
    }
    return analysis.names().occurrences().stream()
        .filter(o -> o.meaning().isSame(meaning.get()))
        .map(
            o ->
                new DocumentHighlight(
                    analysis.positions().range(o.at()),
                    o.declares() ? DocumentHighlightKind.Write : DocumentHighlightKind.Read))
        .toList();
  }

  /** Every place of what stands at an offset. */
  static List<Names.Occurrence> occurrences(
      Analysis analysis, int offset, Map<String, Names> files) {
    var meaning = analysis.names().at(offset).map(Names.Occurrence::meaning);
    if (meaning.isEmpty()) {
      return List.of();
    }
    var found = new ArrayList<Names.Occurrence>();
    for (var names : files.values()) {
      for (var o : names.occurrences()) {
        if (o.meaning().isSame(meaning.get())) {
          found.add(o);
        }
      }
    }
    return found;
  }

  static List<Location> references(
      Analysis analysis, int offset, Map<String, Names> files, boolean withDeclaration) {
    return occurrences(analysis, offset, files).stream()
        .filter(o -> withDeclaration || !o.declares())
        .map(o -> Positions.location(o.at()))
        .toList();
  }

  // Renaming.

  /** What may be renamed, or why not. */
  record Renaming(Optional<Span> at, String refusal) {}

  static Renaming renaming(Analysis analysis, int offset) {
    var found = analysis.names().at(offset);
    if (found.isEmpty()) {
      return new Renaming(Optional.empty(), "no name of this program stands here");
    }
    var meaning = found.get().meaning();
    if (meaning.sort() == Meaning.Sort.FILE) {
      return new Renaming(Optional.empty(), "rename the file itself");
    }
    var home = Positions.uri(meaning.at().file());
    if (meaning.at().file().name().indexOf(':') < 0 || ReadableFiles.isLibrary(home)) {
      return new Renaming(Optional.empty(), meaning.name() + " belongs to the standard library");
    }
    return new Renaming(Optional.of(found.get().at()), "");
  }

  /** Why a name cannot be the new one; empty where it can. */
  static Optional<String> refusal(Analysis analysis, int offset, String name) {
    if (!name.matches("_*[A-Za-z][A-Za-z0-9_]*")) {
      return Optional.of("`" + name + "` is no name: letters of A-Z, digits and _");
    }
    boolean isWord =
        dev.nnlang.compiler.syntax.Keywords.reserved().contains(name)
            || dev.nnlang.compiler.syntax.Keywords.builtIn().contains(name);
    if (isWord) {
      return Optional.of("`" + name + "` is a word of the language");
    }
    var meaning = analysis.names().at(offset).orElseThrow().meaning();
    var local = analysis.names().visible(offset).get(name);
    boolean isTop =
        switch (meaning.sort()) {
          case DIM, CONST, FUNCTION, DATA, TRAIN -> true;
          default -> false;
        };
    var global = isTop ? analysis.workspace().find(analysis.tree(), name) : Optional.empty();
    if (local != null && !local.isSame(meaning)) {
      return Optional.of("`" + name + "` is " + local.word() + " here already");
    }
    return global.isPresent() && !meaning.name().equals(name)
        ? Optional.of("`" + name + "` is declared already")
        : Optional.empty();
  }

  static WorkspaceEdit rename(
      Analysis analysis, int offset, Map<String, Names> files, String name) {
    var changes = new LinkedHashMap<String, List<TextEdit>>();
    for (var o : occurrences(analysis, offset, files)) {
      changes
          .computeIfAbsent(Positions.uri(o.at().file()), _ -> new ArrayList<>())
          .add(new TextEdit(Positions.rangeIn(o.at()), name));
    }
    return new WorkspaceEdit(changes);
  }
}
