package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.codegen.Extents;
import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.ApartRounds;
import dev.nnlang.compiler.schedule.Blocks;
import dev.nnlang.compiler.schedule.Cost;
import dev.nnlang.compiler.schedule.Direction;
import dev.nnlang.compiler.schedule.Forms;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.cpu.BlockSize;
import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.cpu.Step;
import dev.nnlang.runtime.program.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/** From a plan to something that runs. */
public final class JvmBackend {
  private final Plan plan;
  private final Slots slots;
  private final KernelClasses classes;

  /** The time loops around the kernel that is written, from outside to inside. */
  private final List<Kernel.Recurrence> loops = new ArrayList<>();

  private JvmBackend(Plan plan, Slots slots, Precision precision) {
    this.plan = plan;
    this.slots = slots;
    this.classes = new KernelClasses(slots, precision);
  }

  /** Bytecode for a plan; reals are stored and computed in this precision. */
  public static CompiledProgram compile(Plan plan, Precision precision) {
    return new CompiledProgram(parts(plan, precision));
  }

  /** Bytecode for all forms of a program. */
  public static CompiledProgram compile(Forms forms, Precision precision) {
    return compile(forms, plan -> Optional.of(parts(plan, precision))).orElseThrow();
  }

  /**
   * Bytecode for all forms of a program.
   *
   * @param parts what that of a plan is made of; if it has nothing for one, there is no program
   */
  public static Optional<CompiledProgram> compile(
      Forms forms, Function<Plan, Optional<CompiledProgram.Parts>> parts) {
    var few = parts.apply(forms.few());
    if (few.isEmpty() || forms.many().isEmpty()) {
      return few.map(CompiledProgram::new);
    }
    var many = forms.many().get();
    var dim = many.examples().name();
    return parts
        .apply(many.plan())
        .map(its -> few.get().with(new CompiledProgram.Many(dim, many.least(), its)))
        .map(CompiledProgram::new);
  }

  /** What the program of a plan is made of: its steps are those of the plan's kernels, in order. */
  public static CompiledProgram.Parts parts(Plan plan, Precision precision) {
    var slots = new Slots(plan, precision.element());
    var backend = new JvmBackend(plan, slots, precision);
    var steps = plan.kernels().stream().map(backend::outermost).toList();
    return new CompiledProgram.Parts(
        Border.of(plan.program(), precision.element()),
        precision.element(),
        slots.table(),
        steps,
        slots.carries(),
        slots.outputs(),
        blocks(plan, plan.kernels()),
        backend.classes.kernels(),
        backend.classes.movers(),
        TileClass.bytes(precision),
        Optional.empty());
  }

  /**
   * How the program of a plan takes its examples.
   *
   * @param run the kernels, as often as they run for layers that are alike
   */
  public static Optional<BlockSize> blocks(Plan plan, List<Kernel> run) {
    return Blocks.of(plan, run)
        .map(b -> new BlockSize(b.dim().name(), b.examples().orElse(BlockSize.ALL)));
  }

  private Step outermost(Kernel kernel) {
    var step = step(kernel);
    return plan.isFixed(kernel) ? new Step.Fixed(step) : step;
  }

  private Step step(Kernel kernel) {
    classes.inside(loops.stream().map(l -> l.time().index()).toList());
    return switch (kernel) {
      case Kernel.Nest nest -> nest(nest);
      case Kernel.Orthogonal draw ->
          new Step.Nest(classes.add(draw), Extent.of(1), Extent.of(1), what(draw));
      case Kernel.Strip _ -> throw new CompilerBug("strips are for devices");
      case Kernel.RowBlocks blocks -> blocks(blocks);
      case Kernel.Recurrence loop -> {
        loops.add(loop);
        var body = loop.kernels().stream().map(this::step).toList();
        loops.removeLast();
        yield new Step.Loop(
            slots.time(loop.time().index()),
            Extents.of(loop.time().extent()),
            loop.direction() == Direction.BACKWARD,
            ApartRounds.of(loop).map(Extents::of),
            body);
      }
      case Kernel.Contraction product -> product(product);
    };
  }

  private Step.Nest nest(Kernel.Nest nest) {
    return new Step.Nest(classes.add(nest), items(nest), nanos(nest), what(nest));
  }

  private Step.Product product(Kernel.Contraction product) {
    var movers = classes.add(product);
    return new Step.Product(
        movers.left(),
        movers.right(),
        kept(product.right()),
        movers.result(),
        direct(product),
        size(product.batch()),
        size(product.rows()),
        size(product.columns()),
        size(product.reduced()),
        what(product));
  }

  private Step.RowBlocks blocks(Kernel.RowBlocks blocks) {
    var scores = blocks.scores().stream().map(this::product).toList();
    var sums = blocks.sums().stream().map(this::product).toList();
    if (!blocks.held().isAll()) {
      classes.inside(List.of(Kernel.RowBlocks.FIRST, Kernel.RowBlocks.END));
    }
    return new Step.RowBlocks(
        scores,
        blocks.nest().map(this::nest),
        sums,
        new Step.Held(
            slots.time(Kernel.RowBlocks.FIRST),
            slots.time(Kernel.RowBlocks.END),
            blocks.held().any().stream()
                .map(
                    all ->
                        all.stream()
                            .map(c -> new Step.Condition(c.row(), c.column(), Extents.of(c.rest())))
                            .toList())
                .toList()),
        blocks.windows().stream().map(slots::of).distinct().sorted().toList(),
        size(blocks.batch()),
        size(blocks.rows()),
        size(blocks.columns()));
  }

  /** The slot of a result that is what the sums are, in their order. */
  private OptionalInt direct(Kernel.Contraction product) {
    boolean isPlain =
        product.epilogue().isEmpty()
            && product
                .equation()
                .axes()
                .equals(
                    Stream.of(product.batch(), product.rows(), product.columns())
                        .flatMap(List::stream)
                        .toList());
    return isPlain ? OptionalInt.of(slots.of(product.equation().tensor())) : OptionalInt.empty();
  }

  private Step.Kept kept(Node right) {
    if (!loops.stream().allMatch(l -> l.isSame(right))) {
      return Step.Kept.NOT;
    }
    if (plan.isFixed(right)) {
      return Step.Kept.FIXED;
    }
    return loops.isEmpty() ? Step.Kept.NOT : Step.Kept.IN_LOOP;
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

  private Extent nanos(Kernel.Nest nest) {
    var all = loops.isEmpty() ? Cost.flops(nest) : Cost.flops(nest, loops.getLast());
    var flops = Extents.of(all.floorDiv(Poly.of(Step.Nest.OPERATIONS_PER_NANO)));
    return new Extent.Quotient(flops, items(nest));
  }

  private static String what(Kernel kernel) {
    return String.join(
        ", ", kernel.equations().stream().map(Equation::tensor).map(Tensor::name).toList());
  }

  /** For tests: the class files of a plan's kernels and movers. */
  public static List<byte[]> classFiles(Plan plan, Precision precision) {
    var backend = new JvmBackend(plan, new Slots(plan, precision.element()), precision);
    plan.kernels().forEach(backend::step);
    var files = new ArrayList<>(backend.classes.kernels());
    files.addAll(backend.classes.movers());
    return files;
  }
}
