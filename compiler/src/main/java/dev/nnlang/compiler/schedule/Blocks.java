package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Program;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Examples of a program that are computed apart from each other, so that a run may take a few at a
 * time, and threads a few each: what lies between kernels then stays in the nearer caches, and
 * threads meet once a run.
 *
 * @param dim the examples: the first axis of all that depends on them
 * @param examples that caches would have at a time; empty, if they have no say
 */
public record Blocks(Atom.Dim dim, OptionalInt examples) {
  /** Bytes between kernels that the second cache holds beside weights. */
  private static final long NEAR = 1 << 19;

  /** The same of a processor's share of the third. */
  private static final long FAR = 12 << 20;

  /** More examples than this are hardly worth cutting. */
  private static final long MOST = 64;

  /** Where what lies between kernels is larger than the second cache, it is few examples. */
  private static final int FEWEST = 2;

  /** What is read again for each block, the weights, is at most this part of what is moved. */
  private static final int PART = 4;

  /** How a plan's examples are taken, if none has to do with another. */
  public static Optional<Blocks> of(Plan plan) {
    return of(plan, plan.kernels());
  }

  /**
   * The same where kernels of a plan run several times, on other tensors, for layers that are
   * alike.
   *
   * @param run all that a run does
   */
  public static Optional<Blocks> of(Plan plan, List<Kernel> run) {
    return plan.program().open().stream()
        .filter(dim -> new Apart(dim).holds(plan))
        .map(dim -> new Blocks(dim, sized(plan, run, dim)))
        .findFirst();
  }

  private static OptionalInt sized(Plan plan, List<Kernel> run, Atom.Dim dim) {
    long alive = 0;
    for (var bytes : plan.alive()) {
      alive = Math.max(alive, each(bytes, dim));
    }
    long moved = 0;
    long again = 0;
    var known = new IdentityHashMap<Kernel, long[]>();
    for (var kernel : run) {
      if (!plan.isFixed(kernel)) {
        var bytes =
            known.computeIfAbsent(
                kernel, k -> new long[] {each(Cost.bytes(k, plan), dim), again(k, plan, dim)});
        moved += bytes[0];
        again += bytes[1];
      }
    }
    long examples = Math.max(FEWEST, NEAR / Math.max(1, alive));
    while (PART * again > examples * moved && examples * alive <= FAR) {
      examples *= 2;
    }
    return examples * alive <= FAR && examples <= MOST
        ? OptionalInt.of((int) examples)
        : OptionalInt.empty();
  }

  private static long each(Poly bytes, Atom.Dim dim) {
    return Sizes.typical(bytes.substitute(Map.of(dim, Poly.of(1))))
        - Sizes.typical(bytes.substitute(Map.of(dim, Poly.ZERO)));
  }

  /** What all examples read, and each round of a loop. */
  private static long again(Kernel kernel, Plan plan, Atom.Dim dim) {
    if (kernel instanceof Kernel.Recurrence loop) {
      long round = 0;
      for (var each : loop.kernels()) {
        round += again(each, plan, dim);
      }
      return round * Sizes.typical(loop.time().extent());
    }
    return kernel.equations().stream()
        .flatMap(e -> Walk.tensors(e).stream())
        .distinct()
        .map(Cost::bytes)
        .filter(b -> b.variables().isEmpty())
        .mapToLong(Sizes::typical)
        .sum();
  }

  /** Whether nothing that one example is made of has to do with another. */
  private record Apart(Atom.Dim dim) {
    boolean holds(Plan plan) {
      var program = plan.program();
      return program.updates().isEmpty()
          && program.inputs().stream().map(Program.Input::tensor).allMatch(this::isShaped)
          && program.inputs().stream().anyMatch(i -> isOf(i.tensor()))
          && program.outputs().stream().allMatch(o -> isOf(o.tensor()))
          && plan.kernels().stream().flatMap(k -> k.equations().stream()).allMatch(this::keeps);
    }

    /** Whether a tensor has examples first. */
    private boolean isOf(Tensor tensor) {
      return !tensor.shape().isEmpty() && tensor.shape().getFirst().equals(Poly.of(dim));
    }

    private boolean isShaped(Tensor tensor) {
      return tensor.shape().stream().skip(isOf(tensor) ? 1 : 0).noneMatch(e -> e.mentions(dim));
    }

    private boolean keeps(Equation equation) {
      if (!isShaped(equation.tensor())
          || equation.reduced().stream().anyMatch(a -> a.extent().mentions(dim))) {
        return false;
      }
      var own =
          isOf(equation.tensor())
              ? Optional.of(Poly.of(equation.axes().getFirst().index()))
              : Optional.<Poly>empty();
      return Walk.roots(equation).stream().noneMatch(r -> isExample(r, own))
          && Walk.nodes(equation).stream().allMatch(n -> keeps(n, own));
    }

    private boolean keeps(Node node, Optional<Poly> own) {
      return switch (node.expr()) {
        case Expr.Draw _ -> false;
        case Expr.Index(var value) -> !value.mentions(dim);
        case Expr.Read(var tensor, var subscripts) -> {
          boolean first =
              !isOf(tensor)
                  || subscripts.getFirst().expr() instanceof Expr.Index(var value)
                      && own.isPresent()
                      && value.equals(own.get());
          yield first
              && subscripts.stream().skip(isOf(tensor) ? 1 : 0).noneMatch(s -> isExample(s, own));
        }
        default -> Walk.operands(node.expr()).stream().noneMatch(o -> isExample(o, own));
      };
    }

    /** Whether an integer depends on the number of the example. */
    private static boolean isExample(Node node, Optional<Poly> own) {
      return node.expr() instanceof Expr.Index(var value)
          && own.isPresent()
          && own.get().variables().stream().anyMatch(value::mentions);
    }
  }
}
