package dev.nnlang.bench.onnx;

import dev.nnlang.bench.Network;
import dev.nnlang.bench.onnx.OnnxGraph.Attribute;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The networks as ONNX models, with our weights. */
final class OnnxNetworks {
  private static final int FRAMES = 16;
  private static final int BLOCKS = 4;
  private static final int HEADS = 4;
  private static final float EPS = 1e-5f;

  private final OnnxGraph graph = new OnnxGraph();
  private final Map<String, Tensor> weights;
  private final int batch;

  private OnnxNetworks(Map<String, Tensor> weights, int batch) {
    this.weights = weights;
    this.batch = batch;
  }

  /** Our input as the model wants it: images channels first, sequences time first. */
  static Tensor input(Network network, Tensor ours) {
    return switch (network) {
      case MLP, GPT -> ours;
      case LENET, RESNET20 -> Layout.permuted(ours, 0, 3, 1, 2);
      case LSTM -> Layout.permuted(ours, 1, 0, 2);
      case LRCN -> {
        int[] shape = Arrays.copyOfRange(ours.shape(), 1, 5);
        shape[0] *= ours.shape()[0];
        yield Layout.permuted(Layout.shaped(ours, shape), 0, 3, 1, 2);
      }
    };
  }

  /** A model file for inputs of this batch. */
  static byte[] model(Network network, Map<String, Tensor> weights, int batch) {
    var builder = new OnnxNetworks(weights, batch);
    int classes = network.classes();
    return switch (network) {
      case MLP -> builder.graph.model(builder.mlp(), batch, classes);
      case LENET -> builder.graph.model(builder.lenet(), batch, classes);
      case RESNET20 -> builder.graph.model(builder.resnet(), batch, classes);
      case LSTM -> builder.graph.model(builder.lstm(), batch, classes);
      case LRCN -> builder.graph.model(builder.lrcn(), batch, classes);
      case GPT -> {
        int context = weights.get("place").shape()[0];
        yield builder.graph.model(builder.gpt(), batch, context, classes);
      }
    };
  }

  private String mlp() {
    var x = graph.input("x", ElementType.F32, batch, 784);
    x = relu(dense(x, "Dense_1"));
    x = relu(dense(x, "Dense_2"));
    return dense(x, "Dense_3");
  }

  private String lenet() {
    var x = graph.input("x", ElementType.F32, batch, 1, 28, 28);
    x = pool(relu(convolution(x, "Conv2d_1")));
    x = pool(relu(convolution(x, "Conv2d_2")));
    x = relu(denseAfterImage(x, "Dense_1", 7, 7));
    return dense(x, "Dense_2");
  }

  private String resnet() {
    var x = graph.input("x", ElementType.F32, batch, 3, 32, 32);
    x = relu(convNorm(x, "ConvNorm_1", 1));
    for (int block = 0; block < 3; block++) {
      x = residual(x, "Residual_1/" + block, 1);
    }
    for (int stage = 2; stage <= 4; stage += 2) {
      x = residual(x, "Residual_" + stage, 2);
      for (int block = 0; block < 2; block++) {
        x = residual(x, "Residual_" + (stage + 1) + "/" + block, 1);
      }
    }
    x = graph.node("GlobalAveragePool", List.of(x));
    x = graph.node("Flatten", List.of(x));
    return dense(x, "Dense_1");
  }

  private String residual(String x, String path, int stride) {
    var deep = relu(convNorm(x, path + "/ConvNorm_1", stride));
    deep = convNorm(deep, path + "/ConvNorm_2", 1);
    var shortcut = stride == 1 ? x : convNorm(x, path, stride);
    return relu(graph.node("Add", List.of(deep, shortcut)));
  }

  private String convNorm(String x, String path, int stride) {
    var norm = path + "/BatchNorm_1/";
    var y = convolution(x, path + "/Conv2d_1", stride, List.of());
    return graph.node(
        "BatchNormalization",
        List.of(
            y,
            constant(norm + "gamma"),
            constant(norm + "beta"),
            constant(norm + "running_mean"),
            constant(norm + "running_variance")),
        Attribute.of("epsilon", EPS));
  }

  private String lstm() {
    var x = graph.input("x", ElementType.F32, 50, batch, 64);
    return dense(lastStep(x, "LSTM_1"), "Dense_1");
  }

  private String lrcn() {
    var x = graph.input("x", ElementType.F32, batch * FRAMES, 1, 32, 32);
    x = pool(relu(convolution(x, "eye/Conv2d_1")));
    x = pool(relu(convolution(x, "eye/Conv2d_2")));
    x = relu(denseAfterImage(x, "eye/Dense_1", 8, 8));
    x = reshape(x, batch, FRAMES, -1);
    x = graph.node("Transpose", List.of(x), Attribute.of("perm", 1, 0, 2));
    return dense(lastStep(x, "LSTM_1"), "Dense_1");
  }

  /** ONNX orders the gates input, output, forget, cell; ours are input, forget, cell, output. */
  private String lastStep(String x, String path) {
    int[] gates = {0, 3, 1, 2};
    int units = weight(path + "/wh").shape()[0];
    var bias = new float[8 * units];
    var ours = weight(path + "/b").floats();
    for (int gate = 0; gate < gates.length; gate++) {
      System.arraycopy(ours, gates[gate] * units, bias, gate * units, units);
    }
    var hidden =
        graph.nodeOutput(
            1,
            "LSTM",
            List.of(
                x,
                graph.constant(gates(path + "/wx", gates)),
                graph.constant(gates(path + "/wh", gates)),
                graph.constant(Tensor.of(bias, 1, bias.length))),
            Attribute.of("hidden_size", units));
    return reshape(hidden, batch, units);
  }

  /** {@code [In, Gate, Units]} to {@code [1, Gate * Units, In]}. */
  private Tensor gates(String path, int... order) {
    var ours = weight(path);
    int in = ours.shape()[0];
    int units = ours.shape()[2];
    var values = new float[ours.size()];
    for (int gate = 0; gate < order.length; gate++) {
      for (int unit = 0; unit < units; unit++) {
        for (int i = 0; i < in; i++) {
          values[(gate * units + unit) * in + i] =
              ours.floats()[(i * order.length + order[gate]) * units + unit];
        }
      }
    }
    return Tensor.of(values, 1, order.length * units, in);
  }

  private String gpt() {
    int context = weight("place").shape()[0];
    var ids = graph.input("x", ElementType.INT, batch, context);
    var x = graph.node("Gather", List.of(constant("token"), ids));
    x = graph.node("Add", List.of(x, constant("place")));
    for (int block = 0; block < BLOCKS; block++) {
      var path = "Block_1/" + block;
      var attended = attention(norm(x, path + "/LayerNorm_1"), path + "/SelfAttention_1");
      x = graph.node("Add", List.of(x, attended));
      var y = onSteps(norm(x, path + "/LayerNorm_2"), path + "/Dense_1");
      y = onSteps(graph.node("Gelu", List.of(y)), path + "/Dense_2");
      x = graph.node("Add", List.of(x, y));
    }
    x = norm(x, "LayerNorm_1");
    return graph.node("MatMul", List.of(x, graph.constant(Layout.permuted(weight("token"), 1, 0))));
  }

  /** By the operator that ONNX Runtime's own optimizer makes of exported transformers. */
  private String attention(String x, String path) {
    var parts = new ArrayList<Tensor>();
    for (var name : List.of("wq", "wk", "wv")) {
      parts.add(weight(path + "/" + name));
    }
    int width = parts.getFirst().shape()[0];
    var values = new float[3 * width * width];
    for (int row = 0; row < width; row++) {
      for (int part = 0; part < 3; part++) {
        System.arraycopy(
            parts.get(part).floats(), row * width, values, (row * 3 + part) * width, width);
      }
    }
    var y =
        graph.ownNode(
            "Attention",
            List.of(
                x,
                graph.constant(Tensor.of(values, width, 3 * width)),
                graph.constant(Tensor.zeros(ElementType.F32, 3 * width))),
            Attribute.of("num_heads", HEADS),
            Attribute.of("unidirectional", 1));
    var out = Layout.shaped(weight(path + "/wo"), width, width);
    return graph.node("MatMul", List.of(y, graph.constant(out)));
  }

  private String norm(String x, String path) {
    return graph.node(
        "LayerNormalization",
        List.of(x, constant(path + "/gamma"), constant(path + "/beta")),
        Attribute.of("epsilon", EPS));
  }

  private String onSteps(String x, String path) {
    var y = graph.node("MatMul", List.of(x, constant(path + "/w")));
    return graph.node("Add", List.of(y, constant(path + "/b")));
  }

  private String dense(String x, String path) {
    return graph.node("Gemm", List.of(x, constant(path + "/w"), constant(path + "/b")));
  }

  /** Our rows run over height, width, channel; a flattened image here over channel first. */
  private String denseAfterImage(String x, String path, int height, int width) {
    var w = weight(path + "/w");
    int channels = w.shape()[0] / (height * width);
    int units = w.shape()[1];
    var image = Layout.permuted(Layout.shaped(w, height, width, channels, units), 2, 0, 1, 3);
    return graph.node(
        "Gemm",
        List.of(
            graph.node("Flatten", List.of(x)),
            graph.constant(Layout.shaped(image, w.shape())),
            constant(path + "/b")));
  }

  private String convolution(String x, String path) {
    return convolution(x, path, 1, List.of(constant(path + "/b")));
  }

  private String convolution(String x, String path, long stride, List<String> bias) {
    var w = weight(path + "/w");
    long kernel = w.shape()[0];
    long padding = (kernel - 1) / 2;
    var inputs = new ArrayList<String>();
    inputs.add(x);
    inputs.add(graph.constant(Layout.permuted(w, 3, 2, 0, 1)));
    inputs.addAll(bias);
    return graph.node(
        "Conv",
        inputs,
        Attribute.of("kernel_shape", kernel, kernel),
        Attribute.of("strides", stride, stride),
        Attribute.of("pads", padding, padding, padding, padding));
  }

  private String pool(String x) {
    return graph.node(
        "MaxPool", List.of(x), Attribute.of("kernel_shape", 2, 2), Attribute.of("strides", 2, 2));
  }

  private String relu(String x) {
    return graph.node("Relu", List.of(x));
  }

  private String reshape(String x, long... shape) {
    return graph.node("Reshape", List.of(x, graph.constant(Tensor.of(shape, shape.length))));
  }

  private String constant(String path) {
    return graph.constant(weight(path));
  }

  private Tensor weight(String path) {
    var tensor = weights.get(path);
    if (tensor == null) {
      throw new IllegalArgumentException("no " + path + " among " + weights.keySet());
    }
    return tensor;
  }
}
