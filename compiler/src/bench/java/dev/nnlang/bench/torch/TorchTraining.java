package dev.nnlang.bench.torch;

import dev.nnlang.bench.Fixture;
import dev.nnlang.bench.Network;
import dev.nnlang.bench.Task;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Steps of training. */
final class TorchTraining implements Task {
  private final Network network;
  private final TorchWeights weights;
  private final TorchNetwork forward;
  private final Tensor input;
  private final Tensor labels;
  private final TensorVector parameters;
  private Optimizer optimizer;

  TorchTraining(Network network, Fixture fixture, TorchPeer.Images images) {
    this.network = network;
    weights = new TorchWeights(fixture.initial(), images);
    forward = TorchNetwork.of(network, weights, images);
    input = forward.input(TorchTensors.first(fixture.input(), network.batch()));
    labels = TorchTensors.of(TorchTensors.first(fixture.labels(), network.batch())).reshape(-1);
    parameters = weights.parameters();
    optimizer = optimizer();
    check(fixture);
    reset();
  }

  private void check(Fixture fixture) {
    var all = forward.input(TorchTensors.first(fixture.input(), Network.MOST_EXAMPLES));
    fixture.checkUntrained(predict(all));
    fixture.checkLosses(step(), step());
    fixture.checkAfterTraining(predict(all));
  }

  private float[] predict(Tensor all) {
    try (var _ = new InferenceMode();
        var output = forward.forward(all, false)) {
      return TorchTensors.floats(output);
    }
  }

  private Optimizer optimizer() {
    return switch (network.optimizer()) {
      case ADAM -> new Adam(parameters, new AdamOptions(1e-3));
      case MOMENTUM -> {
        var options = new SGDOptions(0.01);
        options.momentum().put(0.9);
        yield new SGD(parameters, options);
      }
    };
  }

  @Override
  public void run() {
    step();
  }

  private float step() {
    var logits = forward.forward(input, true);
    if (logits.dim() > 2) {
      logits = TorchNetwork.then(logits, logits.flatten(0, -2));
    }
    try (var at = logits;
        var loss = torch.cross_entropy_loss(at, labels)) {
      loss.backward();
      optimizer.step().close();
      optimizer.zero_grad();
      return loss.item_float();
    }
  }

  @Override
  public void reset() {
    weights.reset();
    optimizer.close();
    optimizer = optimizer();
  }

  @Override
  public void close() {
    optimizer.close();
  }
}
