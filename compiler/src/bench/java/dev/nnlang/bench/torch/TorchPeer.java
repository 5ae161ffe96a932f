package dev.nnlang.bench.torch;

import static org.bytedeco.pytorch.global.torch.set_num_threads;

import dev.nnlang.bench.Fixture;
import dev.nnlang.bench.NativeProcess;
import dev.nnlang.bench.Network;
import dev.nnlang.bench.Plan;
import dev.nnlang.bench.Row;
import dev.nnlang.bench.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.pytorch.InferenceMode;

/** libtorch, driven through its C++ interface by JavaCPP's presets. */
public final class TorchPeer {
  /** How images lie in memory; both are shaped {@code [N, C, H, W]}. */
  public enum Images {
    CHANNELS_FIRST,
    CHANNELS_LAST
  }

  /** Which build of the same release. */
  public enum Build {
    /** The one that PyTorch publishes, with MKL and oneDNN. */
    OFFICIAL,
    /** The one in the presets, with OpenBLAS. */
    PRESETS
  }

  private static final Path NATIVES = Plan.TARGET.resolve("libtorch");
  private static final String IN_JAR = "pytorch/cpu/linux-x86_64/";
  private static final List<String> LIBRARIES =
      List.of("libc10.so", "libgomp-98b21ff3.so.1", "libtorch.so", "libtorch_cpu.so");

  private TorchPeer() {}

  public static boolean hasImages(Network network) {
    return switch (network) {
      case LENET, RESNET20, LRCN -> true;
      case MLP, LSTM, GPT -> false;
    };
  }

  /** What a network says of the first example. */
  public static float[] predict(Network network, Fixture fixture) {
    set_num_threads(1);
    var weights = new TorchWeights(fixture.trained(), Images.CHANNELS_FIRST);
    var forward = TorchNetwork.of(network, weights, Images.CHANNELS_FIRST);
    var input = forward.input(TorchTensors.first(fixture.input(), 1));
    try (var _ = new InferenceMode();
        var output = forward.forward(input, false)) {
      return TorchTensors.floats(output);
    }
  }

  public static Task open(Row row, int threads, Images images) {
    NativeProcess.keepFreedMemory();
    set_num_threads(threads);
    return switch (row) {
      case Row.Net(var network, var mode, int batch) -> {
        var fixture = Fixture.read(network);
        yield switch (mode) {
          case TRAIN -> new TorchTraining(network, fixture, images);
          case INFER -> new TorchPrediction(network, fixture, batch, images);
        };
      }
      case Row.Op(var operation) -> new TorchOperation(operation);
    };
  }

  /**
   * The presets take other natives than their own from the library path, if they may look there
   * first. They link what they find into a cache, so each build has a cache of its own: with a
   * common one, the second build would silently run the first.
   */
  public static List<String> jvmArguments(Build build) {
    var cache = Plan.TARGET.resolve("javacpp-" + build.name().toLowerCase(Locale.ROOT));
    var common =
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.cachedir=" + cache.toAbsolutePath());
    return switch (build) {
      case PRESETS -> common;
      case OFFICIAL ->
          List.of(
              common.get(0),
              common.get(1),
              "-Dorg.bytedeco.javacpp.pathsFirst=true",
              "-Djava.library.path=" + natives().toAbsolutePath());
    };
  }

  /** The folder with PyTorch's own natives, unpacked on first use. */
  private static Path natives() {
    try {
      for (var library : LIBRARIES) {
        var file = NATIVES.resolve(library);
        if (Files.notExists(file)) {
          Files.createDirectories(NATIVES);
          var part = NATIVES.resolve(library + ".part");
          try (var in = TorchPeer.class.getClassLoader().getResourceAsStream(IN_JAR + library)) {
            Files.copy(Optional.ofNullable(in).orElseThrow(), part);
          }
          Files.move(part, file);
        }
      }
      return NATIVES;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
