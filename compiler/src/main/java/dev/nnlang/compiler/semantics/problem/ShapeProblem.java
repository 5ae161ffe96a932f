package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.semantics.Typed.Dimension;
import dev.nnlang.compiler.semantics.Types;
import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.Optional;

/** What can be wrong with shapes and types: the facts. {@link ShapeReports} has the words. */
public sealed interface ShapeProblem extends Problem {
  @Override
  default Report report() {
    return ShapeReports.of(this);
  }

  @Override
  default String code() {
    return switch (this) {
      case SizeDiffers _ -> "E0301";
      case TooFewDims _ -> "E0302";
      case LeadingDiffer _ -> "E0303";
      case ShapesDiffer _ -> "E0304";
      case OutputDiffers _ -> "E0305";
      case SubscriptCount _ -> "E0306";
      case LeftCount _ -> "E0307";
      case BareTensor _ -> "E0308";
      case ScalarForTensor _ -> "E0309";
      case NotPositive _ -> "E0310";
      case ConditionFails _ -> "E0311";
      case IndexIdentity _ -> "E0312";
      case WrongType _ -> "E0313";
      case RealAsIndex _ -> "E0314";
      case ReshapeCount _ -> "E0315";
      case OpenInParam _ -> "E0316";
      case CannotInfer _ -> "E0317";
      case RunsDiffer _ -> "E0318";
      case LossShape _ -> "E0319";
      case DividesByZero _ -> "E0320";
      case Overflow _ -> "E0321";
      case ReduceScalar _ -> "E0322";
      case ReducesBatch _ -> "E0323";
      case NoExamples _ -> "E0324";
      case TwoRuns _ -> "E0325";
      case InstanceDiffers _ -> "E0326";
      case RepeatShape _ -> "E0327";
      case RangeDiffers _ -> "E0328";
      case TooLarge _ -> "E0329";
    };
  }

  /** A dimension that an input declares and the argument has otherwise. */
  record SizeDiffers(
      Span at,
      String callee,
      String port,
      String dim,
      String wanted,
      String found,
      Optional<String> fails,
      Span declared,
      Optional<Span> given,
      String shape)
      implements ShapeProblem {}

  record TooFewDims(Span at, String callee, String port, int wanted, String found, Span declared)
      implements ShapeProblem {}

  record LeadingDiffer(Span at, String callee, String one, String other, Span first)
      implements ShapeProblem {}

  /** Operands of an operator, branches of an if. */
  record ShapesDiffer(
      Span at,
      String what,
      String left,
      String right,
      Span leftAt,
      Span rightAt,
      Optional<String> fails)
      implements ShapeProblem {}

  record OutputDiffers(
      Span at, String name, String wanted, String found, Optional<String> fails, Span declared)
      implements ShapeProblem {}

  record SubscriptCount(Span at, String name, int given, String shape, Span declared)
      implements ShapeProblem {}

  record LeftCount(Span at, String name, int given, String shape, Span declared)
      implements ShapeProblem {}

  /** A tensor without subscripts in an equation for single elements (LR-45). */
  record BareTensor(Span at, String text, String shape, Optional<Span> declared)
      implements ShapeProblem {}

  record ScalarForTensor(Span at, String name, String shape, Span declared)
      implements ShapeProblem {}

  record NotPositive(Span at, String what, String arithmetic, Optional<Span> declared)
      implements ShapeProblem {}

  /** A {@code where} condition that does not hold at a use. */
  record ConditionFails(
      Span at,
      String callee,
      String condition,
      Optional<String> message,
      Span declared,
      String values)
      implements ShapeProblem {}

  /** A value of one index set where one of another is wanted (LR-21). */
  record IndexIdentity(
      Span at, String wanted, String found, Optional<Span> wantedFrom, Optional<Span> foundFrom)
      implements ShapeProblem {
    public static IndexIdentity ofNames(Span at, Dimension wanted, Dimension found) {
      return new IndexIdentity(
          at,
          Types.text(wanted),
          Types.text(found),
          wanted.named().map(Typed.NamedDim::span),
          found.named().map(Typed.NamedDim::span));
    }

    public static IndexIdentity ofSizes(Span at, Dimension wanted, Dimension found) {
      return new IndexIdentity(
          at,
          Types.size(wanted),
          Types.size(found),
          wanted.named().map(Typed.NamedDim::span),
          found.named().map(Typed.NamedDim::span));
    }
  }

  record WrongType(Span at, String what, String wanted, String found, Optional<String> mend)
      implements ShapeProblem {}

  record RealAsIndex(Span at, String text) implements ShapeProblem {}

  record ReshapeCount(Span at, String from, String to) implements ShapeProblem {}

  /** A parameter whose shape depends on an open input dimension (LR-26). */
  record OpenInParam(Span at, String param, String dim, Optional<Span> open)
      implements ShapeProblem {}

  /** Dimensions of a head that no input tells. */
  record CannotInfer(Span at, List<String> dims, String of) implements ShapeProblem {}

  record RunsDiffer(Span at, String callee, String run, String one, String other, Span declared)
      implements ShapeProblem {}

  record LossShape(Span at, String name, String shape) implements ShapeProblem {}

  record DividesByZero(Span at, String text) implements ShapeProblem {}

  record Overflow(Span at, String text) implements ShapeProblem {}

  /** {@code sum(x)} of a scalar: a binder was forgotten (LR-36). */
  record ReduceScalar(Span at, String name) implements ShapeProblem {}

  /** Over the batch, in what is deployed, or without naming it (LR-17, LR-36). */
  record ReducesBatch(Span at, String reducer, boolean inInference) implements ShapeProblem {}

  record NoExamples(Span at, String callee) implements ShapeProblem {}

  record TwoRuns(Span at, String name) implements ShapeProblem {}

  /** One instance has one shape. */
  record InstanceDiffers(Span at, String name, String found, String first, Span firstAt)
      implements ShapeProblem {}

  record RepeatShape(Span at, String callee, String in, String out) implements ShapeProblem {}

  /** A stated range that is not the declared dimension. */
  record RangeDiffers(Span at, String index, String stated, String declared, Span declaredAt)
      implements ShapeProblem {}

  record TooLarge(Span at, String name, String shape, String count) implements ShapeProblem {}
}
