package dev.nnlang.compiler.equation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes a failing random program smaller while it still fails, one change at a time: an equation's
 * body becomes one of its parts or a constant, a guard or a reduction's axes go, and what nothing
 * needs any more is dropped. A program that the verifier refuses is never tried.
 */
public final class ProgramShrinker {
  private final Predicate<RandomPrograms.Case> fails;

  private ProgramShrinker(Predicate<RandomPrograms.Case> fails) {
    this.fails = fails;
  }

  /**
   * The smallest program found for which {@code fails} is still true; an exception that {@code
   * fails} throws counts as no failure, since a change may make a program invalid.
   */
  public static RandomPrograms.Case shrink(
      RandomPrograms.Case failing, Predicate<RandomPrograms.Case> fails) {
    return new ProgramShrinker(fails).shrink(failing);
  }

  private RandomPrograms.Case shrink(RandomPrograms.Case failing) {
    var best = failing;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (var candidate : candidates(best)) {
        if (stillFails(candidate)) {
          best = candidate;
          smaller = true;
          break;
        }
      }
    }
    return best;
  }

  private boolean stillFails(RandomPrograms.Case candidate) {
    try {
      return Verifier.verify(candidate.program()).isEmpty() && fails.test(candidate);
    } catch (RuntimeException _) {
      return false;
    }
  }

  private static List<RandomPrograms.Case> candidates(RandomPrograms.Case from) {
    var all = new ArrayList<RandomPrograms.Case>();
    var p = from.program();
    for (var output : p.outputs()) {
      if (!output.tensor().equals(from.loss())) {
        all.add(with(from, p.equations(), p.outputs().stream().filter(o -> o != output).toList()));
      }
    }
    for (int at = 0; at < p.equations().size(); at++) {
      for (var simpler : simpler(p.nodes(), p.equations().get(at))) {
        var changed = new ArrayList<>(p.equations());
        changed.set(at, simpler);
        all.add(with(from, changed, p.outputs()));
      }
    }
    return all;
  }

  private static List<Equation> simpler(Nodes nodes, Equation e) {
    var bodies = new ArrayList<Node>();
    int size = below(e.body()).size();
    var constant =
        switch (e.body().type()) {
          case REAL -> nodes.real(0.5);
          case INT -> nodes.integer(0);
          case BOOL -> nodes.bool(true);
        };
    if (size > 1) {
      bodies.add(constant);
    }
    below(e.body()).stream()
        .filter(n -> n != e.body() && n.type() == e.body().type())
        .forEach(bodies::add);
    var all = new ArrayList<Equation>();
    for (var body : bodies) {
      all.add(new Equation(e.tensor(), e.axes(), e.reduction(), body, e.origin()));
    }
    e.reduction()
        .ifPresent(
            r -> {
              if (!r.guard().equals(nodes.bool(true))) {
                var open = new Reduction(r.kind(), r.axes(), nodes.bool(true));
                all.add(
                    new Equation(e.tensor(), e.axes(), Optional.of(open), e.body(), e.origin()));
              }
              if (e.tensor().type() == Type.REAL) {
                all.add(new Equation(e.tensor(), e.axes(), nodes.real(0.5), e.origin()));
              }
            });
    return all;
  }

  /** The node and all nodes below it, the deepest first. */
  private static List<Node> below(Node node) {
    var found = new ArrayList<Node>();
    collect(node, new HashSet<>(), found);
    found.sort((a, b) -> Integer.compare(a.id(), b.id()));
    return found;
  }

  private static void collect(Node node, HashSet<Node> seen, List<Node> into) {
    if (seen.add(node)) {
      into.add(node);
      Rebuild.operands(node.expr()).forEach(x -> collect(x, seen, into));
    }
  }

  /** Without the equations that no output and no update needs. */
  private static RandomPrograms.Case with(
      RandomPrograms.Case from, List<Equation> equations, List<Program.Output> outputs) {
    var p = from.program();
    var needed = new HashSet<Tensor>();
    outputs.forEach(o -> needed.add(o.tensor()));
    p.updates().forEach(u -> needed.add(u.next()));
    int before = -1;
    while (before != needed.size()) {
      before = needed.size();
      for (var e : equations) {
        if (needed.contains(e.tensor())) {
          needed.addAll(Rebuild.tensors(e));
        }
      }
    }
    var kept = equations.stream().filter(e -> needed.contains(e.tensor())).toList();
    var program =
        new Program(
            p.name(), p.nodes(), p.open(), p.inputs(), kept, p.derivatives(), outputs, p.updates());
    return new RandomPrograms.Case(
        from.seed(), program, from.loss(), from.parameters(), from.inputs(), from.dims());
  }
}
