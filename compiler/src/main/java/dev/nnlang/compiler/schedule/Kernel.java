package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Node;
import java.util.List;

/** One piece of machine work. */
public sealed interface Kernel {
  /** The equations it computes, in order; their tensors are what it writes. */
  List<Equation> equations();

  /** Why it has this form and no faster one; empty where there is nothing to say. */
  String remark();

  /**
   * A loop nest. Its work items are the values of {@code parallel} or, where that is one axis only
   * and nothing else stands in the nest, blocks of {@code block} values of it.
   *
   * @param parallel axes of every equation in here, under the names that the stages use
   * @param block values of the last parallel axis in one work item
   */
  record Nest(List<Axis> parallel, int block, List<Stage> stages, String remark) implements Kernel {
    public Nest {
      parallel = List.copyOf(parallel);
      stages = List.copyOf(stages);
    }

    @Override
    public List<Equation> equations() {
      return stages.stream().flatMap(Stages::equations).toList();
    }
  }

  /**
   * A matrix product {@code equation = sum(left * right)} by the roles of its indices; conditions
   * stand inside of {@code left} and {@code right}, as selections of 0.
   */
  record Contraction(
      Equation equation,
      List<Axis> batch,
      List<Axis> rows,
      List<Axis> columns,
      List<Axis> reduced,
      Node left,
      Node right)
      implements Kernel {
    public Contraction {
      batch = List.copyOf(batch);
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
      reduced = List.copyOf(reduced);
    }

    @Override
    public List<Equation> equations() {
      return List.of(equation);
    }

    @Override
    public String remark() {
      return "";
    }
  }

  /** An orthogonal draw, whose elements depend on each other: the whole tensor is one work item. */
  record Orthogonal(Equation equation) implements Kernel {
    @Override
    public List<Equation> equations() {
      return List.of(equation);
    }

    @Override
    public String remark() {
      return "an orthogonal matrix is drawn as a whole";
    }
  }
}
