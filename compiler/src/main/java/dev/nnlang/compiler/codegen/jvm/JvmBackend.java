package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Cost;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.cpu.Carry;
import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.cpu.Step;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From a plan to something that runs. */
public final class JvmBackend {
  /** How many operations a plain loop does in a nanosecond, roughly: only sizes chunks. */
  private static final int OPERATIONS_PER_NANO = 2;

  private JvmBackend() {}

  /** Bytecode for a plan; reals are stored and computed in this precision. */
  public static Executable compile(Plan plan, Precision precision) {
    var slots = new Slots(plan, precision);
    var classes = new LinkedHashMap<String, KernelClass>();
    var steps = new ArrayList<Step>();
    for (var kernel : plan.kernels()) {
      var file = sourceFile(kernel);
      if (!classes.containsKey(file)) {
        classes.put(file, new KernelClass(file, classes.size(), slots, precision));
      }
      var type = classes.get(file);
      steps.add(step(kernel, type));
    }
    var program = plan.program();
    var outputs = new LinkedHashMap<String, Integer>();
    program.outputs().forEach(o -> outputs.put(o.name(), slots.of(o.tensor())));
    return new CompiledProgram(
        signature(program, precision),
        precision.element(),
        slots.table(),
        steps,
        carries(plan, slots),
        outputs,
        classes.values().stream().map(KernelClass::bytes).toList());
  }

  private static String sourceFile(Kernel kernel) {
    for (var equation : kernel.equations()) {
      if (equation.origin().span().isPresent()) {
        return equation.origin().span().get().file().name();
      }
    }
    return "synthetic";
  }

  private static List<Carry> carries(Plan plan, Slots slots) {
    var carries = new ArrayList<Carry>();
    for (var update : plan.program().updates()) {
      if (!plan.inPlace().containsKey(update.next())) {
        carries.add(new Carry(slots.of(update.state()), slots.of(update.next())));
      }
    }
    return carries;
  }

  /** The program's border, as a compiled program shows it. */
  public static Signature signature(Program program, Precision precision) {
    var inputs =
        program.inputs().stream()
            .map(i -> port(i.tensor().name(), role(i.role()), i.tensor(), precision))
            .toList();
    var outputs =
        program.outputs().stream()
            .map(o -> port(o.name(), Port.Role.OUTPUT, o.tensor(), precision))
            .toList();
    return new Signature(
        program.name(),
        program.open().stream().map(Atom.Dim::name).toList(),
        inputs,
        outputs,
        program.updates().stream().map(u -> u.state().name()).toList());
  }

  private static Port port(String name, Port.Role role, Tensor tensor, Precision precision) {
    return new Port(name, role, Extents.element(tensor.type(), precision), Extents.shape(tensor));
  }

  private static Port.Role role(Program.Role role) {
    return switch (role) {
      case DATA -> Port.Role.DATA;
      case SOURCE -> Port.Role.SOURCE;
      case PARAMETER -> Port.Role.PARAMETER;
      case FROZEN -> Port.Role.FROZEN;
      case STATE -> Port.Role.STATE;
      case OPTIMIZER -> Port.Role.OPTIMIZER;
      case SCALAR -> Port.Role.SCALAR;
    };
  }

  private static Step step(Kernel kernel, KernelClass type) {
    return switch (kernel) {
      case Kernel.Nest nest ->
          new Step.Nest(type.number(), type.add(nest), items(nest), nanos(nest), what(nest));
      case Kernel.Orthogonal draw ->
          new Step.Nest(type.number(), type.add(draw), Extent.of(1), Extent.of(1), what(draw));
      case Kernel.Contraction product -> {
        var movers = type.add(product);
        yield new Step.Product(
            type.number(),
            movers.left(),
            movers.right(),
            movers.result(),
            size(product.batch()),
            size(product.rows()),
            size(product.columns()),
            size(product.reduced()),
            what(product));
      }
    };
  }

  private static Extent size(List<Axis> axes) {
    return Extents.of(Poly.product(axes.stream().map(Axis::extent).toList()));
  }

  private static Extent items(Kernel.Nest nest) {
    if (nest.block() == 1) {
      return size(nest.parallel());
    }
    var run = Poly.product(nest.run().stream().map(Axis::extent).toList());
    return new Extent.Quotient(Extents.of(run.plus(nest.block() - 1)), Extent.of(nest.block()));
  }

  private static Extent nanos(Kernel.Nest nest) {
    var flops = Extents.of(Cost.flops(nest).floorDiv(Poly.of(OPERATIONS_PER_NANO)));
    return new Extent.Quotient(flops, items(nest));
  }

  private static String what(Kernel kernel) {
    return String.join(
        ", ", kernel.equations().stream().map(Equation::tensor).map(Tensor::name).toList());
  }

  /** For tests: the class files of a plan, by source file. */
  public static Map<String, byte[]> classFiles(Plan plan, Precision precision) {
    var slots = new Slots(plan, precision);
    var classes = new LinkedHashMap<String, KernelClass>();
    for (var kernel : plan.kernels()) {
      var file = sourceFile(kernel);
      step(
          kernel,
          classes.computeIfAbsent(file, f -> new KernelClass(f, classes.size(), slots, precision)));
    }
    var files = new LinkedHashMap<String, byte[]>();
    classes.forEach((file, type) -> files.put(file, type.bytes()));
    return files;
  }
}
