package dev.nnlang.bench;

import dev.nnlang.bench.dl4j.Dl4jClassPath;
import dev.nnlang.bench.dl4j.Dl4jPeer;
import dev.nnlang.bench.onnx.OnnxPeer;
import dev.nnlang.bench.torch.TorchPeer;
import dev.nnlang.bench.torch.TorchPeer.Build;
import dev.nnlang.bench.torch.TorchPeer.Images;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whoever computes a row. */
public enum Engine {
  OURS,
  /** The build that PyTorch publishes, with MKL and oneDNN. */
  LIBTORCH,
  /** The same with images stored channels last, as its guide advises for convolutions. */
  LIBTORCH_NHWC,
  /** The build in JavaCPP's presets, with OpenBLAS. */
  LIBTORCH_OPENBLAS,
  ONNXRUNTIME,
  /** Deeplearning4j, in the build with oneDNN for the widest vectors. */
  DL4J;

  /** The row ready to run. */
  Task open(Row row, int threads) {
    return switch (this) {
      case OURS -> ours(row, threads);
      case LIBTORCH, LIBTORCH_OPENBLAS -> TorchPeer.open(row, threads, Images.CHANNELS_FIRST);
      case LIBTORCH_NHWC -> TorchPeer.open(row, threads, Images.CHANNELS_LAST);
      case ONNXRUNTIME -> OnnxPeer.open(row, threads);
      case DL4J -> Dl4jPeer.open(row, threads);
    };
  }

  /** Whether the engine can, and does not do the same as another. */
  boolean takes(Row row) {
    return switch (this) {
      case OURS, LIBTORCH, LIBTORCH_OPENBLAS -> true;
      case LIBTORCH_NHWC -> row instanceof Row.Net net && TorchPeer.hasImages(net.network());
      case ONNXRUNTIME -> OnnxPeer.takes(row);
      case DL4J -> Dl4jPeer.takes(row);
    };
  }

  private static Task ours(Row row, int threads) {
    return switch (row) {
      case Row.Net(var network, var mode, int batch) -> {
        var fixture = Fixture.read(network);
        yield switch (mode) {
          case TRAIN -> Ours.of(network).step(fixture, threads);
          case INFER -> Ours.of(network).prediction(fixture, batch, threads);
        };
      }
      case Row.Op(var operation) -> OurOperation.task(operation, threads);
    };
  }

  /** Options of the JVM that a library is driven from. */
  List<String> jvmArguments() {
    return switch (this) {
      case OURS -> asTheLauncher();
      case LIBTORCH, LIBTORCH_NHWC -> TorchPeer.jvmArguments(Build.OFFICIAL);
      case LIBTORCH_OPENBLAS -> TorchPeer.jvmArguments(Build.PRESETS);
      case ONNXRUNTIME -> List.of("--enable-native-access=ALL-UNNAMED");
      case DL4J -> Dl4jPeer.jvmArguments();
    };
  }

  /** What {@code .ci/jvm.args} says. */
  private static List<String> asTheLauncher() {
    try (var lines = Files.lines(Path.of(".ci", "jvm.args"))) {
      return lines.filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it is PyTorch's library, in some build and with images in some order. */
  boolean isLibtorch() {
    return switch (this) {
      case LIBTORCH, LIBTORCH_NHWC, LIBTORCH_OPENBLAS -> true;
      case OURS, ONNXRUNTIME, DL4J -> false;
    };
  }

  /** The class path of its processes. */
  String classPath() {
    return switch (this) {
      case OURS, LIBTORCH, LIBTORCH_NHWC, LIBTORCH_OPENBLAS, ONNXRUNTIME ->
          System.getProperty("java.class.path");
      case DL4J -> Dl4jClassPath.get();
    };
  }
}
