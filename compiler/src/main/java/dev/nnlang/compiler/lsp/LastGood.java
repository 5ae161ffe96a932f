package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.syntax.Ast;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Types of names from earlier versions of a document: {@code Encoder.h} had this shape. */
record LastGood(Map<String, Typed.Type> types) {
  static final LastGood NONE = new LastGood(Map.of());

  Optional<Typed.Type> type(String key) {
    return Optional.ofNullable(types.get(key));
  }

  /** With what an analysis knows; a name that is gone from the text is forgotten. */
  LastGood with(Analysis analysis) {
    var all = new HashMap<String, Typed.Type>();
    for (var occurrence : analysis.names().occurrences()) {
      var meaning = occurrence.meaning();
      if (occurrence.declares() && meaning.sort().isTensor()) {
        key(analysis, meaning)
            .ifPresent(
                key ->
                    analysis
                        .typeNow(meaning)
                        .or(() -> type(key))
                        .ifPresent(type -> all.put(key, type)));
      }
    }
    return new LastGood(all);
  }

  static Optional<String> key(Analysis analysis, Meaning meaning) {
    return analysis.isHere(meaning.at())
        ? analysis
            .declarationAt(meaning.at().start())
            .flatMap(LastGood::name)
            .map(name -> name + "." + meaning.name())
        : Optional.empty();
  }

  /** What a declaration is called; those without a meaning of their own have no name here. */
  static Optional<String> name(Ast.Declaration declaration) {
    return switch (declaration) {
      case Ast.Function f -> Optional.of(f.name().text());
      case Ast.Data d -> Optional.of(d.name().text());
      case Ast.Train t -> Optional.of(t.name().text());
      case Ast.DimDef _, Ast.EnumDim _, Ast.ConstDef _, Ast.Use _, Ast.Missing _ ->
          Optional.empty();
    };
  }
}
