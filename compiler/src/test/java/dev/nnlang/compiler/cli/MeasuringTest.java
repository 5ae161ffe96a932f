package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Measurable.Place;
import dev.nnlang.compiler.codegen.gpu.TestDevice;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.cpu.MeasuredForms;
import dev.nnlang.runtime.cpu.ProductForm;
import dev.nnlang.runtime.cpu.ProductShape;
import dev.nnlang.runtime.cpu.ProductShape.Access;
import dev.nnlang.runtime.cpu.Step;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.tensor.ElementType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code nn profile} and {@code nn tune --kernels}: what they print, whatever the times. */
class MeasuringTest {
  /** Its data are not there. */
  private static final String PROGRAM =
      """
      dim Kind = 3
      model M : x[6] -> p[Kind] { p = x |> Dense(20) |> relu |> Dense(Kind) |> softmax }
      data Rows {
          source table[N, 7] = csv("rows.csv")
          sample n -> x[6], kind: index Kind {
              x[i] = table[n, i]
              kind = table[n, 6]
          }
      }
      train Fit : M on Rows {
          loss      = sparse_categorical_cross_entropy(p, kind)
          optimizer = Adam()
          batch     = 1
          epochs    = 2
      }
      """;

  private static final String NOTE =
      "note: the files of Rows are not there; numbers are made up instead\n";

  @TempDir private Path folder;
  private Shell shell;
  private String before;

  @BeforeEach
  void program() {
    shell = new Shell(folder);
    shell.file("m.nn", PROGRAM);
    before = System.getProperty(MeasuredForms.FOLDER, "");
    System.setProperty(MeasuredForms.FOLDER, folder.resolve("cache").toString());
  }

  @AfterEach
  void restore() {
    System.setProperty(MeasuredForms.FOLDER, before);
  }

  @Test
  void kernelsAreTunedAndKept() throws Exception {
    var ended = shell.nn("tune", "@m.nn", "--kernels", "--threads", "1");
    assertEquals(0, ended.status(), ended.toString());
    assertEquals(NOTE, ended.err());
    var lines = ended.out().lines().toList();
    assertTrue(lines.getFirst().startsWith("products  rows x columns x depth  factors"));
    for (var line : lines.subList(1, lines.size() - 2)) {
      assertTrue(
          line.matches(
              " +\\d+ +\\d+ x \\d+ x \\d+  \\w+/\\w+(, kept)? +\\d+x\\d+ .* [.0-9]+  .* [.0-9]+  "
                  + "[.0-9]+(  kept)?"),
          ended.out());
    }
    assertTrue(
        lines
            .get(lines.size() - 2)
            .matches(
                "\\d+ shapes; the fastest forms take [.0-9]+ of the cost model's time "
                    + "\\(geometric mean\\), \\d+ (is|are) faster by 5 % or more"),
        ended.out());
    assertEquals("kept in @cache/products.forms", lines.getLast());
    assertTrue(Files.size(folder.resolve("cache/products.forms")) > 0);
  }

  @Test
  void whereTheTimeGoes() {
    var ended = shell.nn("profile", "@m.nn", "--threads", "1", "--json");
    assertEquals(0, ended.status(), ended.toString());
    assertTrue(
        Json.parse(ended.out().strip()).orElseThrow() instanceof Json.Members time
            && time.get("kernels").orElseThrow() instanceof Json.Items(var kernels)
            && kernels.size() > 3
            && time.get("made_up").orElseThrow().equals(new Json.Truth(true))
            && time.get("batch").orElseThrow().equals(Json.of(1)),
        ended.out());
  }

  static boolean present() {
    return TestDevice.present();
  }

  @Test
  @EnabledIf("present")
  void whereTheTimeGoesOnADevice() {
    var name = TestDevice.get().info().name().toString();
    var ended = shell.nn("profile", "@m.nn", "--device", name, "--math", "bf16", "--json");
    assertEquals(0, ended.status(), ended.toString());
    var time = (Json.Members) Json.parse(ended.out().strip()).orElseThrow();
    assertEquals(new Json.Text(name), time.get("device").orElseThrow());
    var sums = ((Json.Items) time.get("sums").orElseThrow()).items();
    assertTrue(
        sums.getFirst().toString().matches("\\{\"terms\":\\d+,.*\"ieee_error\":.*"), ended.out());
    var kernels = ((Json.Items) time.get("kernels").orElseThrow()).items();
    assertTrue(kernels.size() > 3, ended.out());
    for (var kernel : kernels) {
      var form = ((Json.Members) kernel).get("form").orElseThrow().toString();
      assertTrue(form.matches("\"(k\\d+_\\w+|cuBLASLt)\""), ended.out());
    }
  }

  @Test
  void whatDoesNotGoTogether() {
    for (var other : List.of("--grid", "--trials=3", "--seed=1")) {
      var ended = shell.nn("tune", "@m.nn", "--kernels", other);
      assertEquals(2, ended.status(), ended.toString());
      assertTrue(ended.err().contains("do not go together"), ended.err());
    }
    var interpreted = shell.nn("tune", "@m.nn", "--kernels", "--interpret");
    assertEquals(2, interpreted.status());
    assertTrue(interpreted.err().contains("--kernels is for the processor"), interpreted.err());
    var profiled = shell.nn("profile", "@m.nn", "--interpret");
    assertEquals(2, profiled.status());
    assertTrue(profiled.err().contains("--interpret has no kernels"), profiled.err());
  }

  @Test
  void dataThatAreWrongAreReported() {
    shell.file("rows.csv", "1,2,3,4,5,6,1\n1,2,3\n");
    var time = shell.nn("profile", "@m.nn");
    assertEquals(1, time.status());
    assertTrue(time.err().contains("E0810"), time.err());
    var tune = shell.nn("tune", "@m.nn", "--kernels");
    assertEquals(1, tune.status());
    assertTrue(tune.err().contains("E0810"), tune.err());
  }

  @Test
  void theTableOfTimes() {
    var file = new SourceFile("m.nn", "first\nsecond\n");
    var shape =
        new ProductShape(
            8, 32, 64, 128, Access.RUNS, Access.PLACES, Step.Kept.NOT, true, ElementType.F32, 2);
    var measured =
        new TimeTable.Measured(
            "Fit_step",
            32,
            new TimeTable.Where.Threads(2),
            false,
            10,
            List.of(
                new TimeTable.Line(
                    1,
                    "y, z, relu",
                    6_000_000,
                    new Place("Dense_1/y", Optional.of(file.span(6, 7))),
                    Optional.of(shape.toString()),
                    Optional.of(new ProductForm(8, true, false, 2).toString())),
                line(0, "x", 3_980_000, new Place("sample/x", Optional.of(file.span(0, 1)))),
                line(3, "loss", 11_000, new Place("loss", Optional.empty())),
                line(2, "step", 9_000, new Place("step", Optional.empty()))));
    assertEquals(
        """
        time of Fit_step, batch = 32, 2 threads: 1000.0 us in 4 kernels, over 10 runs
           us  share  kernel  what it computes        product                                  line
        600.0  60.0%       1  Dense_1/y (and 2 more)  8 of 32 x 64 x 128, 8x2 packed/in place  m.nn:2
        398.0  39.8%       0  sample/x                                                         m.nn:1
          2.0   0.2%          2 more, each below 1 %
        """,
        TimeTable.of(measured));
  }

  private static TimeTable.Line line(int number, String what, long nanos, Place place) {
    return new TimeTable.Line(number, what, nanos, place, Optional.empty(), Optional.empty());
  }
}
