package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.semantics.names.Workspace;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every name of one file with what it stands for, in all branches, whether or not the text has
 * errors elsewhere; and what can be seen from each place. A name that means nothing is left out.
 *
 * @param occurrences in the order of the walk: heads before bodies
 * @param regions outer ones first
 */
record Names(List<Occurrence> occurrences, List<Region> regions, Lookup lookup) {
  /**
   * A name in the text.
   *
   * @param at its characters, without a prime
   * @param declares whether it stands where the thing is declared or defined
   */
  record Occurrence(Span at, Meaning meaning, boolean declares) {}

  /** A part of the text, and the names that it adds to those around it. */
  record Region(Span span, Map<String, Meaning> names) {}

  Names {
    occurrences = List.copyOf(occurrences);
    regions = List.copyOf(regions);
  }

  static Names of(Ast.File file, Workspace workspace) {
    return DeclaredNames.of(new Lookup(file, workspace));
  }

  /** The name that an offset touches; at a seam of two the one that begins there. */
  Optional<Occurrence> at(int offset) {
    Occurrence found = null;
    for (var o : occurrences) {
      if (o.at().start() <= offset && offset <= o.at().end()) {
        if (found == null || o.at().start() > found.at().start()) {
          found = o;
        }
      }
    }
    return Optional.ofNullable(found);
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
