package dev.nnlang.runtime.problem;

import java.util.Optional;

/**
 * One thing that is wrong, in words that need no context.
 *
 * @param code its kind
 * @param message one sentence: what was found
 * @param expected what was expected and where that comes from; empty where the message says it
 * @param mend what to try; empty where nothing is known
 * @param at where in the data, the model folder or the program
 * @param declared where the program declares what was expected, if it does
 */
public record Problem(
    ProblemCode code,
    String message,
    String expected,
    String mend,
    Optional<Place> at,
    Optional<Place> declared) {

  /** A problem with neither place nor advice yet. */
  public static Problem of(ProblemCode code, String message) {
    return new Problem(code, message, "", "", Optional.empty(), Optional.empty());
  }

  public Problem expected(String text) {
    return new Problem(code, message, text, mend, at, declared);
  }

  public Problem mend(String text) {
    return new Problem(code, message, expected, text, at, declared);
  }

  public Problem at(Place place) {
    return new Problem(code, message, expected, mend, Optional.of(place), declared);
  }

  /** In this file, at no line. */
  public Problem in(String file) {
    return at(Place.file(file));
  }

  public Problem declared(Place place) {
    return new Problem(code, message, expected, mend, at, Optional.of(place));
  }

  /** To be thrown by the one who found it. */
  public ProblemException thrown() {
    return new ProblemException(this);
  }

  /** All of it, several lines; what tests compare and what is shown without a renderer. */
  @Override
  public String toString() {
    var text = new StringBuilder("error[").append(code.code()).append("]: ").append(message);
    at.ifPresent(place -> text.append("\n  --> ").append(place));
    if (!expected.isEmpty()) {
      text.append("\n  expected: ").append(expected);
    }
    declared.ifPresent(place -> text.append("\n  declared: ").append(place));
    if (!mend.isEmpty()) {
      text.append("\n  help: ").append(mend);
    }
    return text.toString();
  }
}
