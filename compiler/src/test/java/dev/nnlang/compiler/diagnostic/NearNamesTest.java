package dev.nnlang.compiler.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearNamesTest {
  private static final List<String> KNOWN =
      List.of("relu", "gelu", "Dense", "dropout", "softmax", "sparse_categorical_cross_entropy");

  @Test
  void findsMisspeltNames() {
    assertEquals(Optional.of("relu"), NearNames.nearest("rleu", KNOWN), "neighbours swapped");
    assertEquals(Optional.of("Dense"), NearNames.nearest("dense", KNOWN), "the case only");
    assertEquals(Optional.of("softmax"), NearNames.nearest("soft_max", KNOWN), "an underscore");
    assertEquals(
        Optional.of("sparse_categorical_cross_entropy"),
        NearNames.nearest("sparse_categorial_crossentropy", KNOWN));
  }

  @Test
  void keepsStillWhenNothingIsNear() {
    assertEquals(Optional.empty(), NearNames.nearest("tanh", KNOWN));
    assertEquals(Optional.empty(), NearNames.nearest("x", KNOWN));
  }

  @Test
  void theNearestIsFirst() {
    assertEquals(List.of("relu", "gelu"), NearNames.near("Relu", KNOWN));
    assertEquals(List.of("gelu", "relu"), NearNames.near("telu", KNOWN), "equally near: by name");
  }

  @Test
  void countsInsertionsDeletionsReplacementsAndSwaps() {
    assertEquals(0, NearNames.distance("abc", "abc"));
    assertEquals(1, NearNames.distance("abc", "acb"));
    assertEquals(2, NearNames.distance("abc", "b"));
    assertEquals(3, NearNames.distance("", "abc"));
  }
}
