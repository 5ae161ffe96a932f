package dev.nnlang.compiler.codegen.jvm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.cpu.KernelTimes;
import dev.nnlang.runtime.cpu.ProductCost;
import dev.nnlang.runtime.file.Records;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A program with a form of its own for many examples. */
class FormsTest {
  private static final Path FILE =
      Path.of("src/test/resources/dev/nnlang/compiler/schedule/forms/concatenated.case");

  private static final int MANY = 32;

  private static Program program() throws IOException {
    return EquationParser.parse(Files.readString(FILE).split("----\n")[0], new Nodes());
  }

  /** One session, whose examples become more and fewer, and whose parameters change meanwhile. */
  @Test
  void aSessionRunsInTheFormForItsExamples() throws Exception {
    var program = program();
    var forms = Schedule.forms(program);
    var interpreted = new InterpretedProgram(program, Border.of(program, ElementType.F64));
    var both = JvmBackend.compile(forms, Precision.F64);
    var few = JvmBackend.compile(forms.few(), Precision.F64);
    var many = JvmBackend.compile(forms.many().orElseThrow().plan(), Precision.F64);
    for (int threads : new int[] {1, 2}) {
      try (var session = both.open(threads)) {
        parameters(program, session, 1);
        for (int examples : new int[] {3, MANY, MANY - 1, MANY + 9, 5}) {
          var got = run(program, session, examples);
          assertArrayEquals(once(program, interpreted, examples, 1), got, 1e-12);
          var own = examples < MANY ? few : many;
          assertArrayEquals(once(program, own, examples, 1), got);
        }
        parameters(program, session, 2);
        for (int examples : new int[] {MANY, 5}) {
          var got = run(program, session, examples);
          assertArrayEquals(once(program, interpreted, examples, 2), got, 1e-12);
        }
      }
    }
    assertFalse(
        Arrays.equals(once(program, few, MANY, 1), once(program, many, MANY, 1)),
        "the forms add up in another order, so that it can be told which one ran");
  }

  @Test
  void bothFormsAreKept() throws Exception {
    var program = program();
    var parts = JvmBackend.compile(Schedule.forms(program), Precision.F64).parts();
    var kept = Records.read(Records.write(parts), CompiledProgram.Parts.class);
    for (int examples : new int[] {3, MANY}) {
      assertArrayEquals(
          once(program, new CompiledProgram(parts), examples, 1),
          once(program, new CompiledProgram(kept), examples, 1));
    }
  }

  /** What is measured is the form that ran. */
  @Test
  void timesAreOfTheFormThatRan() throws Exception {
    var program = program();
    var forms = Schedule.forms(program);
    var compiled = JvmBackend.compile(forms, Precision.F64);
    assertEquals(3, kernels(program, compiled, 3));
    assertEquals(2, kernels(program, compiled, MANY));
  }

  private static int kernels(Program program, CompiledProgram compiled, int examples) {
    var times = new KernelTimes(System::nanoTime);
    try (var session = compiled.open(1, times, ProductCost::best)) {
      parameters(program, session, 1);
      run(program, session, examples);
      session.chooseAgain();
      assertTrue(session.operations() > 0);
      run(program, session, examples);
      assertEquals(2, times.runs());
      return times.shares().size();
    }
  }

  private static double[] once(Program program, Executable executable, int examples, long seed) {
    try (var session = executable.open(1)) {
      parameters(program, session, seed);
      return run(program, session, examples);
    }
  }

  private static void parameters(Program program, Session session, long seed) {
    program.inputs().stream()
        .filter(input -> input.role() == Program.Role.PARAMETER)
        .forEach(input -> bind(session, input, 0, seed));
  }

  private static double[] run(Program program, Session session, int examples) {
    program.inputs().stream()
        .filter(input -> input.role() == Program.Role.DATA)
        .forEach(input -> bind(session, input, examples, 0));
    session.run();
    return session.output("h").doubles();
  }

  private static void bind(Session session, Program.Input input, int examples, long seed) {
    var random = new Random(seed);
    int[] shape =
        input.tensor().shape().stream()
            .mapToInt(e -> (int) e.evaluate(_ -> (long) examples))
            .toArray();
    var value = Tensor.zeros(ElementType.F64, shape);
    for (int i = 0; i < value.size(); i++) {
      value.set(i, 0.3 * random.nextGaussian());
    }
    session.bind(input.tensor().name(), value);
  }
}
