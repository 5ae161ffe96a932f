package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.codegen.gpu.TestDevice;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.Isolated;

/** A long training takes as much of a device's memory, and of this process's, as a short one. */
@EnabledIf("present")
@Isolated("it looks at the memory of the process")
class MemoryOnDeviceTest {
  private static final int EARLY = 1_000;
  private static final int LATE = 10_000;

  /** 4 kB a step would be 36 MB; the heap is no part of it, which has reached its size. */
  private static final long MOST_GROWTH = 30_000_000;

  private static final Path STATUS = Path.of("/proc/self/status");

  static boolean present() {
    return TestDevice.present();
  }

  /**
   * What is held at a step.
   *
   * @param device bytes there
   * @param process bytes of this process that are in memory; 0 where the system does not tell
   */
  private record Held(long device, long process) {
    static Held now() {
      System.gc();
      return new Held(TestDevice.get().allocated(), resident());
    }
  }

  @Test
  void tenThousandStepsLeaveItFlat() throws Exception {
    var options = new Options(Options.Precision.f32, new Options.Backend.Kernels(TestDevice.get()));
    var text = DigitPlans.program("image |> flatten |> Dense(Digit) |> softmax", "Adam()");
    var training =
        Compiler.open(new SourceFile("network.nn", text), Sources.none())
            .training(Optional.empty(), Map.of("epochs", "1000"), options)
            .value()
            .orElseThrow();
    var data =
        DataSet.open(
            training.data(), DataFolders.of(Path.of("../examples")), options.precision().element());
    var held = new ArrayList<Held>();
    var taken = new int[1];
    long before = TestDevice.get().allocated();
    new Trainer(
            training.plan(),
            training.programs(),
            data,
            1,
            _ -> {},
            () -> {
              taken[0]++;
              if (taken[0] == EARLY || taken[0] == LATE) {
                held.add(Held.now());
              }
              return taken[0] == LATE;
            })
        .train();
    assertEquals(LATE, taken[0]);
    var early = held.getFirst();
    var late = held.getLast();
    System.out.printf(
        "after %d and %d steps: %s and %s bytes of the device, %s and %s of the process%n",
        EARLY, LATE, early.device, late.device, early.process, late.process);
    assertTrue(early.device > before);
    assertEquals(early.device, late.device);
    assertTrue(TestDevice.get().allocated() < late.device, "parameters are gone at the end");
    assertTrue(late.process - early.process < MOST_GROWTH, held.toString());
  }

  private static long resident() {
    if (!Files.exists(STATUS)) {
      return 0;
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("RssAnon:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
