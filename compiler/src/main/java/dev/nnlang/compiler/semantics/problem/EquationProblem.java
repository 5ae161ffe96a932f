package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.Optional;

/**
 * What can be wrong with indices, ranges and recurrences: the facts. {@link EquationReports} has
 * the words.
 */
public sealed interface EquationProblem extends Problem {
  @Override
  default Report report() {
    return EquationReports.of(this);
  }

  @Override
  default String code() {
    return switch (this) {
      case OutOfRange _ -> "E0401";
      case NeverInside _ -> "E0402";
      case ComputedSubscript _ -> "E0403";
      case MayBeEmpty _ -> "E0404";
      case NotInIndexSet _ -> "E0405";
      case NumberIntoEnum _ -> "E0406";
      case NoRange _ -> "E0410";
      case RangesDiffer _ -> "E0411";
      case RepeatedIndex _ -> "E0412";
      case Cycle _ -> "E0413";
      case WholeCount _ -> "E0414";
      case FallbackShape _ -> "E0415";
      case ShapeOfItself _ -> "E0416";
      case StaticIf _ -> "E0418";
      case GradByExpression _ -> "E0701";
      case GradOfTensor _ -> "E0702";
      case GradIndependent _ -> "E0703";
      case GradNotReal _ -> "E0704";
      case LogitsOfProbabilities _ -> "E0705";
      case GradMixesExamples _ -> "E0706";
      case NoScalarBody _ -> "E0419";
      case RunLength _ -> "E0420";
      case NoOutside _ -> "E0421";
      case OneIndex _ -> "E0422";
      case NeverNeeded _ -> "H0401";
      case Undecided _ -> "W0402";
      case WeighsMean _ -> "W0403";
      case RealDivisionByZero _ -> "W0701";
    };
  }

  /** A read that is not proved to be inside. */
  record OutOfRange(
      Span at, String read, String has, String inequality, Optional<String> fails, Span declared)
      implements EquationProblem {}

  /** A read under {@code ??} that is always outside. */
  record NeverInside(Span at, String has, String inequality, Span declared)
      implements EquationProblem {}

  /** An int that is computed when running, as a subscript without {@code ??}. */
  record ComputedSubscript(Span at, String text, String dimension) implements EquationProblem {}

  /** A mean, argmax or argmin of which the guard may leave nothing (LR-35). */
  record MayBeEmpty(Span at, String reducer, String binders, String guard)
      implements EquationProblem {}

  /** An int that is not proved to be a value of an index set (LR-4). */
  record NotInIndexSet(Span at, String text, String dimension, Optional<String> fails)
      implements EquationProblem {}

  record NumberIntoEnum(Span at, String text, String dimension, List<String> members)
      implements EquationProblem {}

  record NoRange(Span at, String index) implements EquationProblem {}

  record RangesDiffer(Span at, String index, String one, String other, Span oneAt, Span otherAt)
      implements EquationProblem {}

  record RepeatedIndex(Span at, String index, Span first) implements EquationProblem {}

  /** Equations that need each other's values before they have them (LR-30). */
  record Cycle(Span at, List<Edge> edges, String why) implements EquationProblem {
    public static Cycle of(Span at, List<Edge> edges) {
      return new Cycle(
          at,
          edges,
          edges.size() == 1 ? "it needs itself" : "each needs the next, the last the first");
    }
  }

  /** One read on a cycle. */
  record Edge(String reader, String read, Span at) {}

  record WholeCount(Span at, String name, int colons, String shape) implements EquationProblem {}

  record FallbackShape(Span at, String wanted, String found) implements EquationProblem {}

  /** A local whose shape follows only from itself. */
  record ShapeOfItself(Span at, String name) implements EquationProblem {}

  record StaticIf(Span at, String text) implements EquationProblem {}

  record GradByExpression(Span at, String text) implements EquationProblem {}

  record GradOfTensor(Span at, String text, String shape) implements EquationProblem {}

  /**
   * @param by the name that is differentiated by
   * @param given what a use gives for it, where it is called otherwise there
   */
  record GradIndependent(Span at, String of, String by, Optional<String> given, Span ofAt)
      implements EquationProblem {}

  record GradNotReal(Span at, String name, String type) implements EquationProblem {}

  /**
   * A layer that sees the batch stands between a value and what it is differentiated by.
   *
   * @param given what a use gives for {@code by}, where it is called otherwise there
   */
  record GradMixesExamples(
      Span at, String of, String by, Optional<String> given, String layer, Span layerAt)
      implements EquationProblem {}

  /** What takes logits, given probabilities (LR-38). */
  record LogitsOfProbabilities(Span at, String text, Span made, String maker)
      implements EquationProblem {}

  /** The body or guard of a reduction with binder is a tensor. */
  record NoScalarBody(Span at, String reducer, String shape) implements EquationProblem {}

  /** {@code ...s} where the number of dimensions is not known. */
  record RunLength(Span at, String name) implements EquationProblem {}

  /** Where the extreme is, of several indices at once (LR-87). */
  record OneIndex(Span at, String reducer, int indices) implements EquationProblem {}

  /** A {@code ??} after what has no outside (LR-31). */
  record NoOutside(Span at, String text) implements EquationProblem {}

  record NeverNeeded(Span at) implements EquationProblem {}

  /** A weight for each place beside a loss that is the mean over all of them (LR-16). */
  record WeighsMean(Span at, String weight, String loss, String over) implements EquationProblem {}

  /** What only a use could decide, in a declaration that nobody uses. */
  record Undecided(Span at, String of, String what) implements EquationProblem {}

  record RealDivisionByZero(Span at) implements EquationProblem {}
}
