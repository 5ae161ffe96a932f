package dev.nnlang.compiler.syntax;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.Optional;

/**
 * What can be wrong with the letters and the sentences of a file: the facts. {@link SyntaxReports}
 * has the words.
 */
public sealed interface SyntaxProblem extends Problem {
  @Override
  default Report report() {
    return SyntaxReports.of(this);
  }

  /** Bytes that are no UTF-8. */
  record BadUtf8(Span at, int byteOffset, int value) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0101";
    }
  }

  /** A control character, or a carriage return without a line feed. */
  record ControlCharacter(Span at, int value) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0102";
    }
  }

  /**
   * A character or a word that no program has.
   *
   * @param found the character that is foreign
   * @param advice what stands for it here
   */
  record UnknownCharacter(Span at, int found, Optional<Lookalike> advice) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0103";
    }
  }

  /**
   * What to write in place of a foreign character.
   *
   * @param advice the sentence
   * @param replacement the text that can stand in its place, if there is one
   */
  record Lookalike(String advice, Optional<String> replacement) {}

  /** A string whose line ends before it does. */
  record UnclosedString(Span at) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0104";
    }
  }

  /** A backslash that no escape follows. */
  record BadEscape(Span at) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0105";
    }
  }

  /** A block comment that the file ends in. */
  record UnclosedComment(Span at) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0106";
    }
  }

  /**
   * A number that is written in no known way.
   *
   * @param mend how it was probably meant
   */
  record BadNumber(Span at, String why, String mend) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0107";
    }
  }

  /** A number beyond its type. */
  record HugeNumber(Span at, Ast.Scalar type) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0108";
    }
  }

  /**
   * A bracket that nothing closes.
   *
   * @param at the place where it should have been closed
   * @param opened the bracket
   */
  record UnclosedBracket(Span at, Span opened) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0109";
    }
  }

  /**
   * A closing bracket that does not fit.
   *
   * @param opened the bracket that it meets, if any is open
   */
  record StrayBracket(Span at, Optional<Span> opened) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0110";
    }
  }

  /** More nesting, or a longer equation, than the compiler takes (LR-72). */
  record TooMuch(Span at, Measure measure) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0111";
    }
  }

  /** What there is too much of. */
  enum Measure {
    BRACKETS,
    OPERATORS,
    LENGTH
  }

  /**
   * Something other than what must stand here.
   *
   * @param found what stands here, in words
   * @param expected what should, in words
   * @param help a mend, if one is known
   */
  record Unexpected(Span at, String found, String expected, Optional<String> help)
      implements SyntaxProblem {
    @Override
    public String code() {
      return "E0112";
    }
  }

  /** Two names in a row at the start of a statement, the first near a declaring word. */
  record MisspeltWord(Span at, String word, String meant) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0113";
    }
  }

  /** {@code a < b < c}. */
  record ComparisonChain(Span at, String first, String middle, String last)
      implements SyntaxProblem {
    @Override
    public String code() {
      return "E0114";
    }
  }

  /** {@code x |> f + g}. */
  record NotAStage(Span at, Span pipe) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0115";
    }
  }

  /** {@code x[i]^2 ?? 0}: the left side is no read. */
  record NotARead(Span at, Span operator) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0116";
    }
  }

  /** {@code x[i] ?? if a then b else c}: the right side wants parentheses. */
  record LooseFallback(Span at) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0117";
    }
  }

  /** {@code y[0] = ..}, {@code y[2*i] = ..} (LR-44). */
  record BadLeftSubscript(Span at, Span left) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0118";
    }
  }

  /** {@code if c then a} without {@code else}. */
  record MissingElse(Span at, Span condition) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0119";
    }
  }

  /** Two statements on one line, or two values side by side. */
  record SideBySide(Span at, Span left, String found) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0120";
    }
  }

  /** A reserved word where a name must stand. */
  record ReservedWord(Span at, String word) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0121";
    }
  }

  /** {@code =} where {@code ==} is meant, or the other way round. */
  record EqualsSign(Span at, EqualsMistake mistake) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0122";
    }
  }

  /** Which way round. */
  enum EqualsMistake {
    DEFINES_IN_A_VALUE,
    COMPARES_IN_A_DEFINITION
  }

  /** A word after {@code :} that is no type. */
  record UnknownType(Span at, String found, List<String> known) implements SyntaxProblem {
    public UnknownType {
      known = List.copyOf(known);
    }

    @Override
    public String code() {
      return "E0123";
    }
  }

  /** A statement or declaration in a place where its kind cannot stand. */
  record Misplaced(Span at, String what, String where) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0124";
    }
  }

  /** Brackets whose content fits neither a read nor a reduction. */
  record BadBrackets(Span at, String why, String mend) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0125";
    }
  }

  /** A spelling of another language. */
  record ForeignSpelling(Span at, String found, String advice, Optional<String> replacement)
      implements SyntaxProblem {
    @Override
    public String code() {
      return "E0126";
    }
  }

  /** A value alone on its line, or a statement that defines nothing. */
  record NoDefinition(Span at, String name, String mend) implements SyntaxProblem {
    @Override
    public String code() {
      return "E0127";
    }
  }

  /** A part of a head that is missing: {@code ->} in a sample, {@code on} in a plan. */
  record IncompleteHead(Span at, String found, String missing, String form)
      implements SyntaxProblem {
    @Override
    public String code() {
      return "E0128";
    }
  }

  /** A positive number too small for a real. */
  record Underflow(Span at) implements SyntaxProblem {
    @Override
    public String code() {
      return "W0101";
    }
  }

  /** A {@code ///} above nothing (LR-70). */
  record IdleDoc(Span at) implements SyntaxProblem {
    @Override
    public String code() {
      return "H0101";
    }
  }
}
