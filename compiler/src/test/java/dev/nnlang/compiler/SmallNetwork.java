package dev.nnlang.compiler;

import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.data.DataFolders;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Networks that tests train whole, on the digits. */
enum SmallNetwork {
  MLP("image |> flatten |> Dense(64) |> gelu |> LayerNorm |> Dense(Digit) |> softmax"),
  /** The rows of an image as a sequence; one recurrence has its time loop inside, one outside. */
  LSTM("image |> LSTM(16) |> LSTM(40) |> last_step |> Dense(Digit) |> softmax"),
  /** Of the channels, some never fill a vector, and some fill one and a part. */
  CONVOLUTIONS(
      "img |> Conv2d(8) |> BatchNorm |> relu |> MaxPool2d(2) |> Conv2d(24) |> BatchNorm |> relu"
          + " |> flatten |> Dropout(0.2) |> Dense(Digit) |> softmax");

  private final String model;

  SmallNetwork(String model) {
    this.model = model;
  }

  CompiledTraining compiled() {
    var text = DigitPlans.program(model, "Adam()");
    var found =
        Compiler.open(new SourceFile("small.nn", text), Sources.none())
            .training(Optional.empty(), Map.of(), Options.standard());
    return found.value().orElseThrow(() -> new AssertionError(found.problems().toString()));
  }

  DataSet data(CompiledTraining training) throws IOException, ProblemException {
    return DataSet.open(training.data(), DataFolders.of(Path.of("../examples")), ElementType.F32);
  }
}
