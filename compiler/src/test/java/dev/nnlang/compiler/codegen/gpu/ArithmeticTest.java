package dev.nnlang.compiler.codegen.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Compiler;
import dev.nnlang.compiler.Evaluation;
import dev.nnlang.compiler.Options;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.gpu.Device;
import dev.nnlang.runtime.gpu.DeviceName;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with rounded factors: the numbers, and the places that tensor cores would be given. */
class ArithmeticTest {
  private static final int ROWS = 100;
  private static final int TERMS = 200;
  private static final int COLUMNS = 80;

  private static final String PRODUCT =
      """
      fn subject : x[100, 200], w[200, 80] -> y[100, 80] {
          y[i, u] = sum[k](x[i, k] * w[k, u]) + w[0, u]
      }
      """;

  static boolean present() {
    return TestDevice.present();
  }

  @Test
  void roundingIsThatOfTheUnits() {
    assertEquals(0x1.004p0f, Arithmetic.tf32.rounded(0x1.002p0f), "a tie goes away from 0");
    assertEquals(0x1.004p0f, Arithmetic.tf32.rounded(0x1.0059p0f));
    assertEquals(0x1.0p0f, Arithmetic.bf16.rounded(0x1.01p0f), "a tie goes to the even one");
    assertEquals(0x1.04p0f, Arithmetic.bf16.rounded(0x1.03p0f), "a tie goes to the even one");
    assertEquals(-0x1.02p0f, Arithmetic.bf16.rounded(-0x1.0101p0f));
    for (var each : Arithmetic.values()) {
      assertEquals(Float.NaN, each.rounded(Float.NaN));
      assertEquals(Float.NEGATIVE_INFINITY, each.rounded(Float.NEGATIVE_INFINITY));
      assertEquals(Float.MIN_NORMAL, each.rounded(Float.MIN_NORMAL));
    }
  }

  /** A rounded factor is off by at most half a last bit, so by a third of that more or less. */
  @Test
  void errorsGrowAsBitsAreLost() {
    assertTrue(Arithmetic.ieee.error(256) < 1e-6);
    assertTrue(Arithmetic.tf32.error(256) > 1e-4 && Arithmetic.tf32.error(256) < 5e-4);
    assertTrue(Arithmetic.bf16.error(256) > 1e-3 && Arithmetic.bf16.error(256) < 4e-3);
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIf("present")
  void factorsAreRoundedAndSumsAreNot(Arithmetic arithmetic) throws Exception {
    compare(arithmetic, TestDevice.get());
  }

  /** The same kernel as on tensor cores, with their fragments multiplied by work-items. */
  @ParameterizedTest
  @EnumSource(names = {"tf32", "bf16"})
  @EnabledIf("present")
  void fragmentsLieWhereTheUnitsWantThem(Arithmetic arithmetic) throws Exception {
    var plain = TestDevice.get();
    if (plain.info().name().driver() != DeviceName.Driver.OPENCL) {
      return;
    }
    compare(arithmetic, new WithFragments(plain));
  }

  private static void compare(Arithmetic arithmetic, Device device) throws Exception {
    var x = normal(1, ROWS, TERMS);
    var w = normal(2, TERMS, COLUMNS);
    var got =
        run(
            x,
            w,
            new Options.Backend.Kernels(device, Options.Rounding.valueOf(arithmetic.name())),
            Options.Precision.f32);
    var exact = run(x, w, Options.Backend.INTERPRETER, Options.Precision.f64);
    var rounded =
        run(
            rounded(x, arithmetic),
            rounded(w, arithmetic),
            Options.Backend.INTERPRETER,
            Options.Precision.f64);
    double offExact = 0;
    for (int i = 0; i < ROWS; i++) {
      for (int u = 0; u < COLUMNS; u++) {
        int at = i * COLUMNS + u;
        // What is added behind the product is not rounded.
        double wanted = rounded.get(at) - arithmetic.rounded((float) w.get(u)) + w.get(u);
        assertEquals(wanted, got.get(at), 5e-5, "y[" + i + ", " + u + "]");
        offExact = Math.max(offExact, Math.abs(exact.get(at) - got.get(at)));
      }
    }
    assertTrue(arithmetic == Arithmetic.ieee ? offExact < 1e-4 : offExact > 1e-3, "" + offExact);
  }

  private static Tensor run(
      Tensor x, Tensor w, Options.Backend backend, Options.Precision precision) throws Exception {
    var result =
        Compiler.open(new SourceFile("subject.nn", PRODUCT), Sources.none())
            .evaluate(
                Evaluation.Request.of(
                    "subject",
                    Map.of("x", in(x, precision.element()), "w", in(w, precision.element()))),
                new Options(precision, backend),
                1);
    return result.value().orElseThrow().outputs().get("y");
  }

  private static Tensor in(Tensor tensor, ElementType type) {
    var converted = Tensor.zeros(type, tensor.shape());
    for (int i = 0; i < tensor.size(); i++) {
      converted.set(i, tensor.get(i));
    }
    return converted;
  }

  private static Tensor rounded(Tensor tensor, Arithmetic arithmetic) {
    var rounded = Tensor.zeros(ElementType.F32, tensor.shape());
    for (int i = 0; i < tensor.size(); i++) {
      rounded.set(i, arithmetic.rounded((float) tensor.get(i)));
    }
    return rounded;
  }

  private static Tensor normal(long seed, int... shape) {
    var random = new Random(seed);
    var tensor = Tensor.zeros(ElementType.F32, shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextGaussian());
    }
    return tensor;
  }

  /** A device whose kernels find a stand-in for tensor cores in front of them. */
  static final class WithFragments extends WrappedDevice {
    WithFragments(Device device) {
      super(device);
    }

    @Override
    public Kernels build(String title, String head, Map<String, String> kernels) {
      try (var in = ArithmeticTest.class.getResourceAsStream("fragments.h")) {
        var fragments = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        int rest = head.indexOf("/*");
        return device.build(
            title, head.substring(0, rest) + fragments + head.substring(rest), kernels);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
