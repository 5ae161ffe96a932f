package dev.nnlang.compiler.diagnostic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a stage gives: its value, and what it found wrong on the way.
 *
 * @param value always there; with errors it holds as much as could be made of the text
 * @param problems in the order found; {@link Problems#ordered} sorts them for readers
 */
public record Checked<T>(T value, List<Problem> problems) {
  public Checked {
    problems = List.copyOf(problems);
  }

  /** A value with nothing wrong. */
  public static <T> Checked<T> of(T value) {
    return new Checked<>(value, List.of());
  }

  /** Whether a later stage must not run. */
  public boolean hasErrors() {
    return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
  }

  /** The next stage's result, with the problems of both. */
  public <R> Checked<R> then(Function<T, Checked<R>> next) {
    Checked<R> result = next.apply(value);
    List<Problem> all = new ArrayList<>(problems);
    all.addAll(result.problems);
    return new Checked<>(result.value, all);
  }

  public <R> Checked<R> map(Function<T, R> change) {
    return new Checked<>(change.apply(value), problems);
  }
}
