package dev.nnlang.bench.dl4j;

import dev.nnlang.bench.Fixture;
import dev.nnlang.bench.NativeProcess;
import dev.nnlang.bench.Network;
import dev.nnlang.bench.Row;
import dev.nnlang.bench.Task;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Deeplearning4j. Of the networks it takes the multilayer perceptron: its momentum is Nesterov's,
 * so the trainings of most others would not be the same mathematics.
 */
public final class Dl4jPeer {
  private static final int PIXELS = 784;
  private static final int[] WIDTHS = {512, 256};

  private Dl4jPeer() {}

  public static boolean takes(Row row) {
    return row instanceof Row.Net(var network, _, _) && network == Network.MLP;
  }

  /** What the network says of the first example. */
  public static float[] predict(Fixture fixture) {
    threads(1);
    return floats(network(Activation.IDENTITY, fixture.trained()).output(first(fixture, 1)));
  }

  public static Task open(Row row, int threads) {
    NativeProcess.keepFreedMemory();
    threads(threads);
    var fixture = Fixture.read(Network.MLP);
    if (!(row instanceof Row.Net(_, var mode, int batch))) {
      throw new IllegalArgumentException(row.name());
    }
    return switch (mode) {
      case TRAIN -> new Training(fixture, batch);
      case INFER -> new Prediction(fixture, batch);
    };
  }

  private static void threads(int count) {
    // The environment comes first: it finds the natives.
    Nd4j.getEnvironment().setMaxThreads(count);
    Nd4j.getEnvironment().setMaxMasterThreads(count);
    NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(count);
  }

  /** Options of the JVM; its libraries are older than the JVM's warnings. */
  public static List<String> jvmArguments() {
    return List.of(
        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx2g");
  }

  private static MultiLayerNetwork network(
      Activation output, Map<String, dev.nnlang.runtime.tensor.Tensor> weights) {
    var layers =
        new NeuralNetConfiguration.Builder().updater(new Adam(1e-3, 0.9, 0.999, 1e-8)).list();
    int in = PIXELS;
    for (int width : WIDTHS) {
      layers.layer(
          new DenseLayer.Builder().nIn(in).nOut(width).activation(Activation.RELU).build());
      in = width;
    }
    // Only softmax goes with cross entropy; to predict, any loss will do.
    var loss = output == Activation.SOFTMAX ? LossFunction.MCXENT : LossFunction.MSE;
    layers.layer(
        new OutputLayer.Builder(loss)
            .nIn(in)
            .nOut(Network.MLP.classes())
            .activation(output)
            .build());
    var network = new MultiLayerNetwork(layers.build());
    network.init();
    set(network, weights);
    return network;
  }

  private static void set(
      MultiLayerNetwork network, Map<String, dev.nnlang.runtime.tensor.Tensor> weights) {
    for (int layer = 0; layer <= WIDTHS.length; layer++) {
      var path = "Dense_" + (layer + 1);
      network.setParam(layer + "_W", array(weights.get(path + "/w")));
      network.setParam(layer + "_b", array(weights.get(path + "/b")));
    }
  }

  private static INDArray array(dev.nnlang.runtime.tensor.Tensor ours) {
    int[] shape = ours.shape();
    int rows = shape.length == 1 ? 1 : shape[0];
    return Nd4j.create(ours.floats(), new int[] {rows, ours.size() / rows}, 'c');
  }

  private static INDArray first(Fixture fixture, int count) {
    return array(fixture.input()).getRows(rows(count));
  }

  private static int[] rows(int count) {
    int[] rows = new int[count];
    for (int n = 0; n < count; n++) {
      rows[n] = n;
    }
    return rows;
  }

  private static float[] floats(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  /** Steps of training. */
  private static final class Training implements Task {
    private final Fixture fixture;
    private final INDArray input;
    private final INDArray labels;
    private MultiLayerNetwork network;

    Training(Fixture fixture, int batch) {
      this.fixture = fixture;
      input = first(fixture, batch);
      labels = Nd4j.zeros(batch, Network.MLP.classes());
      for (int n = 0; n < batch; n++) {
        labels.putScalar(n, fixture.labels().longs()[n], 1);
      }
      reset();
      fixture.checkUntrained(logits());
      fixture.checkLosses(step(), step());
      fixture.checkAfterTraining(logits());
      reset();
    }

    private float[] logits() {
      var plain = network(Activation.IDENTITY, fixture.initial());
      plain.setParams(network.params());
      return floats(plain.output(first(fixture, Network.MOST_EXAMPLES)));
    }

    private float step() {
      network.fit(input, labels);
      return (float) network.score();
    }

    @Override
    public void run() {
      network.fit(input, labels);
    }

    @Override
    public void reset() {
      network = network(Activation.SOFTMAX, fixture.initial());
    }

    @Override
    public void close() {
      network.close();
    }
  }

  /** Predictions. */
  private static final class Prediction implements Task {
    private final MultiLayerNetwork network;
    private final INDArray input;

    Prediction(Fixture fixture, int batch) {
      network = network(Activation.IDENTITY, fixture.trained());
      input = first(fixture, batch);
      fixture.checkTrained(batch, floats(network.output(input)));
    }

    @Override
    public void run() {
      network.output(input);
    }

    @Override
    public void close() {
      network.close();
    }
  }
}
