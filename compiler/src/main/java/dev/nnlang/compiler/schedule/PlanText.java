package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.EquationText;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Poly;
import java.util.List;
import java.util.stream.Collectors;

/** A plan as text, for {@code nn explain}. */
final class PlanText {
  private PlanText() {}

  static String of(Plan plan) {
    var text = new StringBuilder("plan ").append(plan.program().name()).append('\n');
    int number = 0;
    for (var kernel : plan.kernels()) {
      var work = Cost.flops(kernel) + " FLOP, " + Cost.bytes(kernel, plan) + " bytes moved";
      kernel(Integer.toString(number), "", work, kernel, plan, text);
      number++;
    }
    memory(plan, text);
    Blocks.of(plan)
        .ifPresent(
            b ->
                text.append("blocks: ")
                    .append(b.examples().isPresent() ? b.examples().getAsInt() : "a thread's part")
                    .append(" of ")
                    .append(b.dim().name())
                    .append(" at a time\n"));
    return text.toString();
  }

  private static void kernel(
      String number, String margin, String work, Kernel kernel, Plan plan, StringBuilder text) {
    text.append(margin).append(number).append(": ").append(head(kernel)).append('\n');
    var within = margin + "    ";
    switch (kernel) {
      case Kernel.Recurrence loop -> {
        int inner = 0;
        for (var each : loop.kernels()) {
          var round = Cost.flops(each, loop) + " FLOP a round";
          kernel(number + "." + inner++, within, round, each, plan, text);
        }
      }
      case Kernel.RowBlocks blocks -> {
        int inner = 0;
        for (var each : blocks.kernels()) {
          kernel(number + "." + inner++, within, Cost.flops(each) + " FLOP", each, plan, text);
        }
      }
      case Kernel.Nest nest -> {
        stages(nest.stages(), within, text);
        equations(within, kernel, plan, text);
      }
      case Kernel.Contraction _, Kernel.Strip _, Kernel.Orthogonal _ ->
          equations(within, kernel, plan, text);
    }
    text.append(within).append("work: ").append(work).append('\n');
    if (plan.isFixed(kernel)) {
      text.append(within).append("once: until a parameter changes\n");
    }
    if (!kernel.remark().isEmpty()) {
      text.append(within).append("note: ").append(kernel.remark()).append('\n');
    }
  }

  private static void equations(String margin, Kernel kernel, Plan plan, StringBuilder text) {
    for (var equation : kernel.equations()) {
      text.append(margin).append(EquationText.of(equation)).append('\n');
      text.append(margin).append("    ").append(where(equation, plan)).append(from(equation));
      text.append('\n');
    }
  }

  private static String head(Kernel kernel) {
    return switch (kernel) {
      case Kernel.Nest(var parallel, _, var stages, _, _) ->
          (stages.size() == 1 && stages.getFirst() instanceof Stage.Compute
                  ? "nest"
                  : "nest of " + stages.size() + " stages")
              + (parallel.isEmpty() ? "" : ", parallel over " + axes(parallel));
      case Kernel.Contraction c ->
          "contraction, batch ["
              + axes(c.batch())
              + "], rows ["
              + axes(c.rows())
              + "], columns ["
              + axes(c.columns())
              + "], reduced ["
              + axes(c.reduced())
              + "]"
              + (c.epilogue().isEmpty() ? "" : underMask(c.tail()));
      case Kernel.Strip s ->
          "strip, batch ["
              + axes(s.batch())
              + "], rows ["
              + axes(s.rows())
              + "], columns ["
              + axes(s.columns())
              + "]"
              + s.most().map(m -> ", relative to " + m.tensor()).orElse("");
      case Kernel.RowBlocks b ->
          "blocks of rows, batch ["
              + axes(b.batch())
              + "], rows ["
              + axes(b.rows())
              + "], columns ["
              + axes(b.columns())
              + "]"
              + held(b);
      case Kernel.Recurrence loop ->
          "time loop over "
              + loop.time()
              + switch (loop.direction()) {
                case FORWARD -> "";
                case BACKWARD -> ", backwards";
              }
              + ApartRounds.of(loop).map(examples -> ", each of " + examples + " apart").orElse("");
      case Kernel.Orthogonal _ -> "orthogonal draw";
    };
  }

  private static String held(Kernel.RowBlocks blocks) {
    if (blocks.held().isAll()) {
      return "";
    }
    var row = Poly.of(blocks.rows().getFirst().index());
    var column = Poly.of(blocks.columns().getFirst().index());
    return blocks.held().any().stream()
        .map(
            all ->
                all.stream()
                    .map(
                        c ->
                            row.times(c.row()).plus(column.times(c.column())).plus(c.rest())
                                + " >= 0")
                    .collect(Collectors.joining(" and ")))
        .collect(Collectors.joining(" or ", " where ", ""));
  }

  private static void stages(List<Stage> stages, String indent, StringBuilder text) {
    for (var stage : stages) {
      text.append(indent);
      switch (stage) {
        case Stage.Compute(var equation, var inner) -> {
          text.append("one by one");
          text.append(inner.isEmpty() ? "" : " over " + axes(inner));
          text.append(": ").append(equation.tensor()).append('\n');
        }
        case Stage.Sweep sweep -> {
          text.append("lanes over ").append(axes(sweep.run()));
          text.append(sweep.around().isEmpty() ? "" : ", around them " + axes(sweep.around()));
          text.append(sweep.within().isEmpty() ? "" : ", within " + axes(sweep.within()));
          text.append(underMask(sweep.tail()));
          text.append(sweep.abreast() == 1 ? "" : ", " + sweep.abreast() + " vectors abreast");
          text.append(ahead(sweep.ahead()));
          text.append(": ").append(names(sweep.equations())).append('\n');
        }
        case Stage.Time(var index, var extents, var direction, var inside) -> {
          text.append(direction == Direction.FORWARD ? "in time over " : "back in time over ");
          text.append(index).append(": ");
          text.append(String.join(" or ", extents.stream().map(Object::toString).toList()));
          text.append('\n');
          stages(inside, indent + "  ", text);
        }
      }
    }
  }

  private static String ahead(List<Node> reads) {
    if (reads.isEmpty()) {
      return "";
    }
    var tensors = reads.stream().map(n -> ((Expr.Read) n.expr()).tensor().toString()).distinct();
    return ", ahead the next row of " + tensors.collect(Collectors.joining(", "));
  }

  private static String underMask(Tail tail) {
    return switch (tail) {
      case APART -> "";
      case MASKED -> ", under a mask";
    };
  }

  private static String names(List<Equation> equations) {
    return String.join(", ", equations.stream().map(e -> e.tensor().name()).toList());
  }

  private static void memory(Plan plan, StringBuilder text) {
    var alive = plan.alive();
    int most = 0;
    for (int k = 1; k < alive.size(); k++) {
      most = Sizes.typical(alive.get(k)) > Sizes.typical(alive.get(most)) ? k : most;
    }
    if (!alive.isEmpty()) {
      text.append("memory: ").append(alive.get(most));
      text.append(" bytes of buffers at most, at kernel ").append(most).append('\n');
    }
    for (var saving : plan.savings()) {
      switch (saving) {
        case Saving.Recomputed(var tensor, var bytes) ->
            text.append("    recomputed ")
                .append(tensor)
                .append(": ")
                .append(bytes)
                .append(" bytes less moved\n");
        case Saving.Bordered(var tensor, var copy, var bytes) ->
            text.append("    kept as ")
                .append(copy)
                .append(", ")
                .append(tensor)
                .append(": ")
                .append(bytes)
                .append(" bytes less moved\n");
        case Saving.Saved(var tensor, var reason) ->
            text.append("    saved ")
                .append(tensor)
                .append(", ")
                .append(Cost.bytes(tensor))
                .append(" bytes: ")
                .append(reason.words())
                .append('\n');
      }
    }
  }

  private static String from(Equation equation) {
    var place = equation.origin().span().map(s -> s + ": ").orElse("");
    return "  -- " + place + equation.origin().why();
  }

  /** Where its tensor is kept. */
  private static String where(Equation equation, Plan plan) {
    var tensor = equation.tensor();
    var state = plan.inPlace().get(tensor);
    var life = plan.lives().get(tensor);
    if (state != null) {
      return "in place of " + state;
    }
    if (isWindow(tensor, plan)) {
      return "a block of rows in memory of each thread";
    }
    return life == null
        ? "never in memory"
        : "in a buffer, kernels " + life.first() + " .. " + life.last();
  }

  private static boolean isWindow(Tensor tensor, Plan plan) {
    return plan.kernels().stream()
        .anyMatch(k -> k instanceof Kernel.RowBlocks b && b.windows().contains(tensor));
  }

  private static String axes(List<Axis> axes) {
    return String.join(", ", axes.stream().map(Axis::toString).toList());
  }
}
