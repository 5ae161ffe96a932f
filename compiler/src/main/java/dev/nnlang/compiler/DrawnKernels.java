package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.elaborate.Elaborate;
import dev.nnlang.compiler.elaborate.Phase;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.picture.Costs;
import dev.nnlang.compiler.picture.Kernels;
import dev.nnlang.compiler.schedule.Cost;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Schedule;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The kernels of a prediction, for pictures: what the network costs whoever uses it. A step of
 * training fuses them with those of the derivative and is no picture of the model; {@code nn
 * explain} prints it.
 *
 * <p>A kernel is written where its last equation belongs; what it computes on the way for others is
 * said to be fused into that.
 */
final class DrawnKernels implements Kernels {
  private static final Poly BATCH = Typed.Dimension.batch().size();

  /**
   * A line about an equation.
   *
   * @param into whose kernel it is in, where that is another's
   */
  private record Note(String name, String line, Optional<String> into) {}

  private final List<Note> notes = new ArrayList<>();

  private DrawnKernels() {}

  /** Those of a body, for a batch of examples. */
  static Kernels of(Typed.Body body) {
    var drawn = new DrawnKernels();
    try {
      var program =
          Elaborate.run(
              new Typed.Instance("", body, 1, false), Elaborate.Run.batched(Phase.INFERENCE));
      Schedule.plan(Pipeline.run(program)).kernels().forEach(drawn::add);
    } catch (CompilerBug noPlan) {
      // The picture is worth having without them.
      return NONE;
    }
    return drawn;
  }

  private void add(Kernel kernel) {
    var names = new LinkedHashSet<String>();
    kernel.equations().forEach(e -> names.add(name(e)));
    var last = name(kernel.equations().getLast());
    for (var name : names) {
      if (name.equals(last)) {
        notes.add(new Note(name, line(kernel), Optional.empty()));
      } else {
        notes.add(new Note(name, "fused into " + seen(last, name), Optional.of(owner(last))));
      }
    }
  }

  /**
   * As the program's equation was called from which this one was made: what rewriting has split off
   * says so in its reason, {@code the largest exponent of softmax_1/p}.
   */
  private static String name(Equation equation) {
    var words = List.of(equation.origin().why().split("[ ,:]+"));
    return words.stream().filter(w -> w.contains("/")).findFirst().orElse(words.getFirst());
  }

  /** What a name belongs to, from where another stands. */
  private static String seen(String name, String from) {
    int common = 0;
    for (int i = 0; i < name.length() && i < from.length() && name.charAt(i) == from.charAt(i); ) {
      i++;
      common = name.charAt(i - 1) == '/' ? i : common;
    }
    return owner(name.substring(common));
  }

  private static String owner(String name) {
    int cut = name.lastIndexOf('/');
    return cut < 0 ? name : name.substring(0, cut);
  }

  private static String line(Kernel kernel) {
    var form =
        switch (kernel) {
          case Kernel.Contraction _ -> "contraction";
          case Kernel.Nest _ -> "loop nest";
          case Kernel.Strip _, Kernel.RowBlocks _ -> "strip";
          case Kernel.Recurrence _ -> "time loop";
          case Kernel.Orthogonal _ -> "orthogonal draw";
        };
    var tensor = kernel.equations().getLast().tensor();
    var flops = Cost.flops(kernel).substitute(a -> BATCH.mentions(a) ? Poly.ONE : Poly.of(a));
    return form
        + "  "
        + tensor.name().substring(tensor.name().lastIndexOf('/') + 1)
        + shape(tensor)
        + "  "
        + Costs.count(flops)
        + " FLOPs";
  }

  private static String shape(Tensor tensor) {
    return tensor.shape().isEmpty()
        ? ""
        : tensor.shape().stream().map(Poly::toString).collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public String name(Typed.Body body, Typed.Call call) {
    return Elaborate.name(body, call);
  }

  @Override
  public List<String> lines(String name) {
    return notes.stream()
        .filter(n -> isIn(n.name(), name))
        .filter(n -> n.into().filter(i -> isIn(i, name)).isEmpty())
        .map(Note::line)
        .distinct()
        .toList();
  }

  private static boolean isIn(String inner, String outer) {
    return inner.equals(outer) || inner.startsWith(outer + "/");
  }
}
