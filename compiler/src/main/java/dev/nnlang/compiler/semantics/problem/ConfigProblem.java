package dev.nnlang.compiler.semantics.problem;

import dev.nnlang.compiler.diagnostic.Fix;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Report;
import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.Optional;

/** What can be wrong with config and with calls: the facts. {@link ConfigReports} has the words. */
public sealed interface ConfigProblem extends Problem {
  @Override
  default Report report() {
    return ConfigReports.of(this);
  }

  @Override
  default List<Fix> fixes() {
    return switch (this) {
      case UnknownConfig p -> Fix.meant(p.at(), NearNames.near(p.name(), p.known()));
      case NotAReduction p -> Fix.meant(p.at(), p.near());
      default -> Problem.super.fixes();
    };
  }

  @Override
  default String code() {
    return switch (this) {
      case UnknownConfig _ -> "E0220";
      case GivenTwice _ -> "E0221";
      case MissingConfig _ -> "E0222";
      case TooManyConfigs _ -> "E0223";
      case WrongConfigType _ -> "E0224";
      case NotIntegral _ -> "E0225";
      case NotStatic _ -> "E0226";
      case ModelNeedsDefault _ -> "E0227";
      case NoSuchItem _ -> "E0228";
      case NotAllowedHere _ -> "E0240";
      case NoTraining _ -> "E0241";
      case NotCallable _ -> "E0242";
      case MakerAsTensor _ -> "E0243";
      case TensorAsConfig _ -> "E0244";
      case WrongInputCount _ -> "E0245";
      case WrongOutputCount _ -> "E0246";
      case FunctionAsValue _ -> "E0247";
      case DrawOutsideTilde _ -> "E0248";
      case InputByName _ -> "E0249";
      case BadRepeat _ -> "E0250";
      case NotAReduction _ -> "E0251";
      case StateInRecurrence _ -> "E0252";
      case NotADraw _ -> "E0253";
      case SeveralOutputs _ -> "E0254";
      case ReshapeNeedsShape _ -> "E0255";
      case NotExpected _ -> "E0256";
      case MisplacedAbsent _ -> "E0257";
      case OtherInputsGiven _ -> "E0258";
    };
  }

  record UnknownConfig(Span at, String callee, String name, List<String> known, Span declared)
      implements ConfigProblem {}

  record GivenTwice(Span at, String callee, String name, Span first) implements ConfigProblem {}

  record MissingConfig(Span at, String callee, String name, Span declared)
      implements ConfigProblem {}

  record TooManyConfigs(Span at, String callee, int given, int known, Span declared)
      implements ConfigProblem {}

  record WrongConfigType(
      Span at, String callee, String name, String wanted, String found, Span declared)
      implements ConfigProblem {}

  /** A number that a body uses in an integer position. */
  record NotIntegral(Span at, String name, double value, Optional<Span> declared)
      implements ConfigProblem {}

  /** A config, dimension or constant that is not known when compiling. */
  record NotStatic(Span at, String what) implements ConfigProblem {}

  /** {@code Kernel[2]} where there are two. */
  record NoSuchItem(Span at, String name, long which, int items, Span declared)
      implements ConfigProblem {}

  record ModelNeedsDefault(Span at, String name) implements ConfigProblem {}

  /** A param, state, draw or layer in a kind that may not own it (LR-29, LR-58). */
  record NotAllowedHere(Span at, String what, String here, String where) implements ConfigProblem {}

  record NoTraining(Span at, String here) implements ConfigProblem {}

  record NotCallable(Span at, String name, String what, Span declared) implements ConfigProblem {}

  /** A constructor or instance where a tensor is wanted (LR-47). */
  record MakerAsTensor(Span at, String text, boolean instance) implements ConfigProblem {}

  /** {@code Dense(x)}: a tensor in a config list (LR-23). */
  record TensorAsConfig(Span at, String callee, String argument, String config)
      implements ConfigProblem {}

  record WrongInputCount(Span at, String callee, int given, List<String> inputs, Span declared)
      implements ConfigProblem {}

  record WrongOutputCount(Span at, String callee, int targets, List<String> outputs, Span declared)
      implements ConfigProblem {}

  record FunctionAsValue(Span at, String name, String word) implements ConfigProblem {}

  record DrawOutsideTilde(Span at, String name) implements ConfigProblem {}

  record InputByName(Span at, String callee, String name) implements ConfigProblem {}

  record BadRepeat(Span at, String why, String mend) implements ConfigProblem {}

  record NotAReduction(Span at, String name, List<String> near) implements ConfigProblem {}

  record StateInRecurrence(Span at, String callee, Span equation) implements ConfigProblem {}

  /** What stands after {@code ~} is neither a distribution nor an init. */
  record NotADraw(Span at, String text) implements ConfigProblem {}

  record SeveralOutputs(Span at, String callee, List<String> outputs) implements ConfigProblem {}

  record ReshapeNeedsShape(Span at) implements ConfigProblem {}

  /** A form that has no place here: a list, a range, {@code as}, a string. */
  record NotExpected(Span at, String what, String where) implements ConfigProblem {}

  /** {@code ??} in a head where it has no place. */
  record MisplacedAbsent(Span at, String why, String mend) implements ConfigProblem {}

  /** One instance, given an input here and left to its default there. */
  record OtherInputsGiven(
      Span at, String callee, List<String> here, List<String> first, Span firstAt)
      implements ConfigProblem {}
}
