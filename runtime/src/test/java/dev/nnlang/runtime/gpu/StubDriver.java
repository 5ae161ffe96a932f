package dev.nnlang.runtime.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A CUDA driver, a run-time compiler and a library of products, made of C by the system's compiler:
 * NVIDIA's headers check what they are called with.
 */
final class StubDriver {
  private static final List<Path> FOLDERS =
      Stream.of(
              System.getProperty("nn.test.cublas.include", ""),
              "/usr/local/cuda/include",
              "/usr/local/cuda-13.0/include",
              "/usr/local/cuda-12/include",
              "/usr/include")
          .filter(folder -> !folder.isEmpty())
          .map(Path::of)
          .toList();

  private static final Optional<Path> DRIVER = folder("cuda.h");
  private static final Optional<Path> PRODUCTS = folder("cublasLt.h");
  private static final boolean COMPILER = Files.isExecutable(Path.of("/usr/bin/cc"));

  static {
    if (PRODUCTS.isEmpty()) {
      System.out.println(
          "CUDA: SKIPPED the header of cuBLASLt, which is not here: calls are held to its manual");
    }
  }

  private StubDriver() {}

  private static Optional<Path> folder(String header) {
    return FOLDERS.stream().filter(folder -> Files.exists(folder.resolve(header))).findFirst();
  }

  static boolean present() {
    boolean both = DRIVER.isPresent() && COMPILER;
    if (!both) {
      System.out.println("CUDA: SKIPPED the calls of its driver: there is no cc or no cuda.h");
    }
    return both;
  }

  /** Makes libraries that are compiled with these definitions the system's. */
  static void install(Path folder, String... definitions) throws Exception {
    var library = compiled(folder, definitions).toString();
    NativeLibrary.environment("NN_STUB_LOG", folder.resolve("log").toString());
    System.setProperty(Cuda.PROPERTY, library);
    System.setProperty(Nvrtc.PROPERTY, library);
    System.setProperty(CublasLt.PROPERTY, library);
  }

  static void forget() {
    System.clearProperty(Cuda.PROPERTY);
    System.clearProperty(Nvrtc.PROPERTY);
    System.clearProperty(CublasLt.PROPERTY);
  }

  /** Bytes of the device that are allocated, and pinned pieces of the host. */
  static List<Long> alive() {
    return numbers("nnStubAlive");
  }

  /** Descriptions of products that were not given back, and handles of the library. */
  static List<Long> products() {
    return numbers("nnStubProducts");
  }

  private static List<Long> numbers(String function) {
    var handle =
        NativeLibrary.find(Cuda.PROPERTY, List.of())
            .orElseThrow()
            .function(function, ADDRESS, ADDRESS);
    try (var arena = Arena.ofConfined()) {
      var first = arena.allocate(JAVA_LONG);
      var second = arena.allocate(JAVA_LONG);
      assertEquals(0, NativeLibrary.call(() -> (int) handle.invokeExact(first, second)));
      return List.of(first.get(JAVA_LONG, 0), second.get(JAVA_LONG, 0));
    }
  }

  private static Path compiled(Path folder, String... definitions) throws Exception {
    var library = folder.resolve("libdriver" + String.join("", definitions) + ".so");
    var command = new ArrayList<>(List.of("/usr/bin/cc", "-shared", "-fPIC"));
    command.addAll(List.of(definitions));
    command.add("-Werror=incompatible-pointer-types");
    command.add("-I" + DRIVER.orElseThrow());
    PRODUCTS.ifPresent(headers -> command.addAll(List.of("-DHEADER", "-I" + headers)));
    command.addAll(List.of("-o", library.toString()));
    for (var name : List.of("driver.c", "products.c")) {
      try (var text = StubDriver.class.getResourceAsStream(name)) {
        Files.write(folder.resolve(name), text.readAllBytes());
      }
      command.add(folder.resolve(name).toString());
    }
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return library;
  }
}
