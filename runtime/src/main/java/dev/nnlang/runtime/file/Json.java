package dev.nnlang.runtime.file;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value (RFC 8259). {@code toString} writes it on one line; {@link #parse} reads it. */
public sealed interface Json {
  /** Members in order. */
  record Members(Map<String, Json> members) implements Json {
    public Members {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    public Optional<Json> get(String key) {
      return Optional.ofNullable(members.get(key));
    }

    /** With one more member at the end. */
    public Members with(String key, Json value) {
      var more = new LinkedHashMap<>(members);
      more.put(key, value);
      return new Members(more);
    }

    public Members with(String key, String value) {
      return with(key, new Text(value));
    }

    public Members with(String key, double value) {
      return with(key, of(value));
    }

    public Members with(String key, long value) {
      return with(key, of(value));
    }

    @Override
    public String toString() {
      var out = new StringBuilder("{");
      members.forEach(
          (key, value) -> {
            quote(out.append(out.length() > 1 ? "," : ""), key).append(':').append(value);
          });
      return out.append('}').toString();
    }
  }

  record Items(List<Json> items) implements Json {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String toString() {
      return "[" + String.join(",", items.stream().map(Json::toString).toList()) + "]";
    }
  }

  record Text(String text) implements Json {
    @Override
    public String toString() {
      return quote(new StringBuilder(), text).toString();
    }
  }

  /** A number as it was written, so that no digit of a long is lost. */
  record Number(String digits) implements Json {
    public double real() {
      return Double.parseDouble(digits);
    }

    /** A {@link NumberFormatException} if it is no long. */
    public long whole() {
      return Long.parseLong(digits);
    }

    @Override
    public String toString() {
      return digits;
    }
  }

  record Truth(boolean value) implements Json {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  record Null() implements Json {
    @Override
    public String toString() {
      return "null";
    }
  }

  static Members object() {
    return new Members(Map.of());
  }

  static Items texts(List<String> texts) {
    return new Items(texts.stream().<Json>map(Text::new).toList());
  }

  static Number of(long value) {
    return new Number(Long.toString(value));
  }

  /**
   * Digits that read back to the same value (LR-82); JSON has no other numbers than finite ones, so
   * NaN and the infinities become texts.
   */
  static Json of(double value) {
    if (!Double.isFinite(value)) {
      return new Text(Double.toString(value));
    }
    // A whole number without its ".0", as everyone else writes it; beyond 2^53 the form with E is
    // shorter.
    return value == Math.rint(value) && Math.abs(value) < 1e15 && !isNegativeZero(value)
        ? of((long) value)
        : new Number(Double.toString(value));
  }

  private static boolean isNegativeZero(double value) {
    return value == 0 && 1 / value < 0;
  }

  /** Reads one value; empty where the text is not JSON. */
  static Optional<Json> parse(String text) {
    return new JsonParser(text).parse();
  }

  /** Reads one value per line; a last line that was cut off is left out. */
  static List<Json> parseLines(String text) {
    var values = new ArrayList<Json>();
    text.lines().forEach(line -> parse(line).ifPresent(values::add));
    return values;
  }

  private static StringBuilder quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // The last two end a line for some readers of JSON lines.
          if (c < 0x20 || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"');
  }
}
