package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.codegen.Border;
import dev.nnlang.compiler.codegen.Extents;
import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Plan;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.gpu.Device;
import dev.nnlang.runtime.gpu.DeviceProgram;
import dev.nnlang.runtime.gpu.Launch;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.tensor.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** From a plan to something that runs on a device. */
public final class GpuBackend {
  private static final String PRELUDE = prelude();

  private final Slots slots;
  private final ElementType real;
  private final List<String> gathered = new ArrayList<>();
  private final List<Launch> launches = new ArrayList<>();
  private final StringBuilder kernels = new StringBuilder();

  private GpuBackend(Plan plan, ElementType real) {
    this.slots = new Slots(plan, real);
    this.real = real;
    plan.kernels().forEach(this::add);
  }

  /** Kernels for a plan on a device; reals are stored and computed in this precision. */
  public static Executable compile(Plan plan, ElementType real, Device device) {
    var backend = new GpuBackend(plan, real);
    return new DeviceProgram(
        device,
        Border.of(plan.program(), real),
        backend.slots.table(),
        backend.text(),
        backend.launches,
        backend.slots.carries(),
        backend.slots.outputs(),
        backend.gathered);
  }

  /** The text of a plan's kernels, with all that it needs to be compiled for either driver. */
  public static String text(Plan plan, ElementType real) {
    return new GpuBackend(plan, real).text();
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

  private String text() {
    return "#define NN_DOUBLE %d\n".formatted(real == ElementType.F64 ? 1 : 0) + PRELUDE + kernels;
  }

  private void add(Kernel kernel) {
    var scope = new Scope(new Text(), slots, real, gathered);
    switch (kernel) {
      case Kernel.Nest nest -> nest(nest, scope);
      case Kernel.Contraction product -> {
        var tiles = new ContractionText(scope, product);
        tiles.write();
        finish(
            kernel,
            scope,
            Extents.of(tiles.groups()),
            ContractionText.SIDE,
            ContractionText.SIDE,
            Poly.ZERO);
      }
      case Kernel.Orthogonal(var equation) -> {
        scope.text.line("LOCAL double shared_double[%d];".formatted(OrthogonalText.LANES));
        new OrthogonalText(scope).write(equation);
        finish(
            kernel,
            scope,
            Extent.of(1),
            OrthogonalText.LANES,
            1,
            OrthogonalText.scratch(equation).times(Double.BYTES));
      }
    }
  }

  private void nest(Kernel.Nest nest, Scope scope) {
    var layout = Layout.of(nest);
    new NestText(scope, layout, nest).write(nest);
    var rows = Poly.product(layout.rows().stream().map(Axis::extent).toList());
    if (layout.lanes() > 1) {
      finish(nest, scope, Extents.of(rows), layout.lanes(), 1, Poly.ZERO);
    } else {
      int width = Layout.ROWS_OF_A_GROUP;
      var groups = new Extent.Quotient(Extents.of(rows.plus(width - 1)), Extent.of(width));
      finish(nest, scope, groups, width, 1, Poly.ZERO);
    }
  }

  private void finish(
      Kernel kernel, Scope scope, Extent groups, int width, int height, Poly scratch) {
    var name = "k" + launches.size() + "_" + cName(kernel.equations().getLast().tensor());
    var what =
        String.join(
            ", ", kernel.equations().stream().map(Equation::tensor).map(Tensor::name).toList());
    var body = scope.text.toString();
    kernels
        .append("\nKERNEL(%d, %d) %s(".formatted(width, height, name))
        .append(String.join(", ", scope.declarations()))
        .append(") {\n")
        .append(shared(body, width))
        .append(body)
        .append("}\n");
    launches.add(new Launch(what, name, scope.given(), groups, width, height, Extents.of(scratch)));
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
