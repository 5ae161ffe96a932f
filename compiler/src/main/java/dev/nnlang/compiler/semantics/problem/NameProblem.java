package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Fix;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.Optional;

/** What can be wrong with names: the facts. {@link NameReports} has the words. */
public sealed interface NameProblem extends Problem {
  @Override
  default Report report() {
    return NameReports.of(this);
  }

  @Override
  default List<Fix> fixes() {
    return switch (this) {
      case UnknownName p -> Fix.meant(p.at(), p.near());
      case UnknownDimension p -> Fix.meant(p.at(), p.near());
      case NotInFile p -> Fix.meant(p.at(), p.near());
      default -> Problem.super.fixes();
    };
  }

  @Override
  default String code() {
    return switch (this) {
      case UnknownName _ -> "E0201";
      case DuplicateName _ -> "E0202";
      case HiddenByIndex _ -> "E0203";
      case ReservedName _ -> "E0204";
      case NeverDefined _ -> "E0205";
      case DefinedTwice _ -> "E0206";
      case NotAssignable _ -> "E0207";
      case BadPrime _ -> "E0208";
      case OnlyInBranch _ -> "E0209";
      case NoSuchFile _ -> "E0210";
      case UseRing _ -> "E0211";
      case OutsideRoot _ -> "E0212";
      case ImportClash _ -> "E0213";
      case NotInFile _ -> "E0214";
      case Ring _ -> "E0215";
      case ElsewhereOnly _ -> "E0216";
      case UnknownDimension _ -> "E0217";
      case UnknownIndex _ -> "E0218";
      case UnknownMember _ -> "E0219";
      case AheadOfResult _ -> "E0229";
      case WrongCase _ -> "E0230";
      case Unused _ -> "H0201";
      case Hides _ -> "H0202";
      case UnusedParam _ -> "W0203";
      case CapturedDim _ -> "H0204";
    };
  }

  /** A name that nothing declares. */
  record UnknownName(Span at, String name, List<String> near) implements NameProblem {}

  /** A name declared twice where it may be once. */
  record DuplicateName(Span at, String name, Span first, String where) implements NameProblem {}

  /** An index or binder with the name of something visible. */
  record HiddenByIndex(Span at, String name, String what, Span first) implements NameProblem {}

  /** {@code batch}, {@code training} and {@code params} are the language's. */
  record ReservedName(Span at, String name) implements NameProblem {}

  /** An output, {@code w'} or sample tensor without an equation in some static case. */
  record NeverDefined(Span at, String name, String what, Optional<Span> branch)
      implements NameProblem {}

  record DefinedTwice(Span at, String name, Span first) implements NameProblem {}

  /** An equation for an input, a config, a param or a dimension. */
  record NotAssignable(Span at, String name, String what, Span declared) implements NameProblem {}

  /** A prime on what has no next value. */
  record BadPrime(Span at, String name, String why, Optional<Span> declared)
      implements NameProblem {}

  /** A name of one branch of a static if, read outside of it. */
  record OnlyInBranch(Span at, String name, Span branch) implements NameProblem {}

  record NoSuchFile(Span at, String path) implements NameProblem {}

  /** Files that use each other in a ring. */
  record UseRing(Span at, List<String> ring) implements NameProblem {}

  record OutsideRoot(Span at, String path) implements NameProblem {}

  /** The same name from two files, or an own name over a used one. */
  record ImportClash(Span at, String name, Span first, boolean own) implements NameProblem {}

  record NotInFile(Span at, String name, String path, List<String> near) implements NameProblem {}

  /**
   * Dimensions, constants or declarations that need themselves.
   *
   * @param ring their names, the first again at the end
   * @param places where each is declared
   */
  record Ring(Span at, String what, List<String> ring, List<Span> places) implements NameProblem {}

  /**
   * {@code step}, {@code fan_in}, {@code params}, {@code batch}: names of other kinds of places.
   */
  record ElsewhereOnly(Span at, String name, String where, String here) implements NameProblem {}

  record UnknownDimension(Span at, String name, List<String> near) implements NameProblem {}

  /** A subscript that no index of the equation is. */
  record UnknownIndex(Span at, String name, List<String> known) implements NameProblem {}

  record UnknownMember(
      Span at, String object, String member, List<String> members, List<String> near)
      implements NameProblem {}

  /**
   * The value of a schedule depends on what is known only when an epoch has ended.
   *
   * @param read an input, or the next value of a state
   */
  record AheadOfResult(Span at, String output, String read, Optional<Span> declared)
      implements NameProblem {}

  /**
   * A name in the case of other things.
   *
   * @param what it is, in words: a dimension, a layer
   * @param upper whether its first letter should be a capital one
   */
  record WrongCase(Span at, String name, String what, boolean upper) implements NameProblem {}

  record Unused(Span at, String name, String what) implements NameProblem {}

  /** A local with the name of something of the file or the library. */
  record Hides(Span at, String name, String what) implements NameProblem {}

  record UnusedParam(Span at, String name) implements NameProblem {}

  /** A dimension of a signature that a numeric {@code dim} of the file fixes (LR-22). */
  record CapturedDim(Span at, String name, Span declared) implements NameProblem {}
}
