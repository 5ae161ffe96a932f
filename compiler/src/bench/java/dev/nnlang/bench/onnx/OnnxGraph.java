package dev.nnlang.bench.onnx;

import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A model in ONNX's format under construction. Field numbers are those of {@code onnx.proto} (<a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">source</a>).
 */
final class OnnxGraph {
  /** An attribute of a node. */
  record Attribute(Message message) {
    private static final int FLOAT = 1;
    private static final int INT = 2;
    private static final int STRING = 3;
    private static final int INTS = 7;

    static Attribute of(String name, float value) {
      return new Attribute(new Message().text(1, name).real(2, value).integer(20, FLOAT));
    }

    static Attribute of(String name, long value) {
      return new Attribute(new Message().text(1, name).integer(3, value).integer(20, INT));
    }

    static Attribute of(String name, String value) {
      return new Attribute(new Message().text(1, name).text(4, value).integer(20, STRING));
    }

    static Attribute of(String name, long... values) {
      var message = new Message().text(1, name);
      Arrays.stream(values).forEach(value -> message.integer(8, value));
      return new Attribute(message.integer(20, INTS));
    }
  }

  private static final int FORMAT = 10;

  /** The first with {@code Gelu}. */
  private static final int OPERATORS = 20;

  private static final String OWN_DOMAIN = "com.microsoft";

  private final Message graph = new Message();
  private int names;

  /** An input of the model. */
  String input(String name, ElementType type, int... shape) {
    graph.message(11, port(name, type, shape));
    return name;
  }

  /** Numbers that are part of the model. */
  String constant(Tensor tensor) {
    var name = fresh("c");
    var message = new Message();
    Arrays.stream(tensor.shape()).forEach(extent -> message.integer(1, extent));
    graph.message(5, message.integer(2, code(tensor.type())).text(8, name).bytes(9, bytes(tensor)));
    return name;
  }

  /** What an operator makes of its inputs. */
  String node(String operator, List<String> inputs, Attribute... attributes) {
    return node("", operator, inputs, 0, attributes);
  }

  /** An operator of ONNX Runtime's own. */
  String ownNode(String operator, List<String> inputs, Attribute... attributes) {
    return node(OWN_DOMAIN, operator, inputs, 0, attributes);
  }

  /** The output number {@code which} of an operator; those before it are not asked for. */
  String nodeOutput(int which, String operator, List<String> inputs, Attribute... attributes) {
    return node("", operator, inputs, which, attributes);
  }

  private String node(
      String domain, String operator, List<String> inputs, int which, Attribute... attributes) {
    var output = fresh("t");
    var message = new Message();
    inputs.forEach(input -> message.text(1, input));
    for (int before = 0; before < which; before++) {
      message.text(2, "");
    }
    message.text(2, output).text(3, output).text(4, operator);
    for (var attribute : attributes) {
      message.message(5, attribute.message());
    }
    graph.message(1, domain.isEmpty() ? message : message.text(7, domain));
    return output;
  }

  /** The file, with one output. */
  byte[] model(String output, int... shape) {
    graph.text(2, "benchmark").message(12, port(output, ElementType.F32, shape));
    return new Message()
        .integer(1, FORMAT)
        .message(7, graph)
        .message(8, new Message().text(1, "").integer(2, OPERATORS))
        .message(8, new Message().text(1, OWN_DOMAIN).integer(2, 1))
        .toBytes();
  }

  private static Message port(String name, ElementType type, int... shape) {
    var dims = new Message();
    Arrays.stream(shape).forEach(extent -> dims.message(1, new Message().integer(1, extent)));
    var tensor = new Message().integer(1, code(type)).message(2, dims);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  private static int code(ElementType type) {
    return switch (type) {
      case F32 -> 1;
      case INT -> 7;
      case BOOL -> 9;
      case F64 -> 11;
    };
  }

  private static byte[] bytes(Tensor tensor) {
    var buffer = ByteBuffer.allocate(tensor.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < tensor.size(); i++) {
      switch (tensor.type()) {
        case F32 -> buffer.putFloat(tensor.floats()[i]);
        case INT -> buffer.putLong(tensor.longs()[i]);
        case F64, BOOL -> throw new IllegalArgumentException(tensor.toString());
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private String fresh(String prefix) {
    names++;
    return prefix + names;
  }
}
