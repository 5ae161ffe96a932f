package dev.nnlang.compiler.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compilation;
import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import dev.nnlang.runtime.train.TrainingPrograms;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Predictions that take a few examples at a time, so that what lies between kernels stays near. */
class BlocksTest {
  private static final int EXAMPLES = 96;
  private static final String APART =
      "x |> Conv2d(16) |> BatchNorm |> relu |> MaxPool2d(2) |> Conv2d(16) |> relu"
          + " |> flatten |> Dense(Class) |> softmax";

  /** Weights are large beside what lies between kernels: caches have no say. */
  private static final String WIDE =
      "x |> flatten |> Dense(300) |> BatchNorm |> relu |> Dense(Class) |> softmax";

  private static Compilation compilation(String layers) {
    var text =
        """
        dim Class = 10
        model Subject : x[32, 32, 3] -> p[Class] {
            p = %s
        }
        data Examples {
            source images[N, 32, 32, 3] = npy("images.npy")
            source labels[N]: index Class = npy("labels.npy")
            sample n -> x[32, 32, 3], label: index Class {
                x[h, w, c] = images[n, h, w, c]
                label      = labels[n]
            }
        }
        train Plan : Subject on Examples {
            loss      = sparse_categorical_cross_entropy(p, label)
            optimizer = SGD(0.1)
            batch     = 4
            steps     = 10
        }
        """
            .formatted(layers);
    return Compiler.open(new SourceFile("subject.nn", text), Sources.none());
  }

  private static long blocks(String layers, String program) {
    var plan = compilation(layers).explain(Optional.empty(), program, "schedule");
    return plan.value()
        .lines()
        .filter(l -> l.startsWith("blocks: "))
        .map(l -> l.split(" ")[1])
        .mapToLong(size -> size.equals("a") ? EXAMPLES : Long.parseLong(size))
        .sum();
  }

  @Test
  void onlyExamplesThatHaveNothingToDoWithEachOtherAreTakenApart() {
    long size = blocks(APART, "predict");
    assertTrue(size > 0 && size < 8, "blocks of " + size);
    assertEquals(0, blocks(APART, "step"));
    assertEquals(EXAMPLES, blocks(WIDE, "predict"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void anExampleHasTheSameBitsInEveryBatch(int threads) {
    bitsInEveryBatch(APART, threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void soItHasWhereEachThreadTakesItsPart(int threads) {
    bitsInEveryBatch(WIDE, threads);
  }

  private static void bitsInEveryBatch(String layers, int threads) {
    var programs = programs(layers);
    var predict = programs.predict();
    try (var session = predict.open(threads)) {
      bind(session, predict, weights(programs, 1));
      var alone = new float[EXAMPLES][];
      for (int n = 0; n < EXAMPLES; n++) {
        alone[n] = predict(session, predict, n, n + 1);
      }
      for (int batch : new int[] {EXAMPLES, 8, 7, EXAMPLES, 64, 12}) {
        for (int n = 0; n + batch <= EXAMPLES; n += batch) {
          var together = predict(session, predict, n, n + batch);
          for (int k = 0; k < batch; k++) {
            var own = new float[10];
            System.arraycopy(together, 10 * k, own, 0, 10);
            assertArrayEquals(alone[n + k], own);
          }
        }
      }
    }
  }

  @Test
  void operationsAreCountedBeforeTheyAreDone() {
    var programs = programs(APART);
    var predict = programs.predict();
    try (var session = predict.open(2)) {
      bind(session, predict, weights(programs, 1));
      double one = session.operations();
      // Those of the two convolutions, whatever else there is and however they treat borders.
      assertTrue(one > 2 * (30 * 30 * 16 * 27 + 13 * 13 * 16 * 144), "operations: " + one);
      assertTrue(one < 3 * (32 * 32 * 16 * 27 + 16 * 16 * 16 * 144), "operations: " + one);
      for (int batch : new int[] {7, 64, EXAMPLES}) {
        predict(session, predict, 0, batch);
        assertEquals(batch * one, session.operations(), 0.05 * batch * one);
      }
    }
  }

  /** What is packed or folded once for all threads follows a parameter that is written. */
  @ParameterizedTest
  @ValueSource(strings = {APART, WIDE})
  void everyThreadSeesNewWeights(String layers) {
    var programs = programs(layers);
    var predict = programs.predict();
    try (var one = predict.open(1);
        var several = predict.open(3)) {
      for (int seed = 1; seed <= 3; seed++) {
        var weights = weights(programs, seed);
        bind(one, predict, weights);
        bind(several, predict, weights);
        assertArrayEquals(
            predict(one, predict, 0, EXAMPLES), predict(several, predict, 0, EXAMPLES));
      }
    }
  }

  private static TrainingPrograms programs(String layers) {
    return compilation(layers)
        .training(Optional.empty(), Map.of(), Options.standard())
        .value()
        .orElseThrow()
        .programs();
  }

  private static Map<String, Tensor> weights(TrainingPrograms programs, int seed) {
    var weights = new HashMap<String, Tensor>();
    try (var session = programs.initial().open(1)) {
      session.bind("seed", seed);
      session.run();
      for (var port : programs.initial().signature().outputs()) {
        weights.put(port.name(), session.output(port.name()));
      }
    }
    return weights;
  }

  private static void bind(Session session, Executable program, Map<String, Tensor> weights) {
    for (var port : program.signature().inputs()) {
      session.bind(port.name(), value(port, weights));
    }
  }

  private static Tensor value(Port port, Map<String, Tensor> tensors) {
    return switch (port.role()) {
      case SCALAR -> Tensor.of(new long[] {1});
      case DATA -> Tensor.of(new long[] {0}, 1);
      case SOURCE -> {
        var random = new Random(1);
        var values = Tensor.zeros(port.type(), port.shape(Map.of("N", (long) EXAMPLES)));
        for (int i = 0; i < values.size(); i++) {
          values.set(i, port.type() == ElementType.F32 ? random.nextGaussian() : 1);
        }
        yield values;
      }
      case PARAMETER, FROZEN, STATE, OPTIMIZER, OUTPUT -> tensors.get(port.name());
    };
  }

  private static float[] predict(Session session, Executable program, int from, int to) {
    session.bind("n", Tensor.of(LongStream.range(from, to).toArray(), to - from));
    session.run();
    return session.output(program.signature().outputs().getFirst().name()).floats();
  }
}
