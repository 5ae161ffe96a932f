package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.diagnostic.CompilerBug;
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
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
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

  private final ClassWriter writer = new Writer();
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
    writer.visit(
        Opcodes.V25,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
        name,
        null,
        "java/lang/Object",
        new String[] {Type.getInternalName(KernelCode.class)});
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

  /** How a contraction's left factor is read, and the numbers of its movers. */
  record Movers(Step.Left left, int right, int result) {}

  Movers add(Kernel.Contraction product) {
    return new Movers(
        left(product),
        mover(product, "right", m -> m.pack(product, product.columns(), product.right())),
        mover(product, "result", m -> m.unpack(product)));
  }

  private Step.Left left(Kernel.Contraction product) {
    return product
        .direct()
        .<Step.Left>map(
            read ->
                new Step.Left.Direct(
                    slots.of(read.tensor()),
                    mover(product, "batches", m -> m.places(product.batch(), read, false)),
                    mover(product, "rows", m -> m.places(product.rows(), read, true)),
                    mover(product, "terms", m -> m.places(product.reduced(), read, false))))
        .orElseGet(
            () ->
                new Step.Left.Packed(
                    mover(product, "left", m -> m.pack(product, product.rows(), product.left()))));
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
    constructor();
    dispatch("run", methods, KERNEL, Type.INT_TYPE, Type.INT_TYPE);
    dispatch("move", movers, MOVER, Type.getType(Panel.class));
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void constructor() {
    var init = writer.visitMethod(0, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    init.visitInsn(Opcodes.RETURN);
    init.visitMaxs(0, 0);
    init.visitEnd();
  }

  /** A switch over static methods that take the frame and these arguments. */
  private void dispatch(String entry, List<String> targets, String target, Type... arguments) {
    var parameters = new ArrayList<>(List.of(Type.INT_TYPE, Type.getType(Frame.class)));
    parameters.addAll(List.of(arguments));
    MethodVisitor run =
        writer.visitMethod(
            Opcodes.ACC_PUBLIC,
            entry,
            Type.getMethodDescriptor(Type.VOID_TYPE, parameters.toArray(Type[]::new)),
            null,
            null);
    run.visitCode();
    if (!targets.isEmpty()) {
      var labels = new Label[targets.size()];
      Arrays.setAll(labels, _ -> new Label());
      var out = new Label();
      run.visitVarInsn(Opcodes.ILOAD, 1);
      run.visitTableSwitchInsn(0, targets.size() - 1, out, labels);
      for (int i = 0; i < labels.length; i++) {
        run.visitLabel(labels[i]);
        for (int slot = 2; slot < parameters.size() + 1; slot++) {
          run.visitVarInsn(parameters.get(slot - 1).getOpcode(Opcodes.ILOAD), slot);
        }
        run.visitMethodInsn(Opcodes.INVOKESTATIC, name, targets.get(i), target, false);
        run.visitInsn(Opcodes.RETURN);
      }
      run.visitLabel(out);
    }
    run.visitInsn(Opcodes.RETURN);
    run.visitMaxs(0, 0);
    run.visitEnd();
  }

  /** Frames need the common class of two references; kernels never mix unrelated ones. */
  private static final class Writer extends ClassWriter {
    Writer() {
      super(ClassWriter.COMPUTE_FRAMES | ClassWriter.COMPUTE_MAXS);
    }

    @Override
    protected String getCommonSuperClass(String a, String b) {
      return "java/lang/Object";
    }
  }
}
