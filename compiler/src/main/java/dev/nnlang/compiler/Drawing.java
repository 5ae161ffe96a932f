package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.picture.Costs;
import dev.nnlang.compiler.picture.Picture;
import dev.nnlang.compiler.schedule.Cost;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A declaration of a program as a picture. */
public final class Drawing {
  private Drawing() {}

  /**
   * The picture of a declaration.
   *
   * @param name which one; the first model of the file where none is said
   * @return empty where there is none, or it has errors
   */
  public static Optional<Picture> of(
      Inspection inspection, Optional<String> name, Picture.Level level) {
    return declarations(inspection).stream()
        .filter(f -> name.map(f.name().text()::equals).orElse(f.kind() == Ast.Kind.MODEL))
        .findFirst()
        .flatMap(inspection.findings()::body)
        .map(body -> of(body, level));
  }

  private static Picture of(Typed.Body body, Picture.Level level) {
    var kernels = level == Picture.Level.KERNELS ? kernels(body) : Map.<String, List<String>>of();
    return Picture.of(
        body,
        level,
        path ->
            kernels.entrySet().stream()
                .filter(e -> e.getKey().equals(path) || e.getKey().startsWith(path + "/"))
                .flatMap(e -> e.getValue().stream())
                .toList());
  }

  /** The names of what can be drawn: what maps tensors to tensors and has no errors. */
  public static List<String> drawable(Inspection inspection) {
    return declarations(inspection).stream()
        .filter(f -> inspection.findings().body(f).isPresent())
        .map(f -> f.name().text())
        .toList();
  }

  private static List<Ast.Function> declarations(Inspection inspection) {
    return inspection.workspace().files().getFirst().declarations().stream()
        .filter(Ast.Function.class::isInstance)
        .map(Ast.Function.class::cast)
        .toList();
  }

  /** The kernels of inference, a line each, by the path of the instance that they belong to. */
  private static Map<String, List<String>> kernels(Typed.Body body) {
    var found = new LinkedHashMap<String, List<String>>();
    try {
      var run = new Elaborate.Run(List.of(), Set.of(), Phase.INFERENCE, Set.of());
      var program = Elaborate.run(new Typed.Instance("", body, 1, false), run);
      for (var kernel : Schedule.plan(Pipeline.run(program)).kernels()) {
        var why = kernel.equations().getLast().origin().why();
        int cut = why.lastIndexOf('/');
        found
            .computeIfAbsent(cut < 0 ? "" : why.substring(0, cut), _ -> new ArrayList<>())
            .add(line(kernel));
      }
    } catch (CompilerBug noPlan) {
      // The picture is worth having without them.
      return Map.of();
    }
    return found;
  }

  private static String line(Kernel kernel) {
    var form =
        switch (kernel) {
          case Kernel.Contraction _ -> "contraction";
          case Kernel.Nest _ -> "loop nest";
          case Kernel.Recurrence _ -> "time loop";
          case Kernel.Orthogonal _ -> "orthogonal draw";
        };
    var tensor = kernel.equations().getLast().tensor();
    return form
        + "  "
        + tensor.name().substring(tensor.name().lastIndexOf('/') + 1)
        + (tensor.shape().isEmpty() ? "" : tensor.shape().toString())
        + "  "
        + Costs.count(Cost.flops(kernel))
        + " FLOPs";
  }
}
