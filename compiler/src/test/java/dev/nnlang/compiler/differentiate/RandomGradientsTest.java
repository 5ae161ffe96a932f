package dev.nnlang.compiler.differentiate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Pipeline;
import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.codegen.jvm.JvmBackend;
import dev.nnlang.compiler.codegen.jvm.Precision;
import dev.nnlang.compiler.equation.CentralDifferences;
import dev.nnlang.compiler.equation.EquationText;
import dev.nnlang.compiler.equation.InterpretedProgram;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.ProgramShrinker;
import dev.nnlang.compiler.equation.RandomPrograms;
import dev.nnlang.compiler.equation.RandomPrograms.Case;
import dev.nnlang.compiler.equation.Verifier;
import dev.nnlang.compiler.recursion.DeepStack;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * On 2,000 random programs the gradient of the loss, and of some parts of it at once, is what
 * central differences of the untouched program say; on 200 a derivative of derivatives is what
 * differences of these say. Every pass leaves a program that the verifier accepts, and generated
 * code gives the same as the interpreter. What fails is made smaller and printed.
 */
class RandomGradientsTest {
  private static final long FIRST = Long.getLong("random.first", 0);
  private static final long PROGRAMS = Long.getLong("random.programs", 2000);
  private static final int SHRUNK = Integer.getInteger("random.shrunk", 3);

  /** How a program fails, or nothing. */
  @FunctionalInterface
  private interface Judge {
    String fault(Case each);
  }

  @Test
  void gradientsAreSlopes() {
    check("gradients compared with central differences", PROGRAMS, RandomGradientsTest::slopes);
  }

  @Test
  void derivativesOfDerivativesAreSlopesOfSlopes() {
    check(
        "derivatives of derivatives compared with central differences of derivatives",
        PROGRAMS / 10,
        RandomGradientsTest::slopesOfSlopes);
  }

  private static void check(String what, long programs, Judge judge) {
    var faults = new ConcurrentSkipListMap<Long, String>();
    LongStream.range(FIRST, FIRST + programs)
        .parallel()
        .forEach(
            seed -> {
              var fault = fault(judge, RandomPrograms.program(seed));
              if (!fault.isEmpty()) {
                faults.put(seed, fault);
              }
            });
    System.out.printf("%s: seeds %d .. %d%n", what, FIRST, FIRST + programs - 1);
    assertTrue(
        faults.isEmpty(), () -> "seeds " + faults.keySet() + " fail;\n" + shrunk(judge, faults));
  }

  private static String fault(Judge judge, Case each) {
    try {
      // Many short runs of the interpreter: one stack for all of them.
      return DeepStack.run(() -> judge.fault(each));
    } catch (RuntimeException | StackOverflowError e) {
      return e.toString() + " at " + e.getStackTrace()[0];
    }
  }

  /** The first few, made smaller while they fail in the same way. */
  private static String shrunk(Judge judge, Map<Long, String> faults) {
    return faults.entrySet().stream()
        .limit(SHRUNK)
        .map(
            entry -> {
              var kind = kind(entry.getValue());
              var small =
                  ProgramShrinker.shrink(
                      RandomPrograms.program(entry.getKey()),
                      c -> kind(fault(judge, c)).equals(kind));
              return fault(judge, small) + "\n" + small + "\n";
            })
        .collect(Collectors.joining("\n"));
  }

  private static String kind(String fault) {
    return fault.split(":", 2)[0];
  }

  private static String slopes(Case each) {
    var open = each.withGradients();
    var found = new LinkedHashMap<String, Tensor>();
    var fault = gradients(open, each, found);
    for (var of : each.differentiated()) {
      fault = fault.isEmpty() ? againstDifferences(each, only(each, of), of, found) : fault;
    }
    return fault;
  }

  /** The slope of the loss, itself made of derivatives, is differentiated once more. */
  private static String slopesOfSlopes(Case each) {
    var open = each.withSecondOrder();
    var found = new LinkedHashMap<String, Tensor>();
    var fault = gradients(open, each, found);
    if (!fault.isEmpty()) {
      return fault;
    }
    var slope = open.outputs().getFirst().tensor();
    var only = with(open, List.of(open.outputs().getFirst()), List.of());
    return againstDifferences(each, Pipeline.run(only), slope, found);
  }

  /** What the interpreter finds, if the verifier accepts it and generated code finds the same. */
  private static String gradients(Program open, Case each, Map<String, Tensor> found) {
    var verified = verified(open);
    if (!verified.isEmpty()) {
      return verified;
    }
    var program = Pipeline.run(open);
    found.putAll(
        run(
            new InterpretedProgram(program, Border.of(program, ElementType.F64)),
            each,
            each.inputs(ElementType.F64)));
    var generated =
        run(
            JvmBackend.compile(Schedule.plan(program), Precision.F64),
            each,
            each.inputs(ElementType.F64));
    for (var name : found.keySet()) {
      if (name.startsWith("gradient/") && !same(found.get(name), generated.get(name))) {
        return "generated code differs: " + name;
      }
    }
    return "";
  }

  /** Every pass must leave a program that holds. */
  private static String verified(Program elaborated) {
    var program = elaborated;
    for (var stage : Pipeline.STAGES) {
      program = stage.pass().apply(program);
      var faults = Verifier.verify(program);
      if (!faults.isEmpty()) {
        return "not a program after "
            + stage.name()
            + ": "
            + String.join("\n", faults)
            + "\n"
            + EquationText.of(program);
      }
    }
    return "";
  }

  /**
   * Along one random direction for each parameter: no element can be wrong unseen.
   *
   * @param program that has {@code of} as an output
   */
  private static String againstDifferences(
      Case each,
      Program program,
      dev.nnlang.compiler.equation.Tensor of,
      Map<String, Tensor> gradients) {
    var random = new Random(each.seed());
    var value = new InterpretedProgram(program, Border.of(program, ElementType.F64));
    for (var by : each.parameters()) {
      var gradient = gradients.get(Case.gradient(of, by));
      var direction = new double[gradient.size()];
      double expected = 0;
      for (int k = 0; k < direction.length; k++) {
        direction[k] = (random.nextBoolean() ? 1 : -1) * (0.5 + random.nextDouble());
        expected += direction[k] * gradient.get(k);
      }
      var slope =
          CentralDifferences.at0(
              h -> {
                var inputs = each.inputs(ElementType.F64);
                var moved = inputs.get(by.name());
                for (int k = 0; k < direction.length; k++) {
                  moved.set(k, moved.get(k) + h * direction[k]);
                }
                return run(value, each, inputs).get(of.name()).get(0);
              });
      if (!slope.is(expected)) {
        return "wrong gradient: of %s by %s, along a direction, %s; differences say %s"
            .formatted(of, by.name(), expected, slope);
      }
    }
    return "";
  }

  /** The untouched program, of whose results one is asked for. */
  private static Program only(Case each, dev.nnlang.compiler.equation.Tensor of) {
    return with(
        each.program(), List.of(new Program.Output(of.name(), of)), each.program().updates());
  }

  private static Program with(
      Program p, List<Program.Output> outputs, List<Program.Update> updates) {
    var kept = new ArrayList<>(p.derivatives());
    kept.removeIf(d -> outputs.stream().anyMatch(o -> d.of().equals(o.tensor())));
    return new Program(
        p.name(), p.nodes(), p.open(), p.inputs(), p.equations(), kept, outputs, updates);
  }

  private static Map<String, Tensor> run(
      Executable executable, Case each, Map<String, Tensor> inputs) {
    try (var session = executable.open(1)) {
      inputs.forEach(session::bind);
      each.dims().forEach(session::dimension);
      session.run();
      var outputs = new LinkedHashMap<String, Tensor>();
      executable
          .signature()
          .outputs()
          .forEach(port -> outputs.put(port.name(), session.output(port.name())));
      return outputs;
    }
  }

  /** Reductions may be associated otherwise; all else is the same arithmetic. */
  private static boolean same(Tensor a, Tensor b) {
    for (int k = 0; k < a.size(); k++) {
      double x = a.get(k);
      double y = b.get(k);
      boolean equal = x == y || Double.isNaN(x) && Double.isNaN(y);
      if (!equal && !(Math.abs(x - y) <= 1e-9 * (1 + Math.abs(x)))) {
        return false;
      }
    }
    return a.size() == b.size();
  }
}
