package dev.nnlang.bench.onnx;

import dev.nnlang.bench.Fixture;
import dev.nnlang.bench.NativeProcess;
import dev.nnlang.bench.Network;
import dev.nnlang.bench.Operation;
import dev.nnlang.bench.OperationCheck;
import dev.nnlang.bench.OperationInputs;
import dev.nnlang.bench.Row;
import dev.nnlang.bench.Task;
import java.util.Map;

/** ONNX Runtime, which predicts and does not train. */
public final class OnnxPeer {
  private OnnxPeer() {}

  public static boolean takes(Row row) {
    return switch (row) {
      case Row.Net(_, var mode, _) -> mode == Row.Mode.INFER;
      case Row.Op _ -> true;
    };
  }

  /** A model file of a trained network. */
  public static byte[] model(Network network, Fixture fixture, int batch) {
    return OnnxNetworks.model(network, fixture.trained(), batch);
  }

  /** What a model says of the first example. */
  public static float[] predict(byte[] model, Network network, Fixture fixture) {
    var input = OnnxNetworks.input(network, Layout.first(fixture.input(), 1));
    int[] shape = fixture.output().shape();
    shape[0] = 1;
    try (var task = new OnnxTask(model, Map.of("x", input), 1, shape)) {
      task.run();
      return task.output();
    }
  }

  public static Task open(Row row, int threads) {
    NativeProcess.keepFreedMemory();
    return switch (row) {
      case Row.Net(var network, _, int batch) -> {
        var fixture = Fixture.read(network);
        var model = OnnxNetworks.model(network, fixture.trained(), batch);
        var input = OnnxNetworks.input(network, Layout.first(fixture.input(), batch));
        int[] shape = fixture.output().shape();
        shape[0] = batch;
        var task = new OnnxTask(model, Map.of("x", input), threads, shape);
        task.run();
        fixture.checkTrained(batch, task.output());
        yield task;
      }
      case Row.Op(var operation) -> {
        var inputs = OperationInputs.of(operation);
        var model = OnnxOperations.model(operation, inputs);
        int[] shape =
            switch (operation) {
              case Operation.Product(int rows, int columns, _) -> new int[] {rows, columns};
              case Operation.OnRows(_, int rows, int columns) -> new int[] {rows, columns};
            };
        var task = new OnnxTask(model, inputs, threads, shape);
        task.run();
        OperationCheck.check(operation, inputs, task.output());
        yield task;
      }
    };
  }
}
