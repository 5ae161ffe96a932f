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
import dev.nnlang.runtime.cpu.KernelCode;
import dev.nnlang.runtime.cpu.MoverCode;
import dev.nnlang.runtime.cpu.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The classes of a program in the making: one for each kernel and mover. Those that do the same
 * with other tensors are the same class, byte for byte; so a layer that is repeated a hundred times
 * is compiled by HotSpot once.
 */
final class KernelClasses {
  private static final int FIRST_FREE_SLOT = 5;
  private static final Pattern NO_LETTER = Pattern.compile("[^A-Za-z0-9_]");

  private final Slots slots;
  private final Precision precision;
  private final ClassPool kernels = new ClassPool();
  private final ClassPool movers = new ClassPool();

  /** The indices of the loops around what is added. */
  private List<Atom.Index> times = List.of();

  KernelClasses(Slots slots, Precision precision) {
    this.slots = slots;
    this.precision = precision;
  }

  List<byte[]> kernels() {
    return kernels.files();
  }

  List<byte[]> movers() {
    return movers.files();
  }

  /** Class files without those that are there already. */
  private static final class ClassPool {
    private final Map<ByteBuffer, Integer> numbers = new LinkedHashMap<>();

    /** Most files are the very array that was added before: none is looked through twice. */
    private final Map<byte[], Integer> known = new IdentityHashMap<>();

    int add(byte[] file) {
      return known.computeIfAbsent(
          file, _ -> numbers.computeIfAbsent(ByteBuffer.wrap(file), _ -> numbers.size()));
    }

    List<byte[]> files() {
      return numbers.keySet().stream().map(ByteBuffer::array).toList();
    }
  }

  /** What is added from now on has loops over these indices around it. */
  void inside(List<Atom.Index> loops) {
    times = List.copyOf(loops);
  }

  /** A loop nest or a draw. */
  Step.Code add(Kernel kernel) {
    return add(
        kernels,
        kernel,
        KernelShape.of(kernel, times, slots),
        "run",
        KernelCode.class,
        scope -> {
          var from = new Code.Local(3, Kind.INT);
          var to = new Code.Local(4, Kind.INT);
          switch (kernel) {
            case Kernel.Nest nest -> new NestEmitter(scope).emit(nest, from, to);
            case Kernel.Contraction _, Kernel.Strip _, Kernel.RowBlocks _, Kernel.Recurrence _ ->
                throw new CompilerBug("it is not one method: " + kernel.getClass());
            case Kernel.Orthogonal(var equation) -> new OrthogonalEmitter(scope).emit(equation);
          }
        });
  }

  /**
   * A class of a kernel.
   *
   * @param what it does for the kernel: one word for each of its classes
   */
  private Step.Code add(
      ClassPool pool,
      Kernel kernel,
      KernelShape shape,
      String what,
      Class<?> implemented,
      Consumer<KernelScope> emit) {
    var name = javaName(kernel);
    var written =
        WrittenClasses.get(
            new WrittenClasses.Key(name, precision, what, shape.text()),
            () -> write(name, kernel, shape, implemented, emit));
    var table = new ArrayList<Integer>();
    times.forEach(time -> table.add(slots.open().size() + slots.time(time)));
    shape.sites().forEach(site -> table.add(slots.site(site)));
    written.tensors().forEach(t -> table.add(slots.of(shape.tensors().get(t))));
    return new Step.Code(
        pool.add(written.file()), table.stream().mapToInt(Integer::intValue).toArray());
  }

  private WrittenClasses.Written write(
      String javaName,
      Kernel kernel,
      KernelShape shape,
      Class<?> implemented,
      Consumer<KernelScope> emit) {
    var entry = implemented.getMethods()[0];
    // A hidden class lies in the package of the one that defines it.
    var name = Type.getInternalName(implemented).replace("Code", "_" + javaName);
    var writer = ClassHead.writer();
    ClassHead.write(writer, name, implemented);
    writer.visitSource(sourceFile(kernel), null);
    var method =
        writer.visitMethod(
            Opcodes.ACC_PUBLIC, entry.getName(), Type.getMethodDescriptor(entry), null, null);
    var code = new Code(method, FIRST_FREE_SLOT);
    var scope =
        new KernelScope(
            code, precision, slots, new Code.Local(1, Kind.REF), new Code.Local(2, Kind.REF));
    scope.declare(tensors(kernel), open(kernel), times, shape.sites());
    emit.accept(scope);
    code.end();
    writer.visitEnd();
    return new WrittenClasses.Written(
        writer.toByteArray(), scope.taken().stream().map(shape::number).toList());
  }

  /** How a contraction gets at its factors, and the mover of its result. */
  record Movers(Step.Factor left, Step.Factor right, Step.Code result) {}

  Movers add(Kernel.Contraction product) {
    var shape = KernelShape.of(product, times, slots);
    return new Movers(
        factor(product, shape, "left", product.rows(), product.left(), product.leftInPlace()),
        factor(product, shape, "right", product.columns(), product.right(), product.rightInPlace()),
        mover(product, shape, "result", m -> m.unpack(product)));
  }

  private Step.Factor factor(
      Kernel.Contraction product,
      KernelShape shape,
      String what,
      List<Axis> side,
      Node factor,
      Optional<Expr.Read> inPlace) {
    return new Step.Factor(
        mover(product, shape, what, m -> m.pack(product, side, factor)),
        inPlace.map(
            read ->
                new Step.InPlace(
                    slots.of(read.tensor()),
                    places(product, shape, what + " batch", product.batch(), read, false),
                    places(product, shape, what + " side", side, read, true),
                    places(product, shape, what + " terms", product.reduced(), read, false))));
  }

  private Step.Code places(
      Kernel.Contraction product,
      KernelShape shape,
      String what,
      List<Axis> axes,
      Expr.Read read,
      boolean all) {
    return mover(product, shape, what, m -> m.places(axes, read, all));
  }

  private Step.Code mover(
      Kernel.Contraction product, KernelShape shape, String what, Consumer<MoveEmitter> emit) {
    return add(
        movers,
        product,
        shape,
        what,
        MoverCode.class,
        scope -> {
          product.equation().origin().span().ifPresent(span -> scope.code.line(span.line()));
          emit.accept(new MoveEmitter(scope, new Code.Local(3, Kind.REF)));
        });
  }

  /**
   * What a stack trace shows of a kernel: what its last tensor is called where it is declared. The
   * way there would be another for each use of a layer.
   */
  private static String javaName(Kernel kernel) {
    var name = kernel.equations().getLast().tensor().name();
    int number = name.indexOf('#');
    var shown = number < 0 ? name : name.substring(0, number);
    return NO_LETTER.matcher(shown.substring(shown.lastIndexOf('/') + 1)).replaceAll("_");
  }

  private static String sourceFile(Kernel kernel) {
    for (var equation : kernel.equations()) {
      if (equation.origin().span().isPresent()) {
        return equation.origin().span().get().file().name();
      }
    }
    return "synthetic";
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
      case Kernel.Strip _, Kernel.RowBlocks _, Kernel.Recurrence _ ->
          throw new CompilerBug("it is several classes: " + kernel.getClass());
    };
  }

  private static void add(Set<Atom> variables, Set<String> names) {
    for (var variable : variables) {
      if (variable instanceof Atom.Dim(var dim)) {
        names.add(dim);
      }
    }
  }
}
