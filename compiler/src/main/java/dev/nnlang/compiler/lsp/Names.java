package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every name of one file with what it stands for, in all branches, whether or not the text has
 * errors elsewhere; and what can be seen from each place. A name that means nothing is left out.
 */
final class Names {
  /**
   * A name in the text.
   *
   * @param at its characters, without a prime
   * @param declares whether it stands where the thing is declared or defined
   */
  record Occurrence(Span at, Meaning meaning, boolean declares) {}

  /** A part of the text, and the names that it adds to those around it. */
  record Region(Span span, Map<String, Meaning> names) {}

  private final List<Occurrence> occurrences;
  private final List<Occurrence> byStart;
  private final List<Region> regions;
  private final Lookup lookup;

  /**
   * @param occurrences in the order of the walk: heads before bodies
   * @param regions outer ones first
   */
  Names(List<Occurrence> occurrences, List<Region> regions, Lookup lookup) {
    this.occurrences = List.copyOf(occurrences);
    // From behind, where several begin together, the first of the walk comes first.
    this.byStart =
        occurrences.reversed().stream()
            .sorted(Comparator.comparingInt(o -> o.at().start()))
            .toList();
    this.regions = List.copyOf(regions);
    this.lookup = lookup;
  }

  /** In the order of the walk. */
  List<Occurrence> occurrences() {
    return occurrences;
  }

  static Names of(Ast.File file, Workspace workspace) {
    return DeclaredNames.of(new Lookup(file, workspace));
  }

  /** The name that an offset touches; at a seam of two the one that begins there. */
  Optional<Occurrence> at(int offset) {
    int low = 0;
    int high = byStart.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (byStart.get(middle).at().start() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    // Names do not overlap, but what is missing has no characters.
    for (int i = low - 1; i >= 0; i--) {
      var o = byStart.get(i);
      if (offset <= o.at().end()) {
        return Optional.of(o);
      }
      boolean isLast = i == 0 || byStart.get(i - 1).at().start() < o.at().start();
      if (isLast && o.at().start() < o.at().end()) {
        break;
      }
    }
    return Optional.empty();
  }

  /** What the declaration around an offset adds to the names of the file, innermost last. */
  Map<String, Meaning> visible(int offset) {
    var visible = new LinkedHashMap<String, Meaning>();
    for (var region : regions) {
      if (region.span().start() <= offset && offset <= region.span().end()) {
        visible.putAll(region.names());
      }
    }
    return visible;
  }

  /** The declaration that is called: by its name, an alias, or an instance of it. */
  Optional<Ast.Function> callee(Ast.Expr e) {
    return lookup.callee(e, Scope.EMPTY);
  }
}
