package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import java.util.Optional;

/**
 * What a name stands for.
 *
 * @param sort what kind of thing it is
 * @param name without a prime
 * @param at the name where it is declared
 * @param node what declares it
 */
record Meaning(Sort sort, String name, Span at, Ast node) {
  /** The kinds of things that have names. */
  enum Sort {
    DIM("dim"),
    MEMBER("member"),
    CONST("const"),
    FUNCTION("function"),
    DATA("data"),
    TRAIN("train"),
    FILE("file"),
    CONFIG("config"),
    RUN("run of dimensions"),
    INPUT("input"),
    OUTPUT("output"),
    LOCAL("local"),
    INSTANCE("instance"),
    PARAM("param"),
    STATE("state"),
    SOURCE("source"),
    SAMPLE("sample"),
    INDEX("index");

    private final String word;

    Sort(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    boolean isTensor() {
      return switch (this) {
        case INPUT, OUTPUT, LOCAL, PARAM, STATE, SOURCE, SAMPLE -> true;
        case DIM, MEMBER, CONST, FUNCTION, DATA, TRAIN, FILE, CONFIG, RUN, INSTANCE, INDEX -> false;
      };
    }
  }

  /** The declaration where it is one of those that map tensors to tensors. */
  Optional<Ast.Function> function() {
    return sort == Sort.FUNCTION && node instanceof Ast.Function f
        ? Optional.of(f)
        : Optional.empty();
  }

  /** Its kind in a word: {@code layer}, {@code param}. */
  String word() {
    return function().map(f -> f.kind().word()).orElse(sort.word());
  }

  Optional<Ast.Doc> doc() {
    return switch (node) {
      case Ast.Function f -> f.doc();
      case Ast.Data d -> d.doc();
      case Ast.Train t -> t.doc();
      case Ast.DimDef d -> d.doc();
      case Ast.EnumDim d -> d.doc();
      case Ast.ConstDef d -> d.doc();
      case Ast.Equation e -> e.doc();
      case Ast.Destructuring d -> d.doc();
      case Ast.Param p -> p.doc();
      case Ast.State s -> s.doc();
      case Ast.Source s -> s.doc();
      case Ast.Sample s -> s.doc();
      default -> Optional.empty();
    };
  }

  /** Whether both are the same thing, though perhaps of two readings of one file. */
  boolean isSame(Meaning other) {
    return name.equals(other.name)
        && at.start() == other.at.start()
        && Positions.uri(at.file()).equals(Positions.uri(other.at.file()));
  }
}
