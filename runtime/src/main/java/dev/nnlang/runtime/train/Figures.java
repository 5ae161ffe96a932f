package dev.nnlang.runtime.train;

import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a pass over examples came to: {@code loss} first, then the metrics in the plan's order.
 * Tensors of rank 0 are figures, others (a confusion matrix) are kept beside them.
 */
public record Figures(Map<String, Tensor> tensors) {
  public Figures {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  public static Figures none() {
    return new Figures(Map.of());
  }

  /** The numbers among them, in order. */
  public Map<String, Double> scalars() {
    var scalars = new LinkedHashMap<String, Double>();
    tensors.forEach(
        (name, tensor) -> {
          if (tensor.rank() == 0) {
            scalars.put(name, tensor.get(0));
          }
        });
    return scalars;
  }

  public OptionalDouble scalar(String name) {
    var tensor = tensors.get(name);
    return tensor == null || tensor.rank() > 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(tensor.get(0));
  }

  /** {@code {"loss":0.25,"accuracy":0.9}}; tensors as nested lists. */
  public Json.Members json() {
    var json = new LinkedHashMap<String, Json>();
    tensors.forEach((name, tensor) -> json.put(name, json(tensor, 0, 0, tensor.size())));
    return new Json.Members(json);
  }

  private static Json json(Tensor tensor, int dimension, int from, int size) {
    if (dimension == tensor.rank()) {
      return Json.of(tensor.get(from));
    }
    List<Json> items = new ArrayList<>();
    int extent = tensor.shape()[dimension];
    for (int i = 0; i < extent; i++) {
      items.add(json(tensor, dimension + 1, from + i * (size / extent), size / extent));
    }
    return new Json.Items(items);
  }
}
