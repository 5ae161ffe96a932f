package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Pipeline;
import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.schedule.Choices;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.tensor.ElementType;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A compiler for CUDA takes the kernels of all examples, training and prediction, keeps what
 * products add up in registers, and reads and writes in vectors where the text says so: {@code
 * nvcc} where there is one, else clang, which comes with PoCL and knows NVIDIA's instructions but
 * none of its headers. Without either the test is skipped, and says so.
 */
class CudaTextTest {
  private static final Pattern COMPILED = Pattern.compile("Compiling entry function '(\\w+)'");
  private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores");
  private static final Pattern ENTRY = Pattern.compile("(?m)^\\.visible \\.entry (\\w+)\\(");

  /** Compilers that run at a time. */
  private static final int FILES = 2;

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

  @Test
  @EnabledIf("present")
  void theExamplesCompile(@TempDir Path folder) throws Exception {
    var kernels = kernels(programs(""), Arithmetic.ieee);
    var names = List.copyOf(kernels.keySet());
    var files = new ArrayList<CompletableFuture<Void>>();
    for (int f = 0; f < FILES; f++) {
      var own = new LinkedHashMap<String, String>();
      for (int k = f; k < names.size(); k += FILES) {
        own.put(names.get(k), kernels.get(names.get(k)));
      }
      var file = folder.resolve("kernels" + f + ".cu");
      Files.writeString(file, text(own, Arithmetic.ieee));
      files.add(CompletableFuture.runAsync(() -> check(file, own)));
    }
    files.forEach(CompletableFuture::join);
  }

  private static String text(Map<String, String> kernels, Arithmetic arithmetic) {
    return GpuBackend.head(ElementType.F32, arithmetic) + String.join("", kernels.values());
  }

  /** Products of a transformer with rounded factors are the business of tensor cores. */
  @ParameterizedTest
  @EnumSource(names = {"tf32", "bf16"})
  @EnabledIf("present")
  void tensorCoresMultiplyRoundedFactors(Arithmetic arithmetic, @TempDir Path folder)
      throws Exception {
    var products = kernels(programs("gpt_small"), arithmetic);
    products.values().removeIf(text -> !text.contains("nn_tile"));
    assertTrue(products.size() > 10);
    var file = folder.resolve("products.cu");
    Files.writeString(file, text(products, arithmetic));
    var unit = "mma\\.sync\\.aligned\\.m16n8k\\d+\\.row\\.col\\.f32\\." + arithmetic;
    if (NVCC.isPresent()) {
      nvcc(file).forEach((name, spilled) -> assertEquals(0, spilled, products.get(name)));
      for (var each : instructions(file).values()) {
        assertTrue(Pattern.compile(unit).matcher(each).find(), each);
      }
    } else {
      assertTrue(Pattern.compile(unit).matcher(clang(file)).find());
    }
  }

  /** What strips of attention add up stays in registers, with matrices of many blocks, too. */
  @ParameterizedTest
  @EnumSource(names = {"ieee", "tf32"})
  @EnabledIf("present")
  void stripsStayInRegisters(Arithmetic arithmetic, @TempDir Path folder) throws Exception {
    var strips = kernels(programs(Path.of("src/bench/nn"), "gpt."), arithmetic);
    strips.values().removeIf(text -> !text.contains("LOCAL ALIGNED REAL block["));
    assertTrue(strips.size() >= 3, strips.keySet().toString());
    assertTrue(strips.values().stream().anyMatch(text -> text.contains("continue;")));
    var file = folder.resolve("strips.cu");
    Files.writeString(file, text(strips, arithmetic));
    if (NVCC.isPresent()) {
      nvcc(file).forEach((name, spilled) -> assertEquals(0, spilled, strips.get(name)));
    } else {
      assertFalse(clang(file).contains("__local_depot"), "something is not in registers");
    }
  }

  private static void check(Path file, Map<String, String> kernels) {
    try {
      if (NVCC.isEmpty()) {
        var instructions = clang(file);
        assertEquals(kernels.size(), ENTRY.matcher(instructions).results().count());
        assertFalse(instructions.contains("__local_depot"), "something is not in registers");
        return;
      }
      var spills = nvcc(file);
      assertEquals(kernels.keySet(), spills.keySet());
      var instructions = instructions(file);
      int products = 0;
      int vectors = 0;
      for (var kernel : kernels.entrySet()) {
        var name = kernel.getKey();
        var text = kernel.getValue();
        if (text.contains("KERNEL(16, 16)")) {
          products++;
          assertEquals(0, spills.get(name), text);
        }
        boolean loads = text.matches("(?s).*LD4\\(w\\d+, t.*");
        boolean stores = text.contains("ST4(t");
        if (loads) {
          assertTrue(
              instructions.get(name).matches("(?s).*ld\\.global(\\.nc)?\\.v4\\.f32.*"), text);
        }
        if (stores) {
          assertTrue(instructions.get(name).contains("st.global.v4.f32"), text);
        }
        vectors += loads || stores ? 1 : 0;
      }
      System.out.printf(
          "kernels of the examples for CUDA: %d, %d of them products, %d with vectors%n",
          kernels.size(), products, vectors);
      assertTrue(products > kernels.size() / 5 && vectors > kernels.size() / 4);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The kernels of programs, by name; one of each that differ in names alone. */
  private static Map<String, String> kernels(List<Program> programs, Arithmetic arithmetic) {
    var kernels = new LinkedHashMap<String, String>();
    var seen = new HashSet<String>();
    for (var program : programs) {
      var plan = Schedule.plan(Pipeline.run(program), Choices.ON_DEVICE);
      for (var kernel : GpuBackend.kernels(plan, ElementType.F32, arithmetic).entrySet()) {
        if (seen.add(kernel.getValue().replace(kernel.getKey(), "kernel"))) {
          var name = "n" + kernels.size() + "_" + kernel.getKey();
          kernels.put(name, kernel.getValue().replace(kernel.getKey(), name));
        }
      }
    }
    return kernels;
  }

  /** Training and prediction of the examples whose names begin so. */
  private static List<Program> programs(String name) throws IOException {
    return programs(Path.of("../examples"), name);
  }

  private static List<Program> programs(Path folder, String name) throws IOException {
    var programs = new ArrayList<Program>();
    try (var files = Files.list(folder)) {
      for (var file : files.filter(f -> isProgram(f, name)).sorted().toList()) {
        var compilation = Compiler.open(source(file), path -> opened(folder.resolve(path)));
        var plan = compilation.trainName(Optional.empty()).value().orElseThrow();
        var typed = Semantics.training(compilation.workspace(), plan, Map.of()).value();
        var training = Elaborate.training(typed.orElseThrow());
        programs.add(training.step());
        programs.add(training.predict());
      }
    }
    return programs;
  }

  private static boolean isProgram(Path file, String name) {
    var own = file.getFileName().toString();
    return own.startsWith(name) && own.endsWith(".nn");
  }

  private static SourceFile source(Path file) throws IOException {
    return new SourceFile(file.toString(), Files.readString(file));
  }

  private static Optional<Checked<Ast.File>> opened(Path file) {
    try {
      return Optional.of(Parser.parse(source(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
                "--keep",
                "--keep-dir",
                file.getParent().toString(),
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

  /** What nvcc has kept of a file: the instructions of each kernel. */
  private static Map<String, String> instructions(Path file) throws IOException {
    var text = Files.readString(Path.of(file.toString().replaceAll("cu$", "ptx")));
    var entries = ENTRY.matcher(text).results().toList();
    var instructions = new HashMap<String, String>();
    for (int e = 0; e < entries.size(); e++) {
      int end = e + 1 < entries.size() ? entries.get(e + 1).start() : text.length();
      instructions.put(entries.get(e).group(1), text.substring(entries.get(e).start(), end));
    }
    return instructions;
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
