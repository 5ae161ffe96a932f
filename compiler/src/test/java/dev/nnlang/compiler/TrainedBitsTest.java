package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.Trainer;
import dev.nnlang.runtime.train.Weights;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole small networks, trained: the same bits from run to run and on any number of threads. */
class TrainedBitsTest {
  private static final String MLP =
      "image |> flatten |> Dense(64) |> gelu |> LayerNorm |> Dense(Digit) |> softmax";

  /** The rows of an image as a sequence; one recurrence has its time loop inside, one outside. */
  private static final String LSTM =
      "image |> LSTM(16) |> LSTM(32) |> last_step |> Dense(Digit) |> softmax";

  private static final String CONVOLUTIONS =
      "img |> Conv2d(8) |> BatchNorm |> relu |> MaxPool2d(2) |> Conv2d(16) |> relu"
          + " |> flatten |> Dropout(0.2) |> Dense(Digit) |> softmax";

  private static final int STEPS = 25;

  @ParameterizedTest
  @ValueSource(strings = {MLP, LSTM, CONVOLUTIONS})
  void doNotDependOnThreads(String model) throws Exception {
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

  private static Weights train(String model, int threads) throws Exception {
    var training = compiled(model);
    var data =
        DataSet.open(training.data(), DataFolders.of(Path.of("../examples")), ElementType.F32);
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

  private static CompiledTraining compiled(String model) {
    var text = DigitPlans.program(model, "Adam()");
    var source = new SourceFile("small.nn", text);
    var found =
        Compiler.open(source, Sources.none())
            .training(Optional.empty(), Map.of(), Options.standard());
    assertTrue(found.value().isPresent(), () -> found.problems().toString());
    return found.value().get();
  }

  // Memory.

  /** Steps in a row that must allocate nothing, and how long to wait until the code is compiled. */
  private static final int QUIET = 50;

  private static final long PATIENCE = 120_000_000_000L;

  /**
   * Of a thread, for all quiet steps together: what measuring itself costs, and a vector of 80
   * bytes a step that HotSpot may leave boxed. The smallest buffer of a step, were it allocated
   * anew, has 50 numbers, more than 10,000 bytes in all steps.
   */
  private static final long NOTHING = 8192;

  @Test
  void aStepAllocatesNothing() throws Exception {
    var training = compiled(MLP);
    var data =
        DataSet.open(training.data(), DataFolders.of(Path.of("../examples")), ElementType.F32);
    var step = training.programs().step();
    try (var initial = training.programs().initial().open(1);
        var session = step.open(1)) {
      initial.bind("seed", 1);
      initial.run();
      for (var port : step.signature().inputs()) {
        switch (port.role()) {
          case SOURCE -> session.bind(port.name(), data.tensor(port.name()));
          case SCALAR -> session.bind(port.name(), 1);
          case DATA -> session.bind(port.name(), Tensor.of(new long[50], 50));
          case PARAMETER, FROZEN, STATE -> session.bind(port.name(), initial.output(port.name()));
          case OPTIMIZER ->
              session.bind(port.name(), Tensor.zeros(port.type(), port.shape(Map.of())));
          case OUTPUT -> throw new AssertionError(port);
        }
      }
      long begin = System.nanoTime();
      long allocated = Long.MAX_VALUE;
      while (allocated > NOTHING && System.nanoTime() - begin < PATIENCE) {
        allocated = allocatedIn(session);
      }
      assertTrue(allocated <= NOTHING, allocated + " bytes in " + QUIET + " steps");
    }
  }

  private static long allocatedIn(Session session) throws ReflectiveOperationException {
    long before = allocated();
    for (int s = 0; s < QUIET; s++) {
      session.run();
    }
    return allocated() - before;
  }

  /** By reflection, since the compiler's module does not read the management modules. */
  private static long allocated() throws ReflectiveOperationException {
    var threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    return (long)
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes")
            .invoke(threads);
  }
}
