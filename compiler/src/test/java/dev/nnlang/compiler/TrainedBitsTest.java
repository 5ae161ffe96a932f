package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.Weights;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole small networks, trained: the same bits from run to run and on any number of threads. */
class TrainedBitsTest {
  private static final int STEPS = 25;

  @ParameterizedTest
  @EnumSource
  void doNotDependOnThreads(SmallNetwork model) throws Exception {
    var once = train(model, 1);
    equal(once, train(model, 1));
    equal(once, train(model, 2));
    equal(once, train(model, 3));
  }

  private static void equal(Weights a, Weights b) {
    assertTrue(a.parameters().size() >= 2);
    equal(a.parameters(), b.parameters());
    equal(a.states(), b.states());
    equal(a.optimizer(), b.optimizer());
  }

  private static void equal(Map<String, Tensor> a, Map<String, Tensor> b) {
    assertEquals(a.keySet(), b.keySet());
    a.forEach((name, tensor) -> assertArrayEquals(tensor.floats(), b.get(name).floats(), 0, name));
  }

  private static Weights train(SmallNetwork model, int threads) throws Exception {
    var training = model.compiled();
    var data = model.data(training);
    var steps = new int[1];
    var trainer =
        new Trainer(
            training.plan(),
            training.programs(),
            data,
            threads,
            _ -> {},
            () -> ++steps[0] == STEPS);
    return trainer.train().weights();
  }
}
