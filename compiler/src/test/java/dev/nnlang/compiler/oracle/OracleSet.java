package dev.nnlang.compiler.oracle;

import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The reference set: cases with inputs and the results of an independent implementation. */
final class OracleSet {
  private OracleSet() {}

  /** {@code $NN_ORACLE}, or shared/oracle beside the repository. */
  static Optional<Path> folder() {
    var named = Optional.ofNullable(System.getenv("NN_ORACLE")).map(Path::of).stream();
    var beside = Stream.of("../shared/oracle", "../../shared/oracle").map(Path::of);
    return Stream.concat(named, beside)
        .filter(p -> Files.exists(p.resolve("index.json")))
        .findFirst();
  }

  /** One case, and its file's tensors. */
  record Case(Json.Members index, Map<String, Tensor> file) {
    String id() {
      return text("id");
    }

    String category() {
      return text("category");
    }

    String op() {
      return text("op");
    }

    private String text(String key) {
      return ((Json.Text) index.get(key).orElseThrow()).text();
    }

    Map<String, Object> attributes() {
      var attributes = new LinkedHashMap<String, Object>();
      members("attrs").members().forEach((name, value) -> attributes.put(name, plain(value)));
      return attributes;
    }

    private Json.Members members(String key) {
      return (Json.Members) index.get(key).orElseThrow();
    }

    List<String> expected() {
      return List.copyOf(members("expected").members().keySet());
    }

    /** The tensors of one kind in a precision, by name without the prefix. */
    Map<String, Tensor> tensors(String prefix, Options.Precision precision) {
      var found = new LinkedHashMap<String, Tensor>();
      file.forEach(
          (name, tensor) -> {
            if (name.startsWith(prefix)) {
              found.put(name.substring(prefix.length()), convert(tensor, precision));
            }
          });
      return found;
    }

    /** Where got and expected differ by more than the set's tolerance, the worst place. */
    Optional<String> difference(String name, double[] got, Options.Precision precision) {
      var tolerances = (Json.Members) members("expected").get(name).orElseThrow();
      double absolute = number(tolerances, precision + "_atol");
      double relative = number(members("rtol"), precision.name());
      if (op().equals("hardsigmoid") && name.startsWith("grad.")) {
        // The reference multiplies by 1/6 rounded to float in its double-precision backward pass,
        // so its own gradient is off by half a unit of a float.
        relative = Math.max(relative, 6e-8);
      }
      if (op().equals("clip_norm")) {
        // The reference divides by norm + 1e-6, the language by the norm (LR-83): ten steps of
        // lr 0.1, each at most 1 long, may so differ by 1e-6.
        absolute = Math.max(absolute, 1e-6);
      }
      return difference(name, file.get(name), got, absolute, relative);
    }

    static Optional<String> difference(
        String name, Tensor expected, double[] got, double absolute, double relative) {
      if (expected.size() != got.length) {
        return Optional.of(name + " has " + got.length + " elements of " + expected.size());
      }
      double worst = 0;
      int at = -1;
      for (int i = 0; i < got.length; i++) {
        double want = expected.get(i);
        boolean same = want == got[i] || Double.isNaN(want) && Double.isNaN(got[i]);
        double excess = same ? 0 : Math.abs(got[i] - want) / (absolute + relative * Math.abs(want));
        if (Double.isNaN(excess) || excess > worst) {
          worst = Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
          at = i;
        }
      }
      return worst <= 1
          ? Optional.empty()
          : Optional.of(
              "%s[%d] is %s, expected %s, %.3g times the tolerance"
                  .formatted(name, at, got[at], expected.get(at), worst));
    }

    private static double number(Json.Members members, String key) {
      return ((Json.Number) members.get(key).orElseThrow()).real();
    }
  }

  /** One whole training run, and its file's tensors. */
  record Trajectory(Json.Members index, Map<String, Tensor> file) {
    /** Without the set's own word in front. */
    String name() {
      var id = ((Json.Text) index.get("id").orElseThrow()).text();
      return id.substring(id.indexOf('.') + 1);
    }

    /** The tensors of one kind, by name without the prefix. */
    Map<String, Tensor> tensors(String prefix) {
      var found = new LinkedHashMap<String, Tensor>();
      file.forEach(
          (name, tensor) -> {
            if (name.startsWith(prefix)) {
              found.put(name.substring(prefix.length()), tensor);
            }
          });
      return found;
    }

    /** Where the losses differ by more than the run's tolerance. */
    Optional<String> loss(double[] got, Options.Precision precision) {
      var expected = file.get("out.loss");
      return switch (precision) {
        case f32 -> Case.difference("loss", expected, got, tolerance("f32_loss_atol"), 0);
        case f64 -> Case.difference("loss", expected, got, 0, tolerance("f64_loss_rtol"));
      };
    }

    /** Where a parameter differs after the last step. */
    Optional<String> parameter(String name, double[] got, Options.Precision precision) {
      return Case.difference(name, file.get(name), got, tolerance(precision + "_final_atol"), 0);
    }

    private double tolerance(String name) {
      return Case.number((Json.Members) index.get("tol").orElseThrow(), name);
    }
  }

  private static Object plain(Json value) {
    return switch (value) {
      case Json.Text(var text) -> text;
      case Json.Number n -> n.digits().matches("-?[0-9]+") ? (Object) n.whole() : (Object) n.real();
      case Json.Truth(var truth) -> truth;
      case Json.Null() -> "null";
      case Json.Items items -> items.items().stream().map(OracleSet::plain).toList();
      case Json.Members members -> members.toString();
    };
  }

  private static Tensor convert(Tensor tensor, Options.Precision precision) {
    if (tensor.type() == ElementType.INT || tensor.type() == ElementType.BOOL) {
      return tensor;
    }
    var converted = Tensor.zeros(precision.element(), tensor.shape());
    for (int i = 0; i < tensor.size(); i++) {
      converted.set(i, tensor.get(i));
    }
    return converted;
  }

  static List<Case> cases() {
    return read("index.json", Case::new);
  }

  static List<Trajectory> trajectories() {
    return read("trajectory.json", Trajectory::new);
  }

  private static <T> List<T> read(
      String index, BiFunction<Json.Members, Map<String, Tensor>, T> record) {
    var folder = folder().orElseThrow();
    try {
      var whole = (Json.Members) Json.parse(Files.readString(folder.resolve(index))).orElseThrow();
      var cases = (Json.Items) whole.get("cases").orElseThrow();
      return cases.items().stream()
          .map(Json.Members.class::cast)
          .map(
              c -> {
                var file = ((Json.Text) c.get("file").orElseThrow()).text();
                return record.apply(c, read(folder.resolve(file)));
              })
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Tensor> read(Path file) {
    try {
      return Safetensors.read(file).tensors();
    } catch (ProblemException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }
}
