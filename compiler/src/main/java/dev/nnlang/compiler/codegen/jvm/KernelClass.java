package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.runtime.cpu.Frame;
import dev.nnlang.runtime.cpu.KernelCode;
import dev.nnlang.runtime.cpu.Panel;
import dev.nnlang.runtime.cpu.Step;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** One class in the making: the kernels whose equations come from one source file. */
final class KernelClass {
  private static final String KERNEL =
      Type.getMethodDescriptor(
          Type.VOID_TYPE, Type.getType(Frame.class), Type.INT_TYPE, Type.INT_TYPE);

  private static final String MOVER =
      Type.getMethodDescriptor(
          Type.VOID_TYPE, Type.getType(Frame.class), Type.getType(Panel.class));

  private final ClassWriter writer = ClassHead.writer();
  private final String name;
  private final int number;
  private final Slots slots;
  private final Precision precision;
  private final List<String> methods = new ArrayList<>();
  private final List<String> movers = new ArrayList<>();

  KernelClass(String sourceFile, int number, Slots slots, Precision precision) {
    this.number = number;
    this.slots = slots;
    this.precision = precision;
    // A hidden class lies in the package of the one that defines it.
    this.name = KernelCode.class.getPackageName().replace('.', '/') + "/Kernels" + number;
    ClassHead.write(writer, name, KernelCode.class);
    writer.visitSource(sourceFile, null);
  }

  int number() {
    return number;
  }

  /** Writes a kernel's method and gives its number. */
  int add(Kernel kernel) {
    var method = "k" + methods.size() + "_" + javaName(kernel.equations().getLast().tensor());
    var code = new Code(writer.visitMethod(Opcodes.ACC_STATIC, method, KERNEL, null, null), 3);
    var scope = new KernelScope(code, precision, slots, new Code.Local(0, Kind.REF));
    scope.declare(tensors(kernel), open(kernel));
    var from = new Code.Local(1, Kind.INT);
    var to = new Code.Local(2, Kind.INT);
    switch (kernel) {
      case Kernel.Nest nest -> new NestEmitter(scope).emit(nest, from, to);
      case Kernel.Contraction _ -> throw new CompilerBug("a contraction is not one method");
      case Kernel.Orthogonal(var equation) -> new OrthogonalEmitter(scope).emit(equation);
    }
    code.end();
    methods.add(method);
    return methods.size() - 1;
  }

  /** How a contraction gets at its factors, and the number of the mover of its result. */
  record Movers(Step.Factor left, Step.Factor right, int result) {}

  Movers add(Kernel.Contraction product) {
    return new Movers(
        factor(product, "left", product.rows(), product.left(), product.leftInPlace()),
        factor(product, "right", product.columns(), product.right(), product.rightInPlace()),
        mover(product, "result", m -> m.unpack(product)));
  }

  private Step.Factor factor(
      Kernel.Contraction product,
      String name,
      List<Axis> side,
      Node factor,
      Optional<Expr.Read> inPlace) {
    return new Step.Factor(
        mover(product, name, m -> m.pack(product, side, factor)),
        inPlace.map(
            read ->
                new Step.InPlace(
                    slots.of(read.tensor()),
                    mover(product, name + "_batches", m -> m.places(product.batch(), read, false)),
                    mover(product, name + "_sides", m -> m.places(side, read, true)),
                    mover(
                        product, name + "_terms", m -> m.places(product.reduced(), read, false)))));
  }

  private int mover(Kernel.Contraction product, String part, Consumer<MoveEmitter> emit) {
    var method = "m" + movers.size() + "_" + part + "_" + javaName(product.equation().tensor());
    var code = new Code(writer.visitMethod(Opcodes.ACC_STATIC, method, MOVER, null, null), 2);
    product.equation().origin().span().ifPresent(span -> code.line(span.line()));
    var scope = new KernelScope(code, precision, slots, new Code.Local(0, Kind.REF));
    scope.declare(tensors(product), open(product));
    emit.accept(new MoveEmitter(scope, new Code.Local(1, Kind.REF)));
    code.end();
    movers.add(method);
    return movers.size() - 1;
  }

  /** A name that a stack trace can show. */
  private static String javaName(Tensor tensor) {
    return tensor.name().replaceAll("[^A-Za-z0-9_]", "_");
  }

  private static Set<Tensor> tensors(Kernel kernel) {
    var tensors = new LinkedHashSet<Tensor>();
    for (var equation : kernel.equations()) {
      tensors.addAll(Walk.tensors(equation));
      tensors.add(equation.tensor());
    }
    return tensors;
  }

  /** Every open dimension that a shape, a range or a subscript in the kernel may mention. */
  private Set<String> open(Kernel kernel) {
    var names = new TreeSet<String>();
    for (var equation : kernel.equations()) {
      for (var node : nodes(kernel, equation)) {
        if (node.expr() instanceof Expr.Index(var value)) {
          add(value.variables(), names);
        }
      }
      equation.axes().forEach(a -> add(a.extent().variables(), names));
      equation.reduced().forEach(a -> add(a.extent().variables(), names));
    }
    tensors(kernel).forEach(t -> t.shape().forEach(e -> add(e.variables(), names)));
    return names;
  }

  /** A contraction has put its conditions into its factors. */
  private static List<Node> nodes(Kernel kernel, Equation equation) {
    return switch (kernel) {
      case Kernel.Contraction c when equation == c.equation() ->
          Walk.nodes(List.of(c.left(), c.right()));
      case Kernel.Contraction _ -> Walk.nodes(equation);
      case Kernel.Nest _, Kernel.Orthogonal _ -> Walk.nodes(equation);
    };
  }

  private static void add(Set<Atom> variables, Set<String> names) {
    for (var variable : variables) {
      if (variable instanceof Atom.Dim(var dim)) {
        names.add(dim);
      }
    }
  }

  byte[] bytes() {
    var frame = Type.getType(Frame.class);
    ClassHead.dispatch(writer, name, "run", methods, KERNEL, frame, Type.INT_TYPE, Type.INT_TYPE);
    ClassHead.dispatch(writer, name, "move", movers, MOVER, frame, Type.getType(Panel.class));
    writer.visitEnd();
    return writer.toByteArray();
  }
}
