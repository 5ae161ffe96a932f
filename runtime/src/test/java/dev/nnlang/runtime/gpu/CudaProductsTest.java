package dev.nnlang.runtime.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is called of cuBLASLt, against one of our own that holds arguments to NVIDIA's header and
 * multiplies by columns, on the host.
 */
@EnabledIf("present")
class CudaProductsTest {
  private static final int ROWS = 3;
  private static final int COLUMNS = 5;
  private static final int TERMS = 4;

  @TempDir private Path folder;

  static boolean present() {
    return StubDriver.present();
  }

  @AfterEach
  void forget() {
    StubDriver.forget();
  }

  private static Device open() throws Exception {
    return CudaDevice.open(Cuda.find().orElseThrow(), Devices.list().devices().getLast());
  }

  private String log() throws Exception {
    return Files.readString(folder.resolve("log"));
  }

  /**
   * A product as it is asked for.
   *
   * @param gap elements between lines
   */
  private record Form(
      boolean left,
      boolean right,
      int gap,
      int batch,
      boolean bias,
      boolean relu,
      ElementType real) {}

  private static Stream<Form> forms() {
    var both = List.of(false, true);
    return both.stream()
        .flatMap(
            left ->
                both.stream()
                    .flatMap(
                        right ->
                            Stream.of(
                                new Form(left, right, 0, 1, false, false, ElementType.F32),
                                new Form(left, right, 2, 1, true, false, ElementType.F32),
                                new Form(left, right, 0, 2, true, true, ElementType.F32),
                                new Form(left, right, 1, 3, false, true, ElementType.F64))));
  }

  /** However factors lie, directly and within a graph. */
  @Test
  void everyFormIsMultiplied() throws Exception {
    StubDriver.install(folder);
    var device = open();
    for (var form : forms().toList()) {
      multiply(device, form);
    }
    assertTrue(device.allocated() >= 32L << 20, "the workspace counts");
    assertEquals(List.of(0L, 1L), StubDriver.products());
    device.close();
    assertEquals(List.of(0L, 0L), StubDriver.alive());
    assertEquals(List.of(0L, 0L), StubDriver.products());
  }

  /** Matrices with random elements, and where they lie. */
  private record Filled(double[] values, Products.Placed placed) {
    static Filled random(Device device, Form form, boolean turned, int rows, int columns) {
      int line = (turned ? rows : columns) + form.gap;
      int next = line * (turned ? columns : rows);
      var random = new Random(31L * rows + columns);
      var values = random.doubles((long) next * form.batch, -1, 1).map(v -> (float) v).toArray();
      return new Filled(
          values, new Products.Placed(upload(device, form.real, values), turned, line, next));
    }

    double at(int matrix, int row, int column) {
      long at = placed.turned() ? column * placed.line() + row : row * placed.line() + column;
      return values[(int) (matrix * placed.next() + at)];
    }
  }

  private static Device.Memory upload(Device device, ElementType real, double[] values) {
    var memory = device.allocate((long) values.length * Transfers.bytes(real));
    device.upload(memory, segment(real, values));
    return memory;
  }

  private static MemorySegment segment(ElementType real, double[] values) {
    if (real == ElementType.F64) {
      return MemorySegment.ofArray(values);
    }
    var floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return MemorySegment.ofArray(floats);
  }

  private static void multiply(Device device, Form form) {
    var left = Filled.random(device, form, form.left, ROWS, TERMS);
    var right = Filled.random(device, form, form.right, TERMS, COLUMNS);
    var bias = new double[] {0.5, -0.25, 1, 2, -2};
    int line = COLUMNS + form.gap;
    var untouched = new double[form.batch * ROWS * line];
    var result = upload(device, form.real, untouched);
    var added = upload(device, form.real, bias);
    var work =
        device
            .products()
            .orElseThrow()
            .work(
                new Products.Asked(
                    ROWS,
                    COLUMNS,
                    TERMS,
                    form.batch,
                    left.placed,
                    right.placed,
                    new Products.Placed(result, false, line, (long) ROWS * line),
                    form.bias ? Optional.of(added) : Optional.empty(),
                    form.relu,
                    form.real,
                    Product.Rounding.NONE))
            .orElseThrow();
    var expected = untouched.clone();
    for (int m = 0; m < form.batch; m++) {
      for (int r = 0; r < ROWS; r++) {
        for (int c = 0; c < COLUMNS; c++) {
          double sum = form.bias ? bias[c] : 0;
          for (int k = 0; k < TERMS; k++) {
            sum += left.at(m, r, k) * right.at(m, k, c);
          }
          expected[(m * ROWS + r) * line + c] = form.relu ? Math.max(0, sum) : sum;
        }
      }
    }
    var recorded = device.recorded(work::enqueue);
    // The second run is a graph.
    for (int run = 0; run < 2; run++) {
      device.upload(result, segment(form.real, untouched));
      recorded.enqueue();
      assertArrayEquals(
          expected, download(device, form.real, result, expected.length), 1e-6, form.toString());
    }
    recorded.close();
    work.close();
    Stream.of(left.placed.memory(), right.placed.memory(), result, added)
        .forEach(Device.Memory::close);
  }

  private static double[] download(
      Device device, ElementType real, Device.Memory from, int length) {
    if (real == ElementType.F64) {
      var got = new double[length];
      device.download(MemorySegment.ofArray(got), from);
      return got;
    }
    var floats = new float[length];
    device.download(MemorySegment.ofArray(floats), from);
    var got = new double[length];
    for (int i = 0; i < length; i++) {
      got[i] = floats[i];
    }
    return got;
  }

  /** A program y = relu(x w + b), by the library; its own kernel is not launched. */
  @Test
  void aProgramsProductIsTheLibrarys() throws Exception {
    StubDriver.install(folder);
    assertEquals(List.of(1.0f, 0f, 1.0f, 0f), run(Product.Rounding.TF32));
    assertEquals("product 2 2 3 of 1 compute 77 epilogue 6\n", log());
    assertEquals(List.of(1.0f, 0f, 1.0f, 0f), run(Product.Rounding.BF16));
    assertTrue(log().endsWith("product 2 2 3 of 1 compute 75 epilogue 6\n"), log());
  }

  /** What the library does not take, and what there is no library for, is our kernel's. */
  @Test
  void whereNoLibraryTakesItTheKernelIsLaunched() throws Exception {
    StubDriver.install(folder, "-DREFUSING");
    run(Product.Rounding.NONE);
    assertTrue(log().startsWith("tiles groups 1 1 1 items 16 16 1"), log());
    assertEquals(List.of(0L, 0L), StubDriver.products());
    Files.delete(folder.resolve("log"));
    System.setProperty(CublasLt.PROPERTY, "/nowhere/libcublasLt.so");
    run(Product.Rounding.NONE);
    assertTrue(log().startsWith("tiles groups 1 1 1 items 16 16 1"), log());
  }

  private static List<Float> run(Product.Rounding rounding) throws Exception {
    var device = open();
    try (var session = program(device, rounding).open(1)) {
      session.bind("x", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
      session.bind("w", Tensor.of(new float[] {1, 1, 0, -1, 0, -1}, 3, 2));
      session.bind("b", Tensor.of(new float[] {0, 1}, 2));
      session.run();
      var y = session.output("y").floats();
      return List.of(y[0], y[1], y[2] - 3, y[3]);
    } finally {
      device.close();
      assertEquals(List.of(0L, 0L), StubDriver.alive());
    }
  }

  private static DeviceProgram program(Device device, Product.Rounding rounding) {
    var real = ElementType.F32;
    var inputs =
        List.of(
            new Port("x", Port.Role.DATA, real, shape(2, 3)),
            new Port("w", Port.Role.PARAMETER, real, shape(3, 2)),
            new Port("b", Port.Role.PARAMETER, real, shape(2)));
    var slots =
        Stream.concat(
                inputs.stream()
                    .map(p -> new Slot(p.name(), real, p.shape(), new Slot.Home.Bound(p.name()))),
                Stream.of(new Slot("y", real, shape(2, 2), new Slot.Home.Arena(0, 1, false))))
            .toList();
    var tiles =
        new Launch(
            "y",
            "tiles",
            List.of(
                new Launch.Given.Size(Extent.of(4)),
                new Launch.Given.Tensor(0),
                new Launch.Given.Tensor(3)),
            Extent.of(1),
            16,
            16,
            List.of(),
            Extent.of(0));
    return new DeviceProgram(
        device,
        new Signature(
            "net",
            List.of(),
            inputs,
            List.of(new Port("y", Port.Role.OUTPUT, real, shape(2, 2))),
            List.of()),
        slots,
        "whole",
        Map.of("tiles", ""),
        List.of(
            new Product(
                "y",
                Extent.of(2),
                Extent.of(2),
                Extent.of(3),
                Extent.of(1),
                matrix(0, 3, 6),
                matrix(1, 2, 6),
                matrix(3, 2, 4),
                OptionalInt.of(2),
                true,
                real,
                rounding,
                Extent.of(0),
                List.of(),
                List.of(tiles))),
        List.of(),
        Map.of("y", 3),
        List.of());
  }

  private static List<Extent> shape(long... extents) {
    return Arrays.stream(extents).mapToObj(Extent::of).toList();
  }

  private static Product.Matrix matrix(int slot, long line, long next) {
    return new Product.Matrix(OptionalInt.of(slot), false, Extent.of(line), Extent.of(next));
  }
}
