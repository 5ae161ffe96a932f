package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run that a case asks for in a comment: {@code //> f{K = 3} x=[1, 2] k:=1}. Numbers after
 * {@code =} are reals, after {@code :=} ints. {@code training} takes the training program, {@code
 * gradient} adds the gradients of the sum of all outputs, {@code step=7} sets the step of a
 * schedule. The interpreter's results are shown; generated classes must give the same.
 */
final class CaseRun {
  private static final Pattern REQUEST =
      Pattern.compile(
          "(?<gradient>gradient )?(?<training>training )?(?<name>[\\w.]+)(\\{(?<config>[^}]*)\\})?(?<rest>.*)");

  private static final Pattern INPUT =
      Pattern.compile("\\s+(?<name>\\w+)(?<sign>:?=)(?<value>\\[[^=]*\\]|[^\\s=]+)(?=\\s|$)");

  private static final Pattern NUMBER = Pattern.compile("-?inf|-?[0-9][0-9.e+-]*|nan|true|false");

  private CaseRun() {}

  /** What the request gives, a line for each result. */
  static String of(CaseProgram program, String text) {
    Matcher m = REQUEST.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("no request: " + text);
    }
    var inputs = new LinkedHashMap<String, Tensor>();
    long step = 1;
    var input = INPUT.matcher(m.group("rest"));
    while (input.find()) {
      if (input.group("name").equals("step")) {
        step = Long.parseLong(input.group("value"));
      } else {
        inputs.put(
            input.group("name"), tensor(input.group("value"), input.group("sign").equals(":=")));
      }
    }
    var request =
        new Evaluation.Request(
            m.group("name"),
            settings(m.group("config")),
            inputs,
            Map.of(),
            Map.of(),
            m.group("training") == null ? Evaluation.Phase.INFERENCE : Evaluation.Phase.TRAINING,
            0,
            7,
            step,
            100);
    var shown = run(program, request, m.group("gradient") != null, Options.Backend.INTERPRETER);
    assertEquals(
        shown,
        run(program, request, m.group("gradient") != null, Options.Backend.BYTECODE),
        "generated classes against the interpreter: " + text);
    return shown;
  }

  private static String run(
      CaseProgram program,
      Evaluation.Request request,
      boolean withGradients,
      Options.Backend backend) {
    var options = new Options(Options.Precision.f64, backend);
    try {
      var result = program.compilation().evaluate(request, options, 1);
      if (result.value().isPresent() && withGradients) {
        var upstream = new LinkedHashMap<String, Tensor>();
        result.value().get().outputs().forEach((name, value) -> upstream.put(name, ones(value)));
        result = program.compilation().evaluate(request.withUpstream(upstream), options, 1);
      }
      if (result.value().isEmpty()) {
        return CaseProgram.render(result.problems());
      }
      var lines = new StringBuilder();
      result.value().get().outputs().forEach((name, value) -> line(lines, name, value));
      new TreeMap<>(result.value().get().states())
          .forEach((name, value) -> line(lines, name + "'", value));
      new TreeMap<>(result.value().get().gradients())
          .forEach((name, value) -> line(lines, "d " + name, value));
      return lines.toString();
    } catch (Evaluation.Misfit misfit) {
      return misfit.getMessage() + (misfit.mend().isEmpty() ? "" : ": " + misfit.mend()) + "\n";
    }
  }

  private static Map<String, String> settings(String text) {
    var settings = new LinkedHashMap<String, String>();
    if (text != null) {
      for (var part : text.split(",(?![^\\[(]*[\\])])")) {
        var sides = part.split("=", 2);
        settings.put(sides[0].strip(), sides[1].strip());
      }
    }
    return settings;
  }

  private static Tensor ones(Tensor like) {
    var ones = Tensor.zeros(like.type(), like.shape());
    for (int i = 0; i < ones.size(); i++) {
      ones.set(i, 1);
    }
    return ones;
  }

  private static Tensor tensor(String text, boolean isInt) {
    var shape = new ArrayList<Integer>();
    for (var level = text; level.startsWith("["); level = level.substring(1).strip()) {
      shape.add(0);
    }
    List<Double> values = new ArrayList<>();
    Matcher m = NUMBER.matcher(text);
    boolean isBool = text.contains("true") || text.contains("false");
    while (m.find()) {
      values.add(
          switch (m.group()) {
            case "true" -> 1.0;
            case "false" -> 0.0;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.parseDouble(m.group());
          });
    }
    int total = values.size();
    for (int k = shape.size() - 1, rest = total; k >= 0; k--) {
      int rows = k == 0 ? 1 : brackets(text, k);
      shape.set(k, rest / rows);
      rest = rows;
    }
    int[] sizes = shape.stream().mapToInt(n -> n).toArray();
    long[] longs = values.stream().mapToLong(Double::longValue).toArray();
    return isBool
        ? Tensor.ofBooleans(longs, sizes)
        : isInt
            ? Tensor.of(longs, sizes)
            : Tensor.of(values.stream().mapToDouble(v -> v).toArray(), sizes);
  }

  /** How many lists stand at a depth. */
  private static int brackets(String text, int depth) {
    int count = 0;
    int level = 0;
    for (char c : text.toCharArray()) {
      level += c == ']' ? -1 : 0;
      count += c == '[' && level == depth ? 1 : 0;
      level += c == '[' ? 1 : 0;
    }
    return count;
  }

  private static void line(StringBuilder to, String name, Tensor value) {
    to.append(name).append(" = ");
    elements(to, value, 0, 0);
    to.append('\n');
  }

  private static int elements(StringBuilder to, Tensor value, int dimension, int at) {
    if (dimension == value.rank()) {
      to.append(number(value, at));
      return at + 1;
    }
    to.append('[');
    int next = at;
    for (int i = 0; i < value.shape()[dimension]; i++) {
      to.append(i == 0 ? "" : ", ");
      next = elements(to, value, dimension + 1, next);
    }
    to.append(']');
    return next;
  }

  private static String number(Tensor value, int at) {
    double x = value.get(at);
    return switch (value.type()) {
      case BOOL -> x == 0 ? "false" : "true";
      case INT -> Long.toString((long) x);
      case F32, F64 ->
          x == Math.rint(x) && Math.abs(x) < 1e9
              ? Long.toString((long) x)
              : Double.isFinite(x) ? "%.6g".formatted(x) : Double.toString(x);
    };
  }
}
