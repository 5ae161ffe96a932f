package dev.nnlang.bench.djl;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import dev.nnlang.bench.Fixture;
import dev.nnlang.bench.Network;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.Arrays;

/** Deep Java Library with PyTorch's engine. */
public final class DjlPeer {
  private DjlPeer() {}

  /** What the multilayer perceptron says of the first example. */
  public static float[] predict(Fixture fixture) {
    var net = new SequentialBlock();
    net.add(Linear.builder().setUnits(512).build()).add(Activation::relu);
    net.add(Linear.builder().setUnits(256).build()).add(Activation::relu);
    net.add(Linear.builder().setUnits(Network.MLP.classes()).build());
    try (var model = Model.newInstance("mlp", "PyTorch");
        var manager = NDManager.newBaseManager()) {
      model.setBlock(net);
      int width = fixture.input().shape()[1];
      net.initialize(manager, DataType.FLOAT32, new Shape(1, width));
      for (var parameter : net.getParameters()) {
        // 01Linear_weight, 01Linear_bias, 03Linear_weight, ...
        int layer = (Integer.parseInt(parameter.getKey().substring(0, 2)) + 1) / 2;
        boolean isWeight = parameter.getKey().endsWith("weight");
        var ours = fixture.trained().get("Dense_" + layer + (isWeight ? "/w" : "/b"));
        parameter.getValue().getArray().set(isWeight ? turned(ours) : ours.floats());
      }
      var input =
          manager.create(Arrays.copyOf(fixture.input().floats(), width), new Shape(1, width));
      var output = net.forward(new ParameterStore(manager, false), new NDList(input), false);
      return output.singletonOrThrow().toFloatArray();
    }
  }

  /** {@code [In, Out]} as {@code [Out, In]}. */
  private static float[] turned(Tensor weight) {
    int in = weight.shape()[0];
    int out = weight.shape()[1];
    var turned = new float[in * out];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        turned[o * in + i] = weight.floats()[i * out + o];
      }
    }
    return turned;
  }
}
