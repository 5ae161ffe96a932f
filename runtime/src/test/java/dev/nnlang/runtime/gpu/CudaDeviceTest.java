package dev.nnlang.runtime.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.gpu.Device.Argument;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is called of CUDA, against a driver of our own that NVIDIA's header has checked: names,
 * order and widths of arguments. It runs no kernel. Without a C compiler and that header the test
 * is skipped, and says so.
 */
class CudaDeviceTest {
  private static final Optional<Path> HEADERS =
      Stream.of(
              "/usr/local/cuda/include",
              "/usr/local/cuda-13.0/include",
              "/usr/local/cuda-12/include",
              "/usr/include")
          .map(Path::of)
          .filter(folder -> Files.exists(folder.resolve("cuda.h")))
          .findFirst();

  private static final boolean COMPILER = Files.isExecutable(Path.of("/usr/bin/cc"));

  static boolean present() {
    boolean both = HEADERS.isPresent() && COMPILER;
    if (!both) {
      System.out.println("CUDA: SKIPPED the calls of its driver: there is no cc or no cuda.h");
    }
    return both;
  }

  @Test
  @EnabledIf("present")
  void callsArriveAsTheHeaderSays(@TempDir Path folder) throws Exception {
    var library = driver(folder).toString();
    var log = folder.resolve("log");
    NativeLibrary.environment("NN_STUB_LOG", log.toString());
    System.setProperty(Cuda.PROPERTY, library);
    System.setProperty(Nvrtc.PROPERTY, library);
    try {
      var found = Devices.list().devices();
      assertTrue(
          found.contains(
              new DeviceInfo(
                  new DeviceName(DeviceName.Driver.CUDA, 0),
                  "Stub 7",
                  "CUDA 13.0, sm_90",
                  5L << 30,
                  132,
                  true)),
          found.toString());
      use(CudaDevice.open(Cuda.find().orElseThrow(), found.getLast()));
      assertEquals(
          "kernel groups 5 1 1 items 16 8 1 shared 0 size 3 first 1.5\n".repeat(2),
          Files.readString(log));
    } finally {
      System.clearProperty(Cuda.PROPERTY);
      System.clearProperty(Nvrtc.PROPERTY);
    }
  }

  private static void use(Device device) {
    var in = device.allocate(4096);
    var out = device.allocate(12);
    var part = in.part(512, 12);
    device.upload(part, MemorySegment.ofArray(new float[] {1.5f, 2, 3}));
    var work =
        device
            .build("network", "whole")
            .work(
                "kernel",
                5,
                16,
                8,
                List.of(
                    new Argument.Number(3), new Argument.Buffer(part), new Argument.Buffer(out)));
    work.enqueue();
    work.enqueue();
    var result = new float[3];
    device.download(MemorySegment.ofArray(result), out);
    assertArrayEquals(new float[] {100, 101, 102}, result);
    device.copy(part, out, 8);
    device.download(MemorySegment.ofArray(result), part);
    assertArrayEquals(new float[] {100, 101, 3}, result);
    var refused = assertThrows(DeviceFailure.class, () -> device.build("network", "broken"));
    assertEquals("E0883", refused.problem().code().code());
    assertTrue(refused.getMessage().contains("this is broken"), refused.getMessage());
    var full = assertThrows(DeviceFailure.class, () -> device.allocate(9L << 29));
    assertEquals("E0882", full.problem().code().code());
    assertTrue(
        full.getMessage().startsWith("cuda:0 (Stub 7) has too little memory: 4.8 GB are needed"),
        full.getMessage());
    in.close();
    out.close();
    device.close();
  }

  private static Path driver(Path folder) throws Exception {
    var source = folder.resolve("driver.c");
    try (var text = CudaDeviceTest.class.getResourceAsStream("driver.c")) {
      Files.write(source, text.readAllBytes());
    }
    var library = folder.resolve("libdriver.so");
    var process =
        new ProcessBuilder(
                "/usr/bin/cc",
                "-shared",
                "-fPIC",
                "-Werror=incompatible-pointer-types",
                "-I" + HEADERS.orElseThrow(),
                "-o",
                library.toString(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return library;
  }
}
