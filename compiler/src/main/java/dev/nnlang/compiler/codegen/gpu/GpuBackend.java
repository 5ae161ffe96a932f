package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.codegen.Extents;
import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Direction;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.gpu.Command;
import dev.nnlang.runtime.gpu.Device;
import dev.nnlang.runtime.gpu.DeviceProgram;
import dev.nnlang.runtime.gpu.Devices;
import dev.nnlang.runtime.gpu.Launch;
import dev.nnlang.runtime.gpu.Product;
import dev.nnlang.runtime.tensor.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** From a plan to something that runs on a device. */
public final class GpuBackend {
  private static final String PRELUDE = prelude();

  private final Slots slots;
  private final ElementType real;
  private final Arithmetic arithmetic;
  private final List<String> gathered = new ArrayList<>();
  private final List<Command> commands;

  /** The loops around what is written, and what is in them so far. */
  private final Deque<List<Command>> inside = new ArrayDeque<>();

  private final List<Atom.Index> times = new ArrayList<>();

  /** By text without a name: the name. */
  private final Map<String, String> names = new HashMap<>();

  /** By name: the text. */
  private final Map<String, String> kernels = new LinkedHashMap<>();

  /** Whether a library takes plain products; only asked where there is one. */
  private final BooleanSupplier library;

  private GpuBackend(Plan plan, ElementType real, Arithmetic arithmetic, BooleanSupplier library) {
    this.arithmetic = arithmetic;
    this.library = library;
    this.slots = new Slots(plan, real);
    this.real = real;
    this.inside.push(new ArrayList<>());
    plan.kernels().forEach(this::add);
    this.commands = inside.pop();
  }

  /**
   * Kernels for a plan on a device.
   *
   * @param real how reals are stored and computed
   * @param arithmetic of products; {@code ieee} where reals have 64 bits
   */
  public static DeviceProgram compile(
      Plan plan, ElementType real, Arithmetic arithmetic, Device device) {
    var backend = new GpuBackend(plan, real, arithmetic, () -> device.products().isPresent());
    return new DeviceProgram(
        device,
        Border.of(plan.program(), real),
        backend.slots.table(),
        head(real, arithmetic),
        backend.kernels,
        backend.commands,
        backend.slots.carries(),
        backend.slots.outputs(),
        backend.gathered);
  }

  /** The kernels of a plan, by name; each that does the same as another is that one. */
  public static Map<String, String> kernels(Plan plan, ElementType real, Arithmetic arithmetic) {
    return new GpuBackend(plan, real, arithmetic, () -> true).kernels;
  }

  /** What of a plan runs on a device, a line for each launch: all of it. */
  public static String describe(Plan plan, ElementType real, Arithmetic arithmetic) {
    var backend = new GpuBackend(plan, real, arithmetic, () -> true);
    var text = new StringBuilder("plan %s on a device\n".formatted(plan.program().name()));
    describe(backend.commands, "  ", text);
    RoundedSums.of(plan, arithmetic).forEach(sums -> text.append(sums).append('\n'));
    if (backend.commands.stream().anyMatch(Product.class::isInstance)) {
      text.append(Devices.products()).append('\n');
    }
    return text.append(
            "offloaded: all %d kernels, in %d forms of launches; nothing is left to the processor\n"
                .formatted(plan.kernels().size(), backend.kernels.size()))
        .toString();
  }

  private static void describe(List<Command> commands, String indent, StringBuilder text) {
    for (var command : commands) {
      switch (command) {
        case Launch launch ->
            text.append(
                "%s%s: %s groups of %d work-items: %s\n"
                    .formatted(
                        indent,
                        launch.kernel(),
                        launch.groups(),
                        launch.width() * launch.height(),
                        launch.what()));
        case Product product -> {
          text.append(indent).append(text(product)).append(":\n");
          describe(List.copyOf(product.behind()), indent + "  behind it ", text);
          describe(List.copyOf(product.otherwise()), indent + "  without it ", text);
        }
        case Command.Loop(_, var rounds, var backwards, var body) -> {
          text.append(
              "%s%s rounds%s:\n"
                  .formatted(indent, rounds, backwards ? ", the last one first" : ""));
          describe(body, indent + "  ", text);
        }
      }
    }
  }

  private static String text(Product product) {
    return "%s: a product of %s by %s by %s for cuBLASLt where there is CUDA%s%s"
        .formatted(
            product.what(),
            product.rows(),
            product.terms(),
            product.columns(),
            product.bias().isPresent() ? ", with bias" : "",
            product.atLeastZero() ? ", at least 0" : "");
  }

  private static String prelude() {
    try (var in = GpuBackend.class.getResourceAsStream("prelude.h")) {
      if (in == null) {
        throw new CompilerBug("the prelude of kernels is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands before kernels. */
  public static String head(ElementType real, Arithmetic arithmetic) {
    return "#define NN_DOUBLE %d\n#define NN_MATH %d\n"
            .formatted(real == ElementType.F64 ? 1 : 0, arithmetic.number())
        + PRELUDE;
  }

  private void add(Kernel kernel) {
    switch (kernel) {
      case Kernel.Nest nest -> nest(nest);
      case Kernel.Contraction product -> contraction(product);
      case Kernel.Strip strip -> strip(strip);
      case Kernel.RowBlocks _ -> throw new CompilerBug("blocks of rows are for processors");
      case Kernel.Recurrence loop -> loop(loop);
      case Kernel.Orthogonal(var equation) -> {
        var scope = scope();
        scope.text.line("LOCAL double shared_double[%d];".formatted(OrthogonalText.LANES));
        new OrthogonalText(scope).write(equation);
        var bytes = OrthogonalText.scratch(equation).times(Double.BYTES);
        finish(kernel, scope, Poly.ONE, OrthogonalText.LANES, 1, bytes);
      }
    }
  }

  private void loop(Kernel.Recurrence loop) {
    var time = loop.time();
    inside.push(new ArrayList<>());
    times.add(time.index());
    loop.kernels().forEach(this::add);
    times.removeLast();
    var body = inside.pop();
    boolean backwards = loop.direction() == Direction.BACKWARD;
    inside
        .peek()
        .add(
            new Command.Loop(slots.time(time.index()), Extents.of(time.extent()), backwards, body));
  }

  private Scope scope() {
    var scope = new Scope(new Text(), slots, real, gathered);
    times.forEach(scope::round);
    return scope;
  }

  private void nest(Kernel.Nest nest) {
    var scope = scope();
    if (times.isEmpty() && LinearText.takes(nest)) {
      var linear = new LinearText(nest);
      linear.write(scope);
      finish(nest, scope, groups(linear.items()), Layout.ROWS_OF_A_GROUP, 1, Poly.ZERO);
      return;
    }
    var layout = Layout.of(nest, times);
    new NestText(scope, layout, nest).write(nest);
    var rows = Poly.product(layout.rows().stream().map(Axis::extent).toList());
    if (layout.lanes() > 1) {
      finish(nest, scope, rows, layout.lanes(), 1, Poly.ZERO);
    } else {
      var items = layout.fours().isPresent() ? rows.floorDiv(Poly.of(Quads.WIDE)) : rows;
      finish(nest, scope, groups(items), Layout.ROWS_OF_A_GROUP, 1, Poly.ZERO);
    }
  }

  /** Groups of work-items that each have a row. */
  private static Poly groups(Poly rows) {
    return rows.plus(Layout.ROWS_OF_A_GROUP - 1).floorDiv(Poly.of(Layout.ROWS_OF_A_GROUP));
  }

  private void contraction(Kernel.Contraction product) {
    var plain = times.isEmpty() ? PlainProduct.of(product) : Optional.<PlainProduct>empty();
    if (plain.isPresent() && library.getAsBoolean()) {
      plain(product, plain.get());
    } else {
      tiles(product);
    }
  }

  /** Tiles are there for where the library refuses. */
  private void plain(Kernel.Contraction product, PlainProduct plain) {
    var otherwise = launches(() -> tiles(product));
    var behind =
        plain.home().isPresent()
            ? List.<Launch>of()
            : launches(
                () -> {
                  var form = new ContractionText(product, arithmetic);
                  var sums = scope();
                  form.writeBehind(sums);
                  finish(
                      product, sums, groups(form.elements()), Layout.ROWS_OF_A_GROUP, 1, Poly.ZERO);
                });
    inside.peek().add(plain.command(names(product), slots, real, arithmetic, behind, otherwise));
  }

  private List<Launch> launches(Runnable body) {
    inside.push(new ArrayList<>());
    body.run();
    return inside.pop().stream().map(Launch.class::cast).toList();
  }

  private void tiles(Kernel.Contraction product) {
    var form = new ContractionText(product, arithmetic);
    var bytes = form.scratch().times(real == ElementType.F64 ? Double.BYTES : Float.BYTES);
    var tiles = scope();
    form.writeTiles(tiles);
    finish(product, tiles, form.groups(), Slices.SIDE, Slices.SIDE, bytes);
    if (form.hasParts()) {
      var sums = scope();
      form.writeSums(sums);
      finish(product, sums, groups(form.elements()), Layout.ROWS_OF_A_GROUP, 1, bytes);
    }
  }

  private void strip(Kernel.Strip strip) {
    var scope = scope();
    var form = new StripText(scope, strip, arithmetic);
    form.write();
    finish(strip, scope, form.groups(), Slices.SIDE, Slices.SIDE, Poly.ZERO);
  }

  private void finish(
      Kernel kernel, Scope scope, Poly groups, int width, int height, Poly scratch) {
    var what = names(kernel);
    var body = scope.text.toString();
    var text =
        "(%s) {\n%s%s}\n"
            .formatted(String.join(", ", scope.declarations()), shared(body, width), body);
    var size = "KERNEL(%d, %d) ".formatted(width, height);
    var name =
        names.computeIfAbsent(
            size + text,
            _ -> "k" + names.size() + "_" + cName(kernel.equations().getLast().tensor()));
    kernels.putIfAbsent(name, "\n" + size + name + text);
    var launch =
        new Launch(
            what,
            name,
            scope.given(),
            Extents.of(groups),
            width,
            height,
            scope.counts(),
            Extents.of(scratch));
    inside.peek().add(launch);
  }

  /** What a launch says that it computes. */
  public static String names(Kernel kernel) {
    return String.join(
        ", ", kernel.equations().stream().map(Equation::tensor).map(Tensor::name).toList());
  }

  /** Local memory of a group, as far as its body mentions it. */
  private static String shared(String body, int lanes) {
    var text = new StringBuilder();
    for (var type : List.of("REAL", "i64", "int")) {
      if (body.contains("shared_" + type)) {
        text.append("  LOCAL %s shared_%s[%d];\n".formatted(type, type, lanes));
      }
    }
    if (body.contains("places[")) {
      text.append("  LOCAL i64 places[%d];\n".formatted(lanes));
    }
    return text.toString();
  }

  /** A name that a profiler can show. */
  private static String cName(Tensor tensor) {
    return tensor.name().replaceAll("[^A-Za-z0-9_]", "_");
  }
}
