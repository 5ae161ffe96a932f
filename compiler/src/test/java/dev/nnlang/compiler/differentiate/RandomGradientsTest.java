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
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * On 2,000 random programs the gradient is what central differences of the untouched program say,
 * every pass leaves a program that the verifier accepts, and generated code gives the same gradient
 * as the interpreter. What fails is made smaller and printed.
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
    check("gradients compared with central differences", RandomGradientsTest::slopes);
  }

  private static void check(String what, Judge judge) {
    var faults = new LinkedHashMap<Long, String>();
    for (long seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      var fault = fault(judge, RandomPrograms.program(seed));
      if (!fault.isEmpty()) {
        faults.put(seed, fault);
      }
    }
    System.out.printf("%s: seeds %d .. %d%n", what, FIRST, FIRST + PROGRAMS - 1);
    assertTrue(
        faults.isEmpty(), () -> "seeds " + faults.keySet() + " fail;\n" + shrunk(judge, faults));
  }

  private static String fault(Judge judge, Case each) {
    try {
      return judge.fault(each);
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
    var verified = verified(open);
    if (!verified.isEmpty()) {
      return verified;
    }
    var program = Pipeline.run(open);
    var interpreted =
        run(
            new InterpretedProgram(program, Border.of(program, ElementType.F64)),
            each,
            each.inputs(ElementType.F64));
    var generated =
        run(
            JvmBackend.compile(Schedule.plan(program), Precision.F64),
            each,
            each.inputs(ElementType.F64));
    for (var by : each.parameters()) {
      var name = "gradient/" + by.name();
      if (!same(interpreted.get(name), generated.get(name))) {
        return "generated code differs: " + name;
      }
    }
    return againstDifferences(each, interpreted);
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

  /** Along one random direction for each parameter: no element can be wrong unseen. */
  private static String againstDifferences(Case each, Map<String, Tensor> gradients) {
    var random = new Random(each.seed());
    var loss = new InterpretedProgram(onlyLoss(each), Border.of(onlyLoss(each), ElementType.F64));
    for (var by : each.parameters()) {
      var gradient = gradients.get("gradient/" + by.name());
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
                return run(loss, each, inputs).get("loss").get(0);
              });
      if (!slope.is(expected)) {
        return "wrong gradient: by %s, along a direction, %s; differences say %s"
            .formatted(by.name(), expected, slope);
      }
    }
    return "";
  }

  private static Program onlyLoss(Case each) {
    var p = each.program();
    var outputs = p.outputs().stream().filter(o -> o.tensor().equals(each.loss())).toList();
    return new Program(
        p.name(),
        p.nodes(),
        p.open(),
        p.inputs(),
        p.equations(),
        p.derivatives(),
        outputs,
        p.updates());
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
