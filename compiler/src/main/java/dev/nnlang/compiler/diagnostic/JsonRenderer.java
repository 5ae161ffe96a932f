package dev.nnlang.compiler.diagnostic;

import dev.nnlang.compiler.source.Span;
import java.util.List;
import java.util.stream.Collectors;

/** One JSON object a line, with the fields of LR-74. */
public final class JsonRenderer {
  private JsonRenderer() {}

  /** All problems, ordered, each on its line, every line ended. */
  public static String render(List<? extends Problem> problems) {
    return Problems.ordered(problems).stream()
        .map(problem -> render(problem) + "\n")
        .collect(Collectors.joining());
  }

  /** One problem, without a line end. */
  public static String render(Problem problem) {
    Report report = problem.report();
    Span at = problem.at();
    StringBuilder out = new StringBuilder("{");
    text(out, "code", problem.code()).append(',');
    text(out, "severity", problem.severity().word()).append(',');
    text(out, "message", message(report)).append(',');
    place(out, at).append(',');
    out.append("\"endLine\":").append(at.endLine()).append(',');
    out.append("\"endColumn\":").append(at.endColumn()).append(',');
    text(out, "help", report.fix().map(Fix::text).orElse("")).append(',');
    out.append("\"related\":[");
    String comma = "";
    for (Label other : report.others()) {
      out.append(comma).append('{');
      text(out, "message", other.text()).append(',');
      place(out, other.span()).append('}');
      comma = ",";
    }
    return out.append("]}").toString();
  }

  private static String message(Report report) {
    StringBuilder message = new StringBuilder(report.title());
    if (!report.primary().text().isEmpty()) {
      message.append(": ").append(report.primary().text());
    }
    for (String note : report.notes()) {
      message.append("; ").append(note);
    }
    return message.toString();
  }

  private static StringBuilder place(StringBuilder out, Span at) {
    text(out, "file", at.file().name()).append(',');
    out.append("\"line\":").append(at.line()).append(',');
    return out.append("\"column\":").append(at.column());
  }

  private static StringBuilder text(StringBuilder out, String key, String value) {
    out.append('"').append(key).append("\":\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // U+2028 and U+2029 would end the line for some readers of JSON lines.
          if (c < 0x20 || c == 0x7f || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
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
