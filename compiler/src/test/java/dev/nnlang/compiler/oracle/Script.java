package dev.nnlang.compiler.oracle;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A program under test, with comments that say how the reference's tensors are laid out:
 *
 * <pre>
 * // training
 * // view h_n : l b u -> b l u
 * // LSTM_1/wx <- weight_ih_l0 : (g=4 u) i -> i g u
 * // GRU_1/b[0:2] <- bias_hh_l0[0:6] : (g=2 u) -> g u
 * </pre>
 *
 * <p>A view is of an input or output, from the reference's layout to the program's. An arrow feeds
 * a parameter or state; several arrows to one add up, and each gets the parameter's gradient.
 *
 * @param text the whole program
 * @param views patterns by the name of an input or output
 */
record Script(String text, boolean training, Map<String, String> views, List<Feed> feeds) {
  private static final Pattern VIEW = Pattern.compile("// view (\\w+) : (.*)");
  private static final Pattern FEED =
      Pattern.compile(
          "// ([\\w/]+)(?:\\[(\\d+):(\\d+)\\])? <- ([\\w.]+)(?:\\[(\\d+):(\\d+)\\])?(?: : (.*))?");

  /** Rows of a tensor, by its first dimension. */
  record Rows(int from, int to) {}

  /**
   * One arrow.
   *
   * @param into rows of the parameter; absent for all of it
   * @param of rows of the reference's tensor
   */
  record Feed(
      String path,
      Optional<Rows> into,
      String source,
      Optional<Rows> of,
      Optional<String> pattern) {

    /** The part of the source that is fed, as the parameter has it. */
    Rearrangement layout(Tensor from) {
      var shape = from.shape();
      of.ifPresent(rows -> shape[0] = rows.to - rows.from);
      return pattern
          .map(p -> Rearrangement.of(p, shape))
          .orElseGet(() -> Rearrangement.none(shape));
    }

    /** Where the part begins in the source. */
    int offset(Tensor from) {
      return of.map(rows -> rows.from * (from.size() / from.shape()[0])).orElse(0);
    }

    /** Where the part begins in the parameter. */
    int place(Tensor parameter) {
      return into.map(rows -> rows.from * (parameter.size() / parameter.shape()[0])).orElse(0);
    }
  }

  static Script of(String text) {
    var views = new LinkedHashMap<String, String>();
    var feeds = new ArrayList<Feed>();
    boolean training = false;
    for (var line : text.lines().toList()) {
      var view = VIEW.matcher(line);
      var feed = FEED.matcher(line);
      if (view.matches()) {
        views.put(view.group(1), view.group(2));
      } else if (feed.matches()) {
        feeds.add(
            new Feed(
                feed.group(1),
                rows(feed.group(2), feed.group(3)),
                feed.group(4),
                rows(feed.group(5), feed.group(6)),
                Optional.ofNullable(feed.group(7))));
      }
      training |= line.equals("// training");
    }
    return new Script(text, training, views, feeds);
  }

  private static Optional<Rows> rows(String from, String to) {
    return from == null
        ? Optional.empty()
        : Optional.of(new Rows(Integer.parseInt(from), Integer.parseInt(to)));
  }

  /** A tensor of the case as the program wants it. */
  Tensor view(String name, Tensor tensor) {
    var pattern = views.get(name);
    return pattern == null ? tensor : Rearrangement.of(pattern, tensor.shape()).apply(tensor);
  }

  /** Elements of the program's tensor as the reference has them. */
  double[] unview(String name, double[] got, int[] shape) {
    var pattern = views.get(name);
    return pattern == null ? got : Rearrangement.of(pattern, shape).back(got);
  }

  /** Parameters and states by path, from the reference's by name. */
  Map<String, Tensor> parameters(Map<String, Tensor> sources) {
    var parameters = new LinkedHashMap<String, Tensor>();
    for (var feed : feeds) {
      var source = sources.get(feed.source);
      var layout = feed.layout(source);
      var parameter =
          parameters.computeIfAbsent(feed.path, _ -> Tensor.zeros(source.type(), layout.shape()));
      int offset = feed.offset(source);
      int place = feed.place(parameter);
      for (int i = 0; i < layout.from().length; i++) {
        double value = source.get(offset + layout.from()[i]);
        parameter.set(place + i, parameter.get(place + i) + value);
      }
    }
    return parameters;
  }

  /** What the program says of one of the reference's tensors; empty where nothing is said. */
  Optional<double[]> collect(String name, Tensor source, Map<String, Tensor> byPath) {
    var mine = feeds.stream().filter(f -> f.source.equals(name)).toList();
    if (mine.isEmpty() || !mine.stream().allMatch(f -> byPath.containsKey(f.path))) {
      return Optional.empty();
    }
    var all = new double[source.size()];
    for (var feed : mine) {
      var got = byPath.get(feed.path);
      var layout = feed.layout(source);
      int offset = feed.offset(source);
      int place = feed.place(got);
      for (int i = 0; i < layout.from().length; i++) {
        all[offset + layout.from()[i]] += got.get(place + i);
      }
    }
    return Optional.of(all);
  }
}
