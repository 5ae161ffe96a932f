package dev.nnlang.bench.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.nnlang.bench.Task;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model in a session, its inputs and its output in memory that is never allocated again. */
final class OnnxTask implements Task {
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> outputs;
  private final FloatBuffer result;

  OnnxTask(byte[] model, Map<String, Tensor> given, int threads, int... outputShape) {
    try (var options = new OrtSession.SessionOptions()) {
      var environment = OrtEnvironment.getEnvironment();
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(model, options);
      for (var entry : given.entrySet()) {
        inputs.put(entry.getKey(), tensor(environment, entry.getValue()));
      }
      int size = Tensor.size(outputShape);
      result = direct(size * Float.BYTES).asFloatBuffer();
      var output =
          OnnxTensor.createTensor(
              environment, result, Arrays.stream(outputShape).asLongStream().toArray());
      outputs = Map.of(session.getOutputNames().iterator().next(), output);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, Tensor tensor) throws OrtException {
    long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
    return switch (tensor.type()) {
      case F32 -> {
        var buffer = direct(tensor.size() * Float.BYTES).asFloatBuffer();
        buffer.put(tensor.floats()).flip();
        yield OnnxTensor.createTensor(environment, buffer, shape);
      }
      case INT -> {
        var buffer = direct(tensor.size() * Long.BYTES).asLongBuffer();
        buffer.put(tensor.longs()).flip();
        yield OnnxTensor.createTensor(environment, buffer, shape);
      }
      case F64, BOOL -> throw new IllegalArgumentException(tensor.toString());
    };
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public void run() {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The numbers of the last run. */
  float[] output() {
    var values = new float[result.capacity()];
    result.get(0, values);
    return values;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
