package dev.nnlang.runtime.data;

import java.util.List;
import java.util.Optional;

/**
 * A reader and what it is called with, after configs and constants were put in.
 *
 * @param reader {@code csv}, {@code idx}, ..., or the name of a Java class that is a {@code
 *     DataSource}
 */
public record ReaderCall(String reader, List<Argument> arguments) {
  public ReaderCall {
    arguments = List.copyOf(arguments);
  }

  /**
   * One argument.
   *
   * @param name empty where it stands by position
   */
  public record Argument(Optional<String> name, Value value) {
    public static Argument of(Value value) {
      return new Argument(Optional.empty(), value);
    }

    public static Argument named(String name, Value value) {
      return new Argument(Optional.of(name), value);
    }
  }

  /** What an argument can be. */
  public sealed interface Value {
    /** {@code "data/digits.csv.gz"}. */
    record Text(String text) implements Value {
      @Override
      public String toString() {
        return '"' + text + '"';
      }
    }

    /** {@code 4}, {@code 0.5}. */
    record Number(double number) implements Value {
      @Override
      public String toString() {
        return number == Math.rint(number) && Math.abs(number) < 1e15
            ? Long.toString((long) number)
            : Double.toString(number);
      }
    }

    /** {@code true}, {@code false}. */
    record Truth(boolean truth) implements Value {
      @Override
      public String toString() {
        return Boolean.toString(truth);
      }
    }

    /** {@code from .. to}, half-open. */
    record Range(long from, long to) implements Value {
      @Override
      public String toString() {
        return from + " .. " + to;
      }
    }
  }
}
