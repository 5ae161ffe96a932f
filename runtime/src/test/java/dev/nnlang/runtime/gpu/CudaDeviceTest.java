package dev.nnlang.runtime.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.runtime.gpu.Device.Argument;
import dev.nnlang.runtime.problem.ProblemException;
import dev.nnlang.runtime.program.Carry;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.program.Slot;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is called of CUDA, against a driver of our own that NVIDIA's header has checked: names,
 * order and widths of arguments. It runs no kernel. Without a C compiler and that header the test
 * is skipped, and says so.
 */
class CudaDeviceTest {
  @TempDir private Path folder;

  static boolean present() {
    return StubDriver.present();
  }

  @AfterEach
  void forget() {
    StubDriver.forget();
  }

  private void install(String... definitions) throws Exception {
    StubDriver.install(folder, definitions);
  }

  private static List<Long> alive() {
    return StubDriver.alive();
  }

  private static Device open() throws Exception {
    return CudaDevice.open(Cuda.find().orElseThrow(), Devices.list().devices().getLast());
  }

  @Test
  @EnabledIf("present")
  void callsArriveAsTheHeaderSays() throws Exception {
    install();
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
    use(open());
    assertEquals(
        "kernel groups 5 1 1 items 16 8 1 shared 0 size 3 first 1.5\n".repeat(2),
        Files.readString(folder.resolve("log")));
    assertEquals(List.of(0L, 0L), alive());
  }

  private static void use(Device device) {
    var in = device.allocate(4096);
    var out = device.allocate(12);
    var part = in.part(512, 12);
    device.upload(part, MemorySegment.ofArray(new float[] {1.5f, 2, 3}));
    var work =
        device
            .build("network", "whole", Map.of("kernel", ""))
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
    assertArrayEquals(new float[] {101.5f, 102.5f, 103.5f}, result);
    device.copy(part, out, 8);
    device.download(MemorySegment.ofArray(result), part);
    assertArrayEquals(new float[] {101.5f, 102.5f, 3}, result);
    var refused =
        assertThrows(
            DeviceFailure.class, () -> device.build("network", "broken", Map.of("kernel", "")));
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

  /** From the host to the device and back, in more pieces than are under way at a time. */
  @Test
  @EnabledIf("present")
  void whatIsLargeGoesInPieces() throws Exception {
    install();
    var device = open();
    var sent = new long[(int) (5 * Staging.BYTES / Long.BYTES) + 3];
    Arrays.setAll(sent, i -> 3L * i);
    var memory = device.allocate((long) sent.length * Long.BYTES);
    device.upload(memory, MemorySegment.ofArray(sent));
    var got = new long[sent.length];
    device.download(MemorySegment.ofArray(got), memory);
    assertArrayEquals(sent, got);
    memory.close();
    device.close();
  }

  /** The first run asks for each kernel, the second one records, all others launch one graph. */
  @Test
  @EnabledIf("present")
  void aStepIsOneGraph() throws Exception {
    install();
    var device = open();
    try (var session = program(device).open(1)) {
      var state = Tensor.of(new float[] {0, 0, 0}, 3);
      session.bind("state", state);
      for (int batch = 1; batch <= 4; batch++) {
        session.bind("x", Tensor.of(new float[] {batch, 0, 0}, 3));
        session.run();
        assertEquals(batch + 102, session.output("y").get(2));
      }
      assertEquals(105.0, state.get(1));
    }
    device.close();
    assertEquals(
        """
        NET first 1
        capture
        graph
        NET first 2
        graph
        NET first 3
        graph
        NET first 4
        graph destroyed
        """
            .replace("NET", "net groups 1 1 1 items 128 1 1 shared 0 size 3"),
        Files.readString(folder.resolve("log")));
  }

  @Test
  @EnabledIf("present")
  void tenThousandStepsLeaveMemoryAsItIs() throws Exception {
    install();
    NativeLibrary.environment("NN_STUB_LOG", folder.resolve("nowhere/log").toString());
    var device = open();
    try (var session = program(device).open(1)) {
      session.bind("state", Tensor.of(new float[] {0, 0, 0}, 3));
      var early = List.<Long>of();
      for (int step = 1; step <= 10_000; step++) {
        session.bind("x", Tensor.of(new float[] {step, 0, 0}, 3));
        session.run();
        session.output("y");
        if (step == 5) {
          early = alive();
        }
      }
      assertTrue(early.getFirst() > 0);
      assertEquals(early, alive());
    }
    device.close();
    assertEquals(List.of(0L, 0L), alive());
  }

  /** Three times half of what there is, between two kernels. */
  @Test
  @EnabledIf("present")
  void aModelThatDoesNotFitIsSaid() throws Exception {
    install();
    var device = open();
    long half = device.info().memory() / 2;
    try (var session = program(device, 3 * half / Float.BYTES).open(1)) {
      session.bind("state", Tensor.of(new float[] {0, 0, 0}, 3));
      session.bind("x", Tensor.of(new float[] {1, 0, 0}, 3));
      var full = assertThrows(DeviceFailure.class, session::run);
      assertEquals("E0882", full.problem().code().code());
      assertTrue(
          full.getMessage()
              .startsWith("cuda:0 (Stub 7) has too little memory: 8.1 GB are needed, of 5.4 GB"),
          full.getMessage());
    }
    device.close();
    assertEquals(List.of(0L, 0L), alive());
  }

  /** Between two kernels, where nobody who writes a program sees it. */
  @Test
  @EnabledIf("present")
  void whatKernelsDoNotCountIsSaid() throws Exception {
    install();
    var device = open();
    try (var session = program(device, 3_000_000_000L).open(1)) {
      session.bind("state", Tensor.of(new float[] {0, 0, 0}, 3));
      session.bind("x", Tensor.of(new float[] {1, 0, 0}, 3));
      var large = assertThrows(DeviceFailure.class, session::run);
      assertEquals("E0885", large.problem().code().code());
      assertEquals(
          "y has 3000000000 elements; kernels for cuda:0 (Stub 7) count to 2147418112",
          large.getMessage());
    }
    device.close();
  }

  private static DeviceProgram program(Device device) {
    return program(device, 3);
  }

  /** A network y = x[0] + 100 + i, whose state becomes the first three of y. */
  private static DeviceProgram program(Device device, long values) {
    var three = List.<Extent>of(Extent.of(3));
    var real = ElementType.F32;
    return new DeviceProgram(
        device,
        new Signature(
            "net",
            List.of(),
            List.of(
                new Port("x", Port.Role.DATA, real, three),
                new Port("state", Port.Role.STATE, real, three)),
            List.of(new Port("y", Port.Role.OUTPUT, real, three)),
            List.of("state")),
        List.of(
            new Slot("x", real, three, new Slot.Home.Bound("x")),
            new Slot("state", real, three, new Slot.Home.Bound("state")),
            new Slot("y", real, List.of(Extent.of(values)), new Slot.Home.Arena(0, 1, false))),
        "whole",
        Map.of("net", ""),
        List.of(
            new Launch(
                "y",
                "net",
                List.of(
                    new Launch.Given.Size(Extent.of(3)),
                    new Launch.Given.Tensor(0),
                    new Launch.Given.Tensor(2)),
                Extent.of(1),
                128,
                1,
                List.of(),
                Extent.of(0))),
        List.of(new Carry(1, 2)),
        Map.of("y", 2),
        List.of());
  }

  @Test
  @EnabledIf("present")
  void aDriverThatDoesNotDoIsSaid() throws Exception {
    install("-DOLD");
    assertTrue(
        Devices.list()
            .missing()
            .contains("the driver for CUDA is too old: it has no cuGraphInstantiateWithFlags"),
        Devices.list().missing().toString());
    install("-DBROKEN");
    assertTrue(
        Devices.list()
            .missing()
            .contains(
                "the driver for CUDA is installed, and does not start: cuInit gives"
                    + " CUDA_ERROR_OTHER"),
        Devices.list().missing().toString());
    var thrown =
        assertThrows(
            ProblemException.class, () -> Devices.open(new DeviceName(DeviceName.Driver.CUDA, 0)));
    assertEquals("E0881", thrown.problem().code().code());
  }
}
