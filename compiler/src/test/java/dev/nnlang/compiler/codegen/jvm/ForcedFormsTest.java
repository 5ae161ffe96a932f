package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.cpu.KernelTimes;
import dev.nnlang.runtime.cpu.MeasuredSession;
import dev.nnlang.runtime.cpu.ProductCost;
import dev.nnlang.runtime.cpu.ProductForm;
import dev.nnlang.runtime.cpu.ProductForms;
import dev.nnlang.runtime.cpu.ProductShape;
import dev.nnlang.runtime.cpu.ProductShape.Access;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A product has the same bits in every form that it can have, forced one by one. */
@Execution(ExecutionMode.CONCURRENT)
class ForcedFormsTest {
  /**
   * Factors whose rows or columns are neighbours, or terms, or nothing; with and without a border.
   */
  private static final Map<String, String> PROGRAMS =
      Map.of(
          "plain",
          """
          program plain()
            input a: real[ROWS, DEPTH] data
            input b: real[DEPTH, COLUMNS] data
            y[i: ROWS, j: COLUMNS] = sum[k: DEPTH](a[i, k] * b[k, j])   -- product
            output y = y
          """,
          "turned",
          """
          program turned()
            input a: real[DEPTH, ROWS] data
            input b: real[COLUMNS, DEPTH] data
            y[i: ROWS, j: COLUMNS] = sum[k: DEPTH](a[k, i] * b[j, k])   -- product
            z[i: ROWS, j: COLUMNS] = y[i, j] + 1.0   -- with something behind it
            output z = z
          """,
          "batched",
          """
          program batched()
            input a: real[3, ROWS, DEPTH] data
            input b: real[3, DEPTH, COLUMNS] data
            y[n: 3, i: ROWS, j: COLUMNS] = sum[k: DEPTH](a[n, i, k] * b[n, k, j])   -- product
            output y = y
          """,
          "windows",
          """
          program windows()
            input a: real[ROWS, DEPTH] data
            input b: real[SPAN] data
            y[i: ROWS, j: COLUMNS] = sum[k: DEPTH](a[i, k] * b[j + k])   -- product
            output y = y
          """,
          "image",
          """
          program image()
            input a: real[2, DEPTH, ROWS] data
            input b: real[4, SPAN] data
            y[i: ROWS, r: 3, c: COLUMNS] = sum[u: 2, v: DEPTH](a[u, v, i] * b[r + u, c + v])   -- product
            output y = y
          """,
          "steps",
          """
          program steps()
            input a: real[4, LINE, DEPTH] data
            input b: real[2, 3, DEPTH, 7] data
            y[h: 3, v: ROWS, o: 7] = sum[r: 2, q: 3, i: DEPTH](a[h + r, v + q, i] * b[r, q, i, o])   -- product
            output y = y
          """,
          "steps back",
          """
          program back()
            input a: real[2, LINE, DEPTH] data
            input b: real[5, DEPTH, 7] data
            y[h: 2, v: ROWS, o: 7] = sum[q: 5, i: DEPTH](a[h, v + 4 - q, i] * b[q, i, o])   -- product
            output y = y
          """,
          "computed",
          """
          program computed()
            input a: real[ROWS, DEPTH] data
            input b: real[DEPTH, COLUMNS] parameter
            y[i: ROWS, j: COLUMNS] = sum[k: DEPTH](exp(a[i, k]) * b[k, j])   -- product
            output y = y
          """);

  private record Sizes(int rows, int columns, int depth) {}

  /** Each beside what fills tiles, panels, vectors and turns, at both widths of a real. */
  private static final List<Sizes> SIZES =
      List.of(
          new Sizes(1, 150, 9),
          new Sizes(2, 40, 33),
          new Sizes(3, 17, 70),
          new Sizes(5, 5, 12),
          new Sizes(7, 33, 1),
          new Sizes(13, 16, 40),
          new Sizes(20, 8, 30),
          new Sizes(30, 96, 24),
          new Sizes(101, 47, 8),
          new Sizes(17, 240, 19),
          new Sizes(9, 24, 700),
          // Sums in parts, and so many terms that tiles are warmed first.
          new Sizes(9, 36, 4200));

  @TestFactory
  Stream<DynamicTest> everyFormGivesTheSameBits() {
    return PROGRAMS.keySet().stream()
        .sorted()
        .map(name -> DynamicTest.dynamicTest(name, () -> compare(name, PROGRAMS.get(name))));
  }

  private static void compare(String name, String text) {
    int forms = 0;
    var left = new HashSet<Access>();
    var different = new ArrayList<String>();
    for (var sizes : SIZES) {
      for (var precision : Precision.values()) {
        for (int threads = 1; threads <= 2; threads++) {
          forms += compare(text, sizes, precision, threads, different, left);
        }
      }
    }
    assertEquals(List.of(), different);
    assertTrue(forms > 20 * SIZES.size(), "forms that were tried: " + forms);
    assertEquals(name.startsWith("steps"), left.contains(Access.WINDOWS));
  }

  private static int compare(
      String text,
      Sizes sizes,
      Precision precision,
      int threads,
      List<String> different,
      Set<Access> left) {
    var program =
        EquationParser.parse(
            text.replace("ROWS", Integer.toString(sizes.rows))
                .replace("COLUMNS", Integer.toString(sizes.columns))
                .replace("DEPTH", Integer.toString(sizes.depth))
                .replace("LINE", Integer.toString(sizes.rows + 4))
                .replace("SPAN", Integer.toString(sizes.columns + sizes.depth)),
            new Nodes());
    var compiled = JvmBackend.compile(Schedule.plan(program), precision);
    var inputs = inputs(compiled.signature());
    var chosen = new Forced(0, left);
    var times = new KernelTimes(() -> 0);
    try (var session = compiled.open(threads, times, chosen)) {
      inputs.forEach(session::bind);
      var expected = run(session, compiled.signature());
      var interpreted = new InterpretedProgram(program, compiled.signature());
      try (var reference = interpreted.open(1)) {
        inputs.forEach(reference::bind);
        reference.run();
        near(reference.output(compiled.signature().outputs().getFirst().name()), expected);
      }
      for (chosen.number = 1; chosen.number < chosen.most; chosen.number++) {
        session.chooseAgain();
        var got = run(session, compiled.signature());
        for (var share : times.shares()) {
          if (share.product().isPresent() && !bits(expected).equals(bits(got))) {
            different.add(share.product().get() + " of " + program.name());
          }
        }
      }
      return chosen.most;
    }
  }

  /** The same number of every product's forms. */
  private static final class Forced implements ProductForms {
    private final Set<Access> left;
    private int number;
    private int most;

    Forced(int number, Set<Access> left) {
      this.number = number;
      this.left = left;
    }

    @Override
    public ProductForm of(ProductShape shape) {
      var all = ProductCost.all(shape);
      left.add(shape.left());
      most = Math.max(most, all.size());
      return all.get(Math.min(number, all.size() - 1));
    }
  }

  private static Tensor run(MeasuredSession session, Signature signature) {
    session.run();
    return session.output(signature.outputs().getFirst().name());
  }

  private static Map<String, Tensor> inputs(Signature signature) {
    var random = new Random(3);
    var inputs = new LinkedHashMap<String, Tensor>();
    for (Port port : signature.inputs()) {
      var tensor = Tensor.zeros(port.type(), port.shape(Map.of()));
      for (int i = 0; i < tensor.size(); i++) {
        tensor.set(i, random.nextGaussian());
      }
      inputs.put(port.name(), tensor);
    }
    return inputs;
  }

  private static List<Long> bits(Tensor tensor) {
    var bits = new ArrayList<Long>();
    for (int i = 0; i < tensor.size(); i++) {
      bits.add(Double.doubleToRawLongBits(tensor.get(i)));
    }
    return bits;
  }

  private static void near(Tensor expected, Tensor got) {
    for (int i = 0; i < expected.size(); i++) {
      double tolerance = expected.type() == ElementType.F32 ? 1e-3 : 1e-9;
      assertEquals(expected.get(i), got.get(i), tolerance * (1 + Math.abs(expected.get(i))));
    }
  }

  /** No form is listed that the product then replaces by another. */
  @Test
  void everyListedFormIsTaken() {
    var taken = new TreeSet<String>();
    var listed = new TreeSet<String>();
    var program =
        EquationParser.parse(
            PROGRAMS
                .get("plain")
                .replace("ROWS", "40")
                .replace("COLUMNS", "80")
                .replace("DEPTH", "20"),
            new Nodes());
    var compiled = JvmBackend.compile(Schedule.plan(program), Precision.F32);
    var times = new KernelTimes(() -> 0);
    var chosen = new Forced(0, new HashSet<>());
    try (var session = compiled.open(1, times, chosen)) {
      inputs(compiled.signature()).forEach(session::bind);
      do {
        session.chooseAgain();
        session.run();
        var product = times.shares().getFirst().product().orElseThrow();
        taken.add(product.form().toString());
        ProductCost.all(product.shape()).forEach(form -> listed.add(form.toString()));
        chosen.number++;
      } while (chosen.number < chosen.most);
    }
    assertEquals(listed, taken);
    assertTrue(listed.size() > 10, listed.toString());
  }
}
