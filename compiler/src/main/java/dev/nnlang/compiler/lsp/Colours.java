package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.eclipse.lsp4j.SemanticTokensLegend;

/**
 * Semantic tokens: every name by what it stands for. Words, numbers and comments are coloured by
 * the grammar, which an editor has before the server is there.
 */
final class Colours {
  private static final List<String> TYPES =
      List.of(
          "class",
          "function",
          "typeParameter",
          "enumMember",
          "parameter",
          "variable",
          "property",
          "namespace");

  private static final List<String> MODIFIERS =
      List.of("declaration", "defaultLibrary", "readonly", "trainable", "state", "index");

  private Colours() {}

  static SemanticTokensLegend legend() {
    return new SemanticTokensLegend(TYPES, MODIFIERS);
  }

  static List<Integer> of(Analysis analysis) {
    var data = new ArrayList<Integer>();
    int line = 0;
    int column = 0;
    int end = -1;
    var sorted =
        analysis.names().occurrences().stream()
            .filter(o -> o.meaning().sort() != Meaning.Sort.FILE)
            .sorted(Comparator.comparingInt(o -> o.at().start()))
            .toList();
    for (var o : sorted) {
      if (o.at().start() < end) {
        continue;
      }
      end = o.at().end();
      var place = analysis.positions().position(o.at().start());
      data.add(place.getLine() - line);
      data.add(place.getLine() == line ? place.getCharacter() - column : place.getCharacter());
      data.add(o.at().end() - o.at().start());
      data.add(TYPES.indexOf(type(o.meaning())));
      data.add(modifiers(o, analysis));
      line = place.getLine();
      column = place.getCharacter();
    }
    return data;
  }

  /** The names of types and modifiers of a token, for tests and for people. */
  static String text(int type, int modifiers) {
    var text = new StringBuilder(TYPES.get(type));
    for (int i = 0; i < MODIFIERS.size(); i++) {
      if ((modifiers & 1 << i) != 0) {
        text.append('.').append(MODIFIERS.get(i));
      }
    }
    return text.toString();
  }

  private static String type(Meaning meaning) {
    return switch (meaning.sort()) {
      case DIM, RUN -> "typeParameter";
      case MEMBER -> "enumMember";
      case CONST -> "variable";
      case FUNCTION ->
          meaning
              .function()
              .map(Ast.Function::name)
              .filter(Ast.Name::isUpper)
              .map(_ -> "class")
              .orElse("function");
      case DATA, TRAIN, FILE -> "namespace";
      case CONFIG -> "parameter";
      case INPUT, OUTPUT, LOCAL, INSTANCE, SAMPLE, INDEX -> "variable";
      case PARAM, STATE, SOURCE -> "property";
    };
  }

  private static int modifiers(Names.Occurrence o, Analysis analysis) {
    int bits = o.declares() ? 1 : 0;
    var sort = o.meaning().sort();
    boolean isLibrary = o.meaning().at().file().name().indexOf(':') < 0;
    bits |= isLibrary ? 1 << 1 : 0;
    bits |= sort == Meaning.Sort.CONST || sort == Meaning.Sort.CONFIG ? 1 << 2 : 0;
    bits |= sort == Meaning.Sort.PARAM ? 1 << 3 : 0;
    bits |= sort == Meaning.Sort.STATE ? 1 << 4 : 0;
    bits |= sort == Meaning.Sort.INDEX ? 1 << 5 : 0;
    return bits;
  }
}
