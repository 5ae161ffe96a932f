package dev.nnlang.compiler.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What depends on parameters alone is computed once, and anew when a parameter is. */
class FixedTest {
  /**
   * The norm becomes factors of channels in a nest; a product's matrix is packed, one in a loop.
   */
  private static final String PROGRAM =
      """
      model Subject : x[6, 40] -> y[6, 48] {
          y = x |> Dense(64) |> BatchNorm |> relu |> LSTM(48)
      }
      data Examples {
          source series[N, 6, 40] = npy("series.npy")
          sample n -> x[6, 40] {
              x[t, i] = series[n, t, i]
          }
      }
      train Plan : Subject on Examples {
          loss      = sum[t, d](y[t, d] * y[t, d])
          optimizer = SGD(0.1)
          batch     = 4
          steps     = 10
      }
      """;

  private static final int EXAMPLES = 4;

  private final Map<String, Tensor> tensors = new HashMap<>();
  private TrainingPrograms programs;

  private static Compilation compilation() {
    return Compiler.open(new SourceFile("subject.nn", PROGRAM), Sources.none());
  }

  @BeforeEach
  void compile() {
    var training = compilation().training(Optional.empty(), Map.of(), Options.standard());
    programs = training.value().orElseThrow().programs();
    try (var session = open(programs.initial())) {
      session.run();
      for (var port : programs.initial().signature().outputs()) {
        tensors.put(port.name(), session.output(port.name()));
      }
    }
  }

  private Session open(Executable program) {
    var session = program.open(2);
    for (var port : program.signature().inputs()) {
      session.bind(port.name(), value(port));
    }
    return session;
  }

  private Tensor value(Port port) {
    return switch (port.role()) {
      case SCALAR -> Tensor.of(new long[] {1});
      case DATA -> Tensor.of(new long[] {0, 1, 2, 3}, EXAMPLES);
      case SOURCE -> normal(port.shape(Map.of("N", (long) EXAMPLES)));
      case PARAMETER, FROZEN, STATE, OPTIMIZER, OUTPUT -> tensors.get(port.name());
    };
  }

  private static Tensor normal(int... shape) {
    var random = new Random(1);
    var values = Tensor.zeros(ElementType.F32, shape);
    for (int i = 0; i < values.size(); i++) {
      values.set(i, random.nextGaussian());
    }
    return values;
  }

  @Test
  void thePlanSaysWhatIsComputedOnce() {
    var predict = compilation().explain(Optional.empty(), "predict", "schedule").value();
    assertTrue(predict.contains("once: until a parameter changes"), predict);
  }

  @Test
  void aPredictionSeesEveryParameterThatChanged() {
    var names =
        programs.predict().signature().inputs().stream()
            .filter(p -> p.role() == Port.Role.PARAMETER || p.role() == Port.Role.STATE)
            .map(Port::name)
            .toList();
    assertEquals(9, names.size(), names.toString());
    try (var session = open(programs.predict())) {
      var last = changed(session, new float[0]);
      for (var name : names) {
        var tensor = tensors.get(name);
        tensor.set(0, tensor.get(0) + 0.5);
        last = changed(session, last);
      }
      for (var name : names) {
        var other = tensors.get(name).copy();
        other.set(1, other.get(1) + 0.5);
        tensors.put(name, other);
        session.bind(name, other);
        last = changed(session, last);
      }
      try (var training = open(programs.step())) {
        training.run();
        last = changed(session, last);
        training.run();
        last = changed(session, last);
      }
      session.run();
      assertArrayEquals(last, output(session));
    }
  }

  /** Runs a session that had run before, and compares with a new one. */
  private float[] changed(Session session, float[] last) {
    session.run();
    var found = output(session);
    assertFalse(Arrays.equals(last, found));
    try (var other = open(programs.predict())) {
      other.run();
      assertArrayEquals(output(other), found);
    }
    return found;
  }

  private float[] output(Session session) {
    return session.output(programs.predict().signature().outputs().getFirst().name()).floats();
  }
}
