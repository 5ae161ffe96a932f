package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Sessions on one device, each with a thread of its own, compute what they would alone. */
@EnabledIf("present")
class SessionsOnDeviceTest {
  private static final int THREADS = 4;
  private static final int TIMES = 25;
  private static final int BATCH = 64;
  private static final int WIDTH = 256;

  private static final String PROGRAM =
      """
      model Subject : x[In] -> y[In] {
          y[i] = sin(x[i]) + 2 * x[i]
      }
      """;

  static boolean present() {
    return TestDevice.present();
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    var work = new ArrayList<Callable<Void>>();
    for (int thread = 0; thread < THREADS; thread++) {
      long seed = thread;
      work.add(
          () -> {
            computes(new Random(seed));
            return null;
          });
    }
    try (var pool = Executors.newFixedThreadPool(THREADS)) {
      for (var done : pool.invokeAll(work)) {
        done.get();
      }
    }
  }

  private static void computes(Random random) throws Evaluation.Misfit {
    var compilation = Compiler.open(new SourceFile("subject.nn", PROGRAM), Sources.none());
    var options = new Options(Options.Precision.f64, new Options.Backend.Kernels(TestDevice.get()));
    for (int time = 0; time < TIMES; time++) {
      var x = random.doubles(BATCH * WIDTH, -1, 1).toArray();
      var request =
          Evaluation.Request.of("Subject", Map.of("x", Tensor.of(x.clone(), BATCH, WIDTH)));
      var found = compilation.evaluate(request, options, 1).value().orElseThrow();
      var expected = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        expected[i] = Math.sin(x[i]) + 2 * x[i];
      }
      assertArrayEquals(expected, found.outputs().get("y").doubles(), 1e-12);
    }
  }
}
