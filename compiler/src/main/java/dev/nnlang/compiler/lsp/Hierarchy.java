package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.lsp4j.CallHierarchyIncomingCall;
import org.eclipse.lsp4j.CallHierarchyItem;
import org.eclipse.lsp4j.CallHierarchyOutgoingCall;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.SymbolKind;

/** Which declarations are built of which: the layers of a model, and who uses a layer. */
final class Hierarchy {
  private Hierarchy() {}

  static List<CallHierarchyItem> at(Analysis analysis, int offset) {
    return analysis
        .names()
        .at(offset)
        .flatMap(o -> o.meaning().function())
        .map(f -> List.of(item(f)))
        .orElse(List.of());
  }

  private static CallHierarchyItem item(Ast.Function f) {
    var item =
        new CallHierarchyItem(
            f.name().text(),
            f.name().isUpper() ? SymbolKind.Class : SymbolKind.Function,
            Positions.uri(f.name().span().file()),
            Positions.rangeIn(f.span()),
            Positions.rangeIn(f.name().span()));
    item.setDetail(Heads.written(f));
    return item;
  }

  private static boolean isItem(Ast.Function f, CallHierarchyItem item) {
    return f.name().text().equals(item.getName())
        && Positions.uri(f.name().span().file()).equals(Project.address(item.getUri()));
  }

  /** The declarations that use one, with the places. */
  static List<CallHierarchyIncomingCall> incoming(
      CallHierarchyItem item, Map<String, Names> files) {
    var users = new LinkedHashMap<Ast.Function, List<Range>>();
    for (var names : files.values()) {
      for (var o : names.occurrences()) {
        boolean isUse =
            !o.declares() && o.meaning().function().filter(f -> isItem(f, item)).isPresent();
        if (isUse) {
          around(names, o.at())
              .ifPresent(
                  f ->
                      users
                          .computeIfAbsent(f, _ -> new ArrayList<>())
                          .add(Positions.rangeIn(o.at())));
        }
      }
    }
    return users.entrySet().stream()
        .map(e -> new CallHierarchyIncomingCall(item(e.getKey()), e.getValue()))
        .toList();
  }

  /** What a declaration is made of. */
  static List<CallHierarchyOutgoingCall> outgoing(
      CallHierarchyItem item, Map<String, Names> files) {
    var used = new LinkedHashMap<Ast.Function, List<Range>>();
    for (var names : files.values()) {
      for (var o : names.occurrences()) {
        if (o.declares()
            || o.meaning().sort() != Meaning.Sort.FUNCTION
            || around(names, o.at()).filter(f -> isItem(f, item)).isEmpty()) {
          continue;
        }
        o.meaning()
            .function()
            .ifPresent(
                f ->
                    used.computeIfAbsent(f, _ -> new ArrayList<>()).add(Positions.rangeIn(o.at())));
      }
    }
    return used.entrySet().stream()
        .map(e -> new CallHierarchyOutgoingCall(item(e.getKey()), e.getValue()))
        .toList();
  }

  private static java.util.Optional<Ast.Function> around(Names names, Span at) {
    return names.occurrences().stream()
        .filter(Names.Occurrence::declares)
        .flatMap(o -> o.meaning().function().stream())
        .filter(f -> f.span().file() == at.file())
        .filter(f -> f.span().start() <= at.start() && at.end() <= f.span().end())
        .findFirst();
  }
}
