package dev.nnlang.bench.onnx;

import dev.nnlang.bench.Operation;
import dev.nnlang.bench.onnx.OnnxGraph.Attribute;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Single operations as ONNX models; all their inputs are the model's. */
final class OnnxOperations {
  private OnnxOperations() {}

  static byte[] model(Operation operation, Map<String, Tensor> inputs) {
    var graph = new OnnxGraph();
    inputs.forEach((name, tensor) -> graph.input(name, tensor.type(), tensor.shape()));
    return switch (operation) {
      case Operation.Product(int rows, int columns, _) ->
          graph.model(graph.node("MatMul", List.of("a", "b")), rows, columns);
      case Operation.OnRows(var kind, int rows, int columns) ->
          graph.model(onRows(graph, kind), rows, columns);
    };
  }

  private static String onRows(OnnxGraph graph, Operation.Kind kind) {
    return switch (kind) {
      case SOFTMAX -> graph.node("Softmax", List.of("x"));
      case LAYER_NORM ->
          graph.node(
              "LayerNormalization", List.of("x", "gamma", "beta"), Attribute.of("epsilon", 1e-5f));
      case GELU_CHAIN -> chain(graph, "none");
      case GELU_TANH_CHAIN -> chain(graph, "tanh");
      case BIAS_RELU -> graph.node("Relu", List.of(graph.node("Add", List.of("x", "b"))));
    };
  }

  private static String chain(OnnxGraph graph, String approximate) {
    var scaled = graph.node("Mul", List.of("x", number(graph, 1.5f)));
    var shifted = graph.node("Add", List.of(scaled, number(graph, 0.5f)));
    var y = graph.node("Gelu", List.of(shifted), Attribute.of("approximate", approximate));
    return graph.node("Add", List.of(y, "x"));
  }

  private static String number(OnnxGraph graph, float value) {
    var tensor = Tensor.zeros(ElementType.F32, 1);
    tensor.set(0, value);
    return graph.constant(tensor);
  }
}
