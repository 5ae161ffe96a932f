package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.codegen.gpu.TestDevice;
import dev.nnlang.runtime.file.Safetensors;
import dev.nnlang.runtime.gpu.DeviceFailure;
import dev.nnlang.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code --device} and {@code nn devices}: what is said where a device is not to be had. */
class DevicesTest {
  @TempDir private Path folder;
  private Shell shell;

  static boolean present() {
    return TestDevice.present();
  }

  @BeforeEach
  void files() throws Exception {
    shell = new Shell(folder);
    shell.file("a.nn", "fn twice : x[N] -> y[N] { y[n] = 2 * x[n] }\n");
    Safetensors.write(
        folder.resolve("x.safetensors"),
        Map.of("x", Tensor.of(new float[] {1, 2, 3}, 3)),
        Map.of());
  }

  private Shell.Ended run(String... more) {
    var words =
        new ArrayList<>(
            List.of(
                "run",
                "@a.nn",
                "twice",
                "--input",
                "@x.safetensors",
                "--output",
                "@y.safetensors"));
    words.addAll(List.of(more));
    return shell.nn(words.toArray(String[]::new));
  }

  private static <T> T with(String property, String value, Supplier<T> body) {
    var before = System.setProperty(property, value);
    try {
      return body.get();
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  @Test
  void aMissingDriverIsNamed() {
    var opencl =
        with("nn.opencl.library", "/nowhere/libOpenCL.so", () -> run("--device", "opencl:1"));
    assertEquals(1, opencl.status());
    assertTrue(
        opencl
            .err()
            .contains(
                "error[E0881]: there is no driver for OpenCL: looked for /nowhere/libOpenCL.so"),
        opencl.err());
    assertTrue(opencl.err().contains("--device cpu needs no driver"), opencl.err());
    var cuda = with("nn.cuda.library", "/nowhere/libcuda.so", () -> run("--device", "cuda:1"));
    assertEquals(1, cuda.status());
    assertTrue(
        cuda.err()
            .contains("error[E0881]: there is no driver for CUDA: looked for /nowhere/libcuda.so"),
        cuda.err());
  }

  @Test
  void devicesWithoutDriversAreNoError() {
    var found =
        with(
            "nn.opencl.library",
            "/nowhere/libOpenCL.so",
            () -> with("nn.cuda.library", "/nowhere/libcuda.so", () -> shell.nn("devices")));
    assertEquals(0, found.status());
    assertTrue(found.out().startsWith("cpu        this machine, "), found.out());
    assertTrue(found.out().contains("there is no driver for OpenCL"), found.out());
    assertTrue(found.out().contains("there is no driver for CUDA"), found.out());
  }

  @Test
  void whatIsNoDeviceIsMisuse() {
    var misused = run("--device", "gpu");
    assertEquals(2, misused.status());
    assertTrue(
        misused.err().contains("--device is cpu, opencl, opencl:N, cuda or cuda:N, not \"gpu\""),
        misused.err());
    assertEquals(2, run("--device", "opencl", "--interpret").status());
  }

  @Test
  void mathIsForADeviceAndFor32Bits() {
    var processor = run("--math", "bf16");
    assertEquals(2, processor.status());
    assertTrue(processor.err().contains("--math is for a device"), processor.err());
    var wide = run("--device", "opencl", "--precision", "f64", "--math", "tf32");
    assertEquals(2, wide.status());
    assertTrue(
        wide.err().contains("--math tf32 rounds reals of 32 bits, and these have 64"), wide.err());
    assertEquals(2, run("--device", "opencl", "--math", "fp8").status());
    assertEquals(2, shell.nn("explain", "@a.nn", "--math", "tf32").status());
  }

  @Test
  void errorsOfProductsAreExplained() {
    shell.file(
        "b.nn",
        "fn f : x[N, 256], w[256, 64] -> y[N, 64] { y[n, u] = sum[k](x[n, k] * w[k, u]) }\n");
    var found = shell.nn("explain", "@b.nn", "f", "--device", "--math", "bf16");
    assertEquals(0, found.status(), found.err());
    assertTrue(
        found
            .out()
            .matches(
                "(?s).*sums of 256 terms, in 1 products, in bf16: error [1-4]\\.\\de-03 \\(ieee"
                    + " \\d\\.\\de-0[78]\\).*"),
        found.out());
    assertTrue(
        found
            .out()
            .contains("y_sum: a product of N by 256 by 64 for cuBLASLt where there is CUDA:"),
        found.out());
    assertTrue(found.out().contains("\ncuBLASLt is "), found.out());
  }

  @Test
  @EnabledIf("present")
  void anUnknownNumberIsToldWhatThereIs() {
    var unknown = run("--device", "opencl:99");
    assertEquals(1, unknown.status());
    assertTrue(
        unknown.err().contains("error[E0881]: there is no device opencl:99: OpenCL has "),
        unknown.err());
  }

  @Test
  @EnabledIf("present")
  void aRunOnADeviceGivesTheSame() throws Exception {
    assertEquals(0, run("--device", TestDevice.get().info().name().toString()).status());
    var y = Safetensors.read(folder.resolve("y.safetensors")).tensors().get("y");
    assertEquals(List.of(2.0, 4.0, 6.0), List.of(y.get(0), y.get(1), y.get(2)));
    var devices = shell.nn("devices", "--json");
    assertTrue(
        devices.out().contains("\"device\":\"" + TestDevice.get().info().name() + "\""),
        devices.out());
  }

  @Test
  @EnabledIf("present")
  void tooLittleMemoryIsSaid() {
    var device = TestDevice.get().info().name().toString();
    var failed = with("nn.device.memory", "10", () -> run("--device", device));
    assertEquals(1, failed.status());
    assertTrue(failed.err().contains("error[E0882]: " + device), failed.err());
    assertTrue(failed.err().contains("has too little memory"), failed.err());
    assertTrue(failed.err().contains("--device cpu"), failed.err());
  }

  /** Three times half of what there is, in tensors of a GiB. */
  @Test
  @EnabledIf("present")
  void whatIsLargerThanTheDeviceIsSaid() throws Exception {
    var info = TestDevice.get().info();
    long many = info.memory() / 2 * 3 / (1L << 30) + 1;
    var names = LongStream.range(0, many).mapToObj(n -> "y" + n).toList();
    shell.file(
        "a.nn",
        "fn twice : x[N] -> %s {\n%s\n}\n"
            .formatted(
                String.join(", ", names.stream().map(y -> y + "[N, N]").toList()),
                String.join(
                    "\n", names.stream().map(y -> "  " + y + "[i, j] = x[i] + x[j]").toList())));
    Safetensors.write(
        folder.resolve("x.safetensors"),
        Map.of("x", Tensor.of(new float[1 << 14], 1 << 14)),
        Map.of());
    var failed = run("--device", info.name().toString());
    assertEquals(1, failed.status());
    assertTrue(
        failed
            .err()
            .matches(
                "(?s)error\\[E0882\\]: %s \\(.*\\) has too little memory: \\d+\\.\\d GB are needed, of .*"
                    .formatted(info.name())),
        failed.err());
    assertTrue(failed.err().contains("--device cpu computes in the memory"), failed.err());
  }

  /** A sum of 2.5e9 terms does not fit into the 32 bits that kernels count in. */
  @Test
  @EnabledIf("present")
  void moreThanKernelsCountIsSaid() throws Exception {
    Safetensors.write(
        folder.resolve("x.safetensors"),
        Map.of("x", Tensor.of(new float[50_000], 50_000)),
        Map.of());
    var device = TestDevice.get().info().name().toString();
    shell.file("a.nn", "fn twice : x[N] -> y { y = max[i, j](x[i] - abs(x[j])) }\n");
    var failed = run("--device", device);
    assertEquals(1, failed.status(), failed.err());
    assertTrue(
        failed
            .err()
            .startsWith(
                "error[E0885]: what y_max goes through has 2500000000 values; kernels for "
                    + device),
        failed.err());
    assertTrue(failed.err().contains("count to 2147418112"), failed.err());
  }

  @Test
  @EnabledIf("present")
  void kernelsThatDoNotBuildAreShown() {
    var refused =
        assertThrows(
            DeviceFailure.class,
            () ->
                TestDevice.get()
                    .build("network", "", Map.of("k", "__kernel void k() { no_such_thing(1); }")));
    assertEquals("E0883", refused.problem().code().code());
    assertTrue(refused.problem().message().contains("no_such_thing"), refused.problem().message());
  }
}
