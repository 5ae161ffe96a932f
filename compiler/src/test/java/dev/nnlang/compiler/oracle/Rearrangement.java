package dev.nnlang.compiler.oracle;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One layout of a tensor in another: {@code (g=4 u) i -> i g u} cuts the first dimension into four
 * gates and puts the inputs in front. Names in brackets share a dimension, row-major.
 *
 * @param shape of the result
 * @param from for each element of the result where it stands in the source
 */
record Rearrangement(int[] shape, int[] from) {
  private static final Pattern ITEM = Pattern.compile("\\(([^)]*)\\)|(\\S+)");

  /** The same elements in the same shape. */
  static Rearrangement none(int... shape) {
    var from = new int[Tensor.size(shape)];
    Arrays.setAll(from, i -> i);
    return new Rearrangement(shape, from);
  }

  static Rearrangement of(String pattern, int... source) {
    var sides = pattern.split("->");
    var left = items(sides[0]);
    var right = items(sides[1]);
    if (left.size() != source.length) {
      throw new IllegalArgumentException(pattern + " is for another rank than " + source.length);
    }
    var sizes = sizes(left, source);
    var strides = new HashMap<String, Integer>();
    int stride = 1;
    for (var item : left.reversed()) {
      for (var name : item.reversed()) {
        strides.put(bare(name), stride);
        stride *= sizes.get(bare(name));
      }
    }
    var order = right.stream().flatMap(List::stream).map(Rearrangement::bare).toList();
    var shape =
        right.stream()
            .mapToInt(item -> item.stream().map(n -> sizes.get(bare(n))).reduce(1, (a, b) -> a * b))
            .toArray();
    var from = new int[Tensor.size(shape)];
    for (int i = 0; i < from.length; i++) {
      int rest = i;
      for (var name : order.reversed()) {
        from[i] += rest % sizes.get(name) * strides.get(name);
        rest /= sizes.get(name);
      }
    }
    return new Rearrangement(shape, from);
  }

  private static List<List<String>> items(String side) {
    var items = new ArrayList<List<String>>();
    var matcher = ITEM.matcher(side.strip());
    while (matcher.find()) {
      items.add(
          matcher.group(1) == null
              ? List.of(matcher.group(2))
              : List.of(matcher.group(1).strip().split("\\s+")));
    }
    return items;
  }

  /** At most one name of a dimension has no size of its own. */
  private static Map<String, Integer> sizes(List<List<String>> left, int[] source) {
    var sizes = new HashMap<String, Integer>();
    for (int d = 0; d < source.length; d++) {
      int rest = source[d];
      var open = new ArrayList<String>();
      for (var name : left.get(d)) {
        int cut = name.indexOf('=');
        if (cut < 0) {
          open.add(name);
        } else {
          int size = Integer.parseInt(name.substring(cut + 1));
          sizes.put(name.substring(0, cut), size);
          rest /= size;
        }
      }
      if (open.size() > 1) {
        throw new IllegalArgumentException("sizes are missing: " + open);
      }
      for (var name : open) {
        sizes.put(name, rest);
      }
    }
    return sizes;
  }

  private static String bare(String name) {
    int cut = name.indexOf('=');
    return cut < 0 ? name : name.substring(0, cut);
  }

  Tensor apply(Tensor source) {
    var result = Tensor.zeros(source.type(), shape);
    for (int i = 0; i < from.length; i++) {
      result.set(i, source.get(from[i]));
    }
    return result;
  }

  /** Elements of the result back where they came from. */
  double[] back(double[] result) {
    var source = new double[result.length];
    for (int i = 0; i < from.length; i++) {
      source[from[i]] = result[i];
    }
    return source;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Rearrangement r
        && Arrays.equals(shape, r.shape)
        && Arrays.equals(from, r.from);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(from);
  }

  @Override
  public String toString() {
    return Arrays.stream(from).mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }
}
