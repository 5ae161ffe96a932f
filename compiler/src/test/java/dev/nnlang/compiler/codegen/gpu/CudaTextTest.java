package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Pipeline;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.tensor.ElementType;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A compiler for CUDA takes the kernels of the examples, and keeps what products add up in
 * registers: {@code nvcc} where there is one, else clang, which comes with PoCL and knows NVIDIA's
 * instructions but none of its headers. Without either the test is skipped, and says so.
 */
class CudaTextTest {
  private static final Pattern PRODUCT = Pattern.compile("KERNEL\\(16, 16\\) (\\w+)\\(");
  private static final Pattern KERNEL = Pattern.compile("KERNEL\\(\\d+, \\d+\\) \\w+\\(");
  private static final Pattern COMPILED = Pattern.compile("Compiling entry function '(\\w+)'");
  private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores");

  private static final Optional<String> NVCC = program("nvcc");
  private static final Optional<String> CLANG =
      Stream.of("clang-15", "clang-16", "clang-17", "clang-18", "clang-19", "clang")
          .flatMap(name -> program(name).stream())
          .findFirst();

  static boolean present() {
    if (NVCC.isEmpty() && CLANG.isEmpty()) {
      System.out.println("CUDA: SKIPPED the compilation of kernels: there is no nvcc and no clang");
    }
    return NVCC.isPresent() || CLANG.isPresent();
  }

  private static Optional<String> program(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> Files.isExecutable(Path.of(folder, name)))
        .findFirst()
        .map(folder -> Path.of(folder, name).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "char_lstm", "transformer", "vae"})
  @EnabledIf("present")
  void compiles(String example, @TempDir Path folder) throws Exception {
    var text = text(example);
    var file = folder.resolve(example + ".cu");
    Files.writeString(file, text);
    var products = PRODUCT.matcher(text).results().map(m -> m.group(1)).toList();
    assertFalse(products.isEmpty());
    if (NVCC.isPresent()) {
      var spills = nvcc(file);
      assertEquals(KERNEL.matcher(text).results().count(), spills.size());
      for (var product : products) {
        assertEquals(0, spills.get(product), product);
      }
    } else {
      var instructions = clang(file);
      assertEquals(
          KERNEL.matcher(text).results().count(),
          Pattern.compile("\\.entry ").matcher(instructions).results().count());
      assertFalse(instructions.contains("__local_depot"), "something is not in registers");
    }
  }

  /** The kernels of a step of an example's first plan. */
  private static String text(String example) throws IOException {
    var file = Path.of("../examples", example + ".nn");
    var compilation =
        Compiler.open(new SourceFile(file.toString(), Files.readString(file)), Sources.none());
    var plan = compilation.trainName(Optional.empty()).value().orElseThrow();
    var typed = Semantics.training(compilation.workspace(), plan, Map.of()).value().orElseThrow();
    var step = Pipeline.run(Elaborate.training(typed).step());
    return GpuBackend.text(Schedule.plan(step), ElementType.F32);
  }

  /** Bytes that each kernel spills. */
  private static Map<String, Integer> nvcc(Path file) throws Exception {
    var said =
        run(
            List.of(
                NVCC.orElseThrow(),
                "-arch=sm_90",
                "-cubin",
                "-Xptxas",
                "-v",
                "-Werror",
                "all-warnings",
                "-diag-suppress",
                "177",
                "-x",
                "cu",
                file.toString(),
                "-o",
                file + ".cubin"));
    var spills = new HashMap<String, Integer>();
    var kernel = "";
    for (var line : said.lines().toList()) {
      var compiled = COMPILED.matcher(line);
      var spilled = SPILLS.matcher(line);
      if (compiled.find()) {
        kernel = compiled.group(1);
      } else if (spilled.find()) {
        spills.put(kernel, Integer.valueOf(spilled.group(1)));
      }
    }
    return spills;
  }

  /** The file as NVIDIA's instructions. */
  private static String clang(Path file) throws Exception {
    var words = file.resolveSibling("cuda_words.h");
    try (var in = CudaTextTest.class.getResourceAsStream("cuda_words.h")) {
      Files.write(words, in.readAllBytes());
    }
    var command = new ArrayList<>(List.of(CLANG.orElseThrow()));
    command.addAll(
        List.of(
            "-x cuda --cuda-device-only --cuda-gpu-arch=sm_80 -nocudainc -nocudalib -std=c++17 -O2 -S -D__CUDACC__ -Werror -Wno-unknown-cuda-version -Wno-parentheses-equality"
                .split(" ")));
    var target = file + ".ptx";
    command.addAll(List.of("-include", words.toString(), file.toString(), "-o", target));
    run(command);
    return Files.readString(Path.of(target));
  }

  /** What a program says; it must succeed. */
  private static String run(List<String> command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor() == 0, said);
    return said;
  }
}
