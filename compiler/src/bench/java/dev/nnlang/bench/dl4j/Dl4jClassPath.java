package dev.nnlang.bench.dl4j;

import dev.nnlang.bench.Plan;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path of DL4J's processes: its natives want another release of JavaCPP than PyTorch's
 * presets, so its libraries take the place of theirs.
 */
public final class Dl4jClassPath {
  private static final Path POM = Path.of("compiler", "src", "bench", "dl4j", "pom.xml");

  private Dl4jClassPath() {}

  /** Ours and JMH with DL4J, and none of the other peers. */
  public static String get() {
    var all = System.getProperty("java.class.path").split(File.pathSeparator);
    var ours =
        Arrays.stream(all)
            .filter(path -> !path.contains("bytedeco") && !path.contains("djl"))
            .filter(path -> !path.contains("onnxruntime") && !path.contains("nd4j"));
    return Stream.concat(jars().stream().map(Path::toString), ours)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** DL4J and all that it needs; Maven is asked, and fetches them the first time. */
  public static List<Path> jars() {
    var extension = isWide() ? "-onednn-avx512" : "-onednn-avx2";
    var list = Plan.TARGET.resolve("dl4j" + extension + ".classpath").toAbsolutePath();
    try {
      if (Files.notExists(list)) {
        var log = Plan.TARGET.resolve("dl4j.log");
        var maven =
            new ProcessBuilder(
                    "mvn",
                    "-q",
                    "-B",
                    "-f",
                    POM.toString(),
                    "-Ddl4j.extension=" + extension,
                    "dependency:build-classpath",
                    "-Dmdep.outputFile=" + list)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (maven.waitFor() != 0) {
          throw new IllegalStateException("Maven could not fetch DL4J, see " + log);
        }
      }
      return Arrays.stream(Files.readString(list).strip().split(File.pathSeparator))
          .map(Path::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the processor has AVX-512, as far as the JVM would use it. */
  private static boolean isWide() {
    return jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512;
  }
}
