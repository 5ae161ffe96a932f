package dev.nnlang.runtime.data;

import dev.nnlang.runtime.tensor.Tensor;
import java.util.List;

/**
 * What a reader gives.
 *
 * @param tensor with the element type that was asked for
 * @param places of its elements
 * @param vocabulary the words that the reader itself numbered (characters, folder names), in order;
 *     it is stored with the model, so that new data are numbered the same; empty for all others
 */
public record SourceData(Tensor tensor, Places places, List<String> vocabulary) {
  public SourceData {
    vocabulary = List.copyOf(vocabulary);
  }

  public static SourceData of(Tensor tensor, Places places) {
    return new SourceData(tensor, places, List.of());
  }
}
