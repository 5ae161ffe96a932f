package dev.nnlang.bench;

import dev.nnlang.bench.djl.DjlPeer;
import dev.nnlang.bench.dl4j.Dl4jPeer;
import dev.nnlang.bench.onnx.OnnxPeer;
import dev.nnlang.bench.torch.TorchPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A process of a peer that makes one prediction, prints it, and ends. */
final class FirstPrediction {
  private FirstPrediction() {}

  /** Who predicts; ours is started by its own launcher. */
  enum Peer {
    ONNXRUNTIME,
    LIBTORCH,
    DJL,
    DL4J
  }

  /** Takes the peer, and the file of the ONNX model. */
  public static void main(String[] arguments) throws IOException {
    var fixture = Fixture.read(Network.MLP);
    var output =
        switch (Peer.valueOf(arguments[0])) {
          case ONNXRUNTIME ->
              OnnxPeer.predict(Files.readAllBytes(Path.of(arguments[1])), Network.MLP, fixture);
          case LIBTORCH -> TorchPeer.predict(Network.MLP, fixture);
          case DJL -> DjlPeer.predict(fixture);
          case DL4J -> Dl4jPeer.predict(fixture);
        };
    System.out.println(Arrays.toString(output));
    fixture.checkTrained(1, output);
  }
}
