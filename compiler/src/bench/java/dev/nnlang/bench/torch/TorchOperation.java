package dev.nnlang.bench.torch;

import dev.nnlang.bench.Operation;
import dev.nnlang.bench.OperationCheck;
import dev.nnlang.bench.OperationInputs;
import dev.nnlang.bench.Task;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A single operation; chains in place where they can be, which is their fastest form here. */
final class TorchOperation implements Task {
  private static final Scalar SCALE = new Scalar(1.5f);
  private static final Scalar SHIFT = new Scalar(0.5f);

  private final Operation operation;
  private final Map<String, Tensor> inputs = new TreeMap<>();
  private final Map<String, TensorOptional> optional = new TreeMap<>();
  private final Tensor product;

  TorchOperation(Operation operation) {
    this.operation = operation;
    var ours = OperationInputs.of(operation);
    ours.forEach(
        (name, tensor) -> {
          inputs.put(name, TorchTensors.of(tensor));
          optional.put(name, new TensorOptional(inputs.get(name)));
        });
    product =
        switch (operation) {
          case Operation.Product(int rows, int columns, _) -> torch.empty(rows, columns);
          case Operation.OnRows _ -> torch.empty(0);
        };
    try (var _ = new InferenceMode()) {
      var result = compute();
      OperationCheck.check(operation, ours, TorchTensors.floats(result));
    }
  }

  /** A tensor of its own, but for products, which are written to the same one each time. */
  private Tensor compute() {
    return switch (operation) {
      case Operation.Product _ -> {
        torch.mm_out(product, inputs.get("a"), inputs.get("b"));
        yield product;
      }
      case Operation.OnRows(var kind, _, int columns) -> {
        var x = inputs.get("x");
        yield switch (kind) {
          case SOFTMAX -> torch.softmax(x, 1);
          case LAYER_NORM ->
              torch.layer_norm(
                  x, new long[] {columns}, optional.get("gamma"), optional.get("beta"), 1e-5, true);
          case GELU_CHAIN -> chain(x, "none");
          case GELU_TANH_CHAIN -> chain(x, "tanh");
          case BIAS_RELU -> {
            var y = x.add(inputs.get("b"));
            torch.relu_(y);
            yield y;
          }
        };
      }
    };
  }

  private static Tensor chain(Tensor x, String approximate) {
    var y = x.mul(SCALE);
    y.add_(SHIFT);
    torch.gelu_(y, approximate);
    y.add_(x);
    return y;
  }

  @Override
  public void run() {
    try (var _ = new InferenceMode()) {
      var result = compute();
      if (result != product) {
        result.close();
      }
    }
  }

  @Override
  public void close() {
    inputs.values().forEach(Tensor::close);
  }
}
