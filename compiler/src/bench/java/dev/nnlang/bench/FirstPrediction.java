package dev.nnlang.bench;

import dev.nnlang.bench.onnx.OnnxPeer;
import dev.nnlang.bench.torch.TorchPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A process of a peer that makes one prediction, prints it, and ends. */
final class FirstPrediction {
  private FirstPrediction() {}

  /** Takes the engine, and the file of the ONNX model. */
  public static void main(String[] arguments) throws IOException {
    var fixture = Fixture.read(Network.MLP);
    var output =
        switch (Engine.valueOf(arguments[0])) {
          case ONNXRUNTIME ->
              OnnxPeer.predict(Files.readAllBytes(Path.of(arguments[1])), Network.MLP, fixture);
          case LIBTORCH, LIBTORCH_NHWC, LIBTORCH_OPENBLAS ->
              TorchPeer.predict(Network.MLP, fixture);
          case OURS -> throw new IllegalArgumentException("ours is started by its own launcher");
        };
    System.out.println(Arrays.toString(output));
  }
}
