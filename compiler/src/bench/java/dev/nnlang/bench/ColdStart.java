package dev.nnlang.bench;

import dev.nnlang.bench.FirstPrediction.Peer;
import dev.nnlang.bench.dl4j.Dl4jClassPath;
import dev.nnlang.bench.onnx.OnnxPeer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * From the start of a process to the first prediction of the multilayer perceptron, the most memory
 * on the way, and what must be shipped for it. Processes take turns, so that load meets all alike.
 */
final class ColdStart {
  private static final Path FOLDER = Plan.TARGET.resolve("cold-start");
  private static final Path ONE = FOLDER.resolve("one.npy");
  private static final Path MODEL = FOLDER.resolve("model");
  private static final Path ONNX = FOLDER.resolve("mlp.onnx");

  /** A way to a prediction, and the files that it needs. */
  private record Way(String name, List<String> command, double megabytes, String note) {}

  private ColdStart() {}

  /** Prints the table. */
  static void run(int rounds) {
    prepare();
    var ways = List.of(ours(), onnxRuntime(), libtorch(), djl(), dl4j());
    var runs = new LinkedHashMap<Way, List<OneProcess>>();
    for (int round = 0; round < rounds; round++) {
      for (var way : ways) {
        runs.computeIfAbsent(way, _ -> new ArrayList<>())
            .add(OneProcess.run(way.command, FOLDER.resolve("error.log")));
      }
    }
    System.out.printf(
        "%n| | to the first prediction, ms | fastest to slowest | peak memory, MiB | to ship, MB | |%n");
    System.out.println("| --- | ---: | --- | ---: | ---: | --- |");
    runs.forEach(ColdStart::print);
  }

  private static void print(Way way, List<OneProcess> runs) {
    var millis = runs.stream().mapToDouble(OneProcess::millis).sorted().toArray();
    var resident = runs.stream().mapToDouble(OneProcess::resident).toArray();
    System.out.printf(
        "| %s | **%.0f** | %.0f to %.0f | %.0f | %.1f | %s |%n",
        way.name,
        Table.median(millis),
        millis[0],
        millis[millis.length - 1],
        Table.median(resident),
        way.megabytes,
        way.note);
  }

  /** Trains a model by the command line, and writes the same weights for the peers. */
  private static void prepare() {
    try {
      Files.createDirectories(FOLDER);
      var program = FOLDER.resolve("mlp.nn");
      Files.writeString(program, Files.readString(Network.MLP.file()));
      Ours.of(Network.MLP).fixture(1).write(Network.MLP);
      var fixture = Fixture.read(Network.MLP);
      int width = fixture.input().size() / Network.MLP.examples();
      int examples = Network.MLP.examples();
      Npy.write(FOLDER.resolve("pictures.npy"), fixture.input().floats(), examples, width);
      Npy.write(ONE, Arrays.copyOf(fixture.input().floats(), width), 1, width);
      Npy.write(FOLDER.resolve("labels.npy"), fixture.labels().longs(), examples);
      Files.write(ONNX, OnnxPeer.model(Network.MLP, fixture, 1));
      var training =
          new ProcessBuilder("./nn", "train", program.toString(), "--epochs=1", "--out=" + MODEL)
              .redirectErrorStream(true)
              .redirectOutput(FOLDER.resolve("train.log").toFile())
              .start();
      if (training.waitFor() != 0) {
        throw new IllegalStateException("nn train failed, see " + FOLDER.resolve("train.log"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Way ours() {
    var target = Path.of("compiler", "target");
    double jars =
        megabytes(
            Stream.concat(jars(target).stream(), jars(target.resolve("lib")).stream()).toList());
    double cache = megabytes(List.of(target.resolve("launcher").resolve("quick.aot")));
    return new Way(
        "./nn predict",
        List.of("./nn", "predict", MODEL.toString(), "--input=pictures=" + ONE, "--threads=1"),
        jars,
        "compiles the model's source; a start-up cache of %.0f MB is made on the machine"
            .formatted(cache));
  }

  private static Way onnxRuntime() {
    return peer(
        "ONNX Runtime",
        Peer.ONNXRUNTIME,
        Engine.ONNXRUNTIME,
        jars(name -> name.startsWith("onnxruntime")),
        "reads an ONNX file; the jar holds natives of all platforms");
  }

  private static Way libtorch() {
    return peer(
        "libtorch",
        Peer.LIBTORCH,
        Engine.LIBTORCH,
        jars(
            name ->
                name.startsWith("pytorch-native")
                    || name.startsWith("javacpp")
                    || name.matches("pytorch-[0-9.-]+.jar")),
        "reads our weights, the network is Java; and 28 MB of the presets' own natives' jar");
  }

  private static Way djl() {
    return peer(
        "DJL with PyTorch",
        Peer.DJL,
        Engine.LIBTORCH,
        jars(
            name ->
                name.matches("(api|pytorch-engine|pytorch-jni|pytorch-native-cpu)-.*")
                    || name.matches("(jna|gson|slf4j-api|commons-compress|commons-csv)-[0-9].*")),
        "reads our weights, the network is Java; natives lie unpacked in its cache");
  }

  private static Way dl4j() {
    return peer(
        "DL4J",
        Peer.DL4J,
        Engine.DL4J,
        Dl4jClassPath.jars(),
        "reads our weights, the network is Java; natives lie unpacked in its cache");
  }

  /** The jars of the class path whose names are wanted. */
  private static List<Path> jars(Predicate<String> wanted) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> wanted.test(path.getFileName().toString()))
        .toList();
  }

  private static Way peer(String name, Peer peer, Engine engine, List<Path> jars, String note) {
    var command = OneProcess.java(engine, FirstPrediction.class, peer.name(), ONNX.toString());
    return new Way(name, command, megabytes(jars), note);
  }

  private static List<Path> jars(Path folder) {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double megabytes(List<Path> files) {
    return files.stream().filter(Files::exists).mapToLong(file -> file.toFile().length()).sum()
        / 1e6;
  }
}
