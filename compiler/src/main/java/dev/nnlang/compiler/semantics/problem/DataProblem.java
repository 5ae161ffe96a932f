package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Fix;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.Span;
import java.util.List;

/** What can be wrong with a {@code data} declaration: the facts. */
public sealed interface DataProblem extends Problem {
  @Override
  default Report report() {
    return DataReports.of(this);
  }

  @Override
  default List<Fix> fixes() {
    return switch (this) {
      case UnknownReader p -> Fix.meant(p.at(), p.near());
      case UnknownPart p -> Fix.meant(p.at(), p.near());
      default -> Problem.super.fixes();
    };
  }

  @Override
  default String code() {
    return switch (this) {
      case UnknownReader _ -> "E0501";
      case ReaderArguments _ -> "E0502";
      case NoSample _ -> "E0503";
      case Repeated _ -> "E0504";
      case Unbounded _ -> "E0505";
      case FitReads _ -> "E0506";
      case BadSplit _ -> "E0507";
      case Fractions _ -> "E0508";
      case UnknownPart _ -> "E0509";
      case Overlap _ -> "E0510";
      case SourceShape _ -> "E0511";
      case NoSource _ -> "E0512";
      case OtherShape _ -> "E0513";
      case SharedRows _ -> "W0501";
    };
  }

  /** A reader that there is not. */
  record UnknownReader(Span at, String name, List<String> near, List<String> known)
      implements DataProblem {}

  /** A reader called as it cannot be. */
  record ReaderArguments(Span at, String reader, String found, String usage)
      implements DataProblem {}

  /** A data declaration that does not say what an example is. */
  record NoSample(Span at, String data) implements DataProblem {}

  /** {@code sample} or {@code split} twice. */
  record Repeated(Span at, String what, Span first) implements DataProblem {}

  /** LR-3: no read says how many examples there are. */
  record Unbounded(Span at, String index) implements DataProblem {}

  /** LR-27: fit may see the examples' dimension only through the training values. */
  record FitReads(Span at, String read, String dimension, String index) implements DataProblem {}

  /** Something else than a split. */
  record BadSplit(Span at, String found) implements DataProblem {}

  /** LR-28: fractions that are not shares of a whole. */
  record Fractions(Span at, String what) implements DataProblem {}

  record UnknownPart(Span at, String name, List<String> near) implements DataProblem {}

  record Overlap(Span at, String part, String other, Span first) implements DataProblem {}

  record SourceShape(Span at, String source) implements DataProblem {}

  /** A source declared in another shape than its reader's call gives. */
  record OtherShape(Span at, String source, String declared, String given) implements DataProblem {}

  record NoSource(Span at, String data) implements DataProblem {}

  /** LR-27: shuffled windows share rows across parts. */
  record SharedRows(Span at, long window) implements DataProblem {}
}
