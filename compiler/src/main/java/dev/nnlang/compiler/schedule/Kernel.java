package dev.nnlang.compiler.schedule;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One piece of machine work. */
public sealed interface Kernel {
  /** The equations it computes, in order; their tensors are what it writes. */
  List<Equation> equations();

  /** Tensors that nobody else reads and that are never in memory. */
  Set<Tensor> local();

  /** Why it has this form and no faster one; empty where there is nothing to say. */
  String remark();

  /**
   * A loop nest. Its work items are the values of {@code parallel} or, where {@code block} is more
   * than 1, blocks of the one run that all its stages sweep over.
   *
   * @param parallel axes of every equation in here, under the names that the stages use
   * @param block how many values of the run are one work item: whole vectors, however long those
   *     are
   * @param local tensors that nobody else reads and that are never in memory
   */
  record Nest(List<Axis> parallel, int block, List<Stage> stages, Set<Tensor> local, String remark)
      implements Kernel {
    public Nest {
      parallel = List.copyOf(parallel);
      stages = List.copyOf(stages);
      local = Set.copyOf(local);
    }

    /** Of a nest in blocks: the axes that its sweeps run through. */
    public List<Axis> run() {
      return ((Stage.Sweep) stages.getFirst()).run();
    }

    @Override
    public List<Equation> equations() {
      return Stages.equations(stages);
    }
  }

  /**
   * A matrix product {@code equation = sum(left * right)} by the roles of its indices; conditions
   * stand inside of {@code left} and {@code right}, as selections of 0.
   *
   * @param epilogue equations over the same axes that are computed when the product is stored
   * @param local tensors that nobody else reads and that are never in memory
   */
  record Contraction(
      Equation equation,
      List<Axis> batch,
      List<Axis> rows,
      List<Axis> columns,
      List<Axis> reduced,
      Node left,
      Node right,
      List<Equation> epilogue,
      Set<Tensor> local)
      implements Kernel {
    public Contraction {
      batch = List.copyOf(batch);
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
      reduced = List.copyOf(reduced);
      epilogue = List.copyOf(epilogue);
      local = Set.copyOf(local);
    }

    /** How the epilogue computes what is left over of a row. */
    public Tail tail() {
      return Tail.of(epilogue);
    }

    /** How a factor that is packed computes what is left over of a row. */
    public static Tail tail(Node factor) {
      return Tail.of(factor);
    }

    /** The left factor, where it can be read in place. */
    public Optional<Expr.Read> leftInPlace() {
      return inPlace(left, rows);
    }

    /** The right factor, where it can be read in place. */
    public Optional<Expr.Read> rightInPlace() {
      return inPlace(right, columns);
    }

    /**
     * A factor that is one read whose places are sums of a part for the row or column, one for the
     * term and one for the matrix of the batch: it can be read where it lies, through tables of
     * these parts.
     */
    private Optional<Expr.Read> inPlace(Node factor, List<Axis> side) {
      if (!(factor.expr() instanceof Expr.Read read)
          || read.tensor().type() != Type.REAL
          || read.subscripts().stream().anyMatch(s -> !(s.expr() instanceof Expr.Index))) {
        return Optional.empty();
      }
      var place = Access.place(read.tensor(), read.subscripts());
      var all = Stream.of(batch, side, reduced).flatMap(List::stream).map(Axis::index).toList();
      boolean moves =
          place.variables().stream().anyMatch(v -> v instanceof Atom.Index && !all.contains(v));
      if (moves) {
        // A loop around the product moves it.
        return Optional.empty();
      }
      for (var term : place.terms().keySet()) {
        var needs = Poly.product(term.stream().map(Poly::of).toList());
        long sides =
            Stream.of(batch, side, reduced)
                .filter(axes -> axes.stream().anyMatch(a -> needs.mentions(a.index())))
                .count();
        if (sides > 1) {
          return Optional.empty();
        }
      }
      return Optional.of(read);
    }

    @Override
    public List<Equation> equations() {
      var all = new ArrayList<Equation>();
      all.add(equation);
      all.addAll(epilogue);
      return all;
    }

    @Override
    public String remark() {
      return "";
    }
  }

  /**
   * Rows of large matrices that are computed, used and forgotten: a block of rows meets one block
   * of columns after the other, and only what is added up along the columns is ever in memory.
   *
   * <pre>
   * s[i, j] = sum[e](q[i, e] * k[j, e])                          a score, over rows and columns
   * m[i] = max[j](s[i, j]);  z[i] = sum[j](exp(s[i, j] - m[i]))  folds
   * o[i, c] = sum[j](exp(s[i, j] - m[i]) / z[i] * v[j, c])       a product
   * </pre>
   *
   * @param batch axes that all equations have
   * @param rows the axes of the results, beside those of a product's other side
   * @param columns the axes along which is added up
   * @param scores products of few terms over rows and columns, whose rows and columns are these
   * @param most a largest value that all sums are relative to: when it rises by {@code d}, what
   *     they have added up is multiplied by {@code exp(-d)}
   * @param sums what is added up, none of which waits for another
   * @param local tensors that nobody else reads and that are never in memory
   */
  record Strip(
      List<Axis> batch,
      List<Axis> rows,
      List<Axis> columns,
      List<Contraction> scores,
      Optional<Equation> most,
      List<Sum> sums,
      Set<Tensor> local)
      implements Kernel {
    public Strip {
      batch = List.copyOf(batch);
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
      scores = List.copyOf(scores);
      sums = List.copyOf(sums);
      local = Set.copyOf(local);
    }

    /** What is added up along the columns. */
    public sealed interface Sum {
      Equation equation();

      /** What the result is divided by at the end, as an equation of its own. */
      Optional<Equation> divided();

      /** To one value for each row. */
      record Fold(Equation equation, Optional<Equation> divided) implements Sum {}

      /**
       * To a row of values: a product over the columns.
       *
       * @param own the axes that only the right factor has
       * @param left over rows and columns
       * @param right over columns and {@code own}
       */
      record Times(
          Equation equation, List<Axis> own, Node left, Node right, Optional<Equation> divided)
          implements Sum {
        public Times {
          own = List.copyOf(own);
        }
      }
    }

    @Override
    public List<Equation> equations() {
      var all = new ArrayList<Equation>();
      scores.forEach(s -> all.add(s.equation()));
      most.ifPresent(all::add);
      for (var sum : sums) {
        all.add(sum.equation());
        sum.divided().ifPresent(all::add);
      }
      return all;
    }

    @Override
    public String remark() {
      return "";
    }
  }

  /**
   * The same as a {@link Strip} for a processor, whose caches hold whole rows: kernels that run one
   * after the other for a block of rows, and then for the next. Of the large matrices only these
   * rows are in memory, in a window that each thread has for itself; so a fold sees all of a row,
   * and nothing is rescaled.
   *
   * <p>Contractions have the batch and the rows of all of it, the nest's work items are single
   * rows, of one matrix of the batch after the other: each of them can be asked for a few rows.
   *
   * @param batch axes that all equations have
   * @param rows the axes whose values are taken in blocks
   * @param columns the axes along which is added up
   * @param held which columns add something; all sweeps and contractions leave out the others
   * @param scores over batch, rows and columns
   * @param nest what is made of a row of scores: sums, and factors of products over the columns
   * @param sums such products
   * @param windows tensors over batch, rows and columns, in this order, of which a block of rows is
   *     in memory at a time
   * @param inPlace windows that are where another one is that nobody needs any more
   */
  record RowBlocks(
      List<Axis> batch,
      List<Axis> rows,
      List<Axis> columns,
      Held held,
      List<Contraction> scores,
      Optional<Nest> nest,
      List<Contraction> sums,
      Set<Tensor> windows,
      Map<Tensor, Tensor> inPlace)
      implements Kernel {
    /** To a nest whose sweeps are along a part of the columns: the first, and the end of all. */
    public static final Atom.Index FIRST = new Atom.Index("#first");

    public static final Atom.Index END = new Atom.Index("#end");

    public RowBlocks {
      batch = List.copyOf(batch);
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
      scores = List.copyOf(scores);
      sums = List.copyOf(sums);
      windows = Set.copyOf(windows);
      inPlace = Map.copyOf(inPlace);
    }

    /** In the order in which they run. */
    public List<Kernel> kernels() {
      var all = new ArrayList<Kernel>(scores);
      nest.ifPresent(all::add);
      all.addAll(sums);
      return all;
    }

    @Override
    public List<Equation> equations() {
      return kernels().stream().flatMap(k -> k.equations().stream()).toList();
    }

    @Override
    public Set<Tensor> local() {
      var local = new HashSet<>(windows);
      kernels().forEach(k -> local.addAll(k.local()));
      return local;
    }

    @Override
    public String remark() {
      return "";
    }
  }

  /**
   * A time loop around kernels: in each round they run one after the other, over all that the other
   * axes of their equations hold. An equation has the axis of the loop, or what it computes is
   * there for one round only; whoever reads its own loop's index finds the number of the round.
   *
   * @param time the loop's index, and how many rounds there are
   */
  record Recurrence(Axis time, Direction direction, List<Kernel> kernels) implements Kernel {
    public Recurrence {
      kernels = List.copyOf(kernels);
    }

    /** Whether an expression has the same values in all rounds. */
    public boolean isSame(Node node) {
      var own = new HashSet<Tensor>();
      equations().forEach(e -> own.add(e.tensor()));
      return Walk.nodes(List.of(node)).stream()
          .noneMatch(
              n ->
                  switch (n.expr()) {
                    case Expr.Index(var value) -> value.mentions(time.index());
                    case Expr.Read(var tensor, _) -> own.contains(tensor);
                    default -> false;
                  });
    }

    @Override
    public List<Equation> equations() {
      return kernels.stream().flatMap(k -> k.equations().stream()).toList();
    }

    @Override
    public Set<Tensor> local() {
      var local = new HashSet<Tensor>();
      kernels.forEach(k -> local.addAll(k.local()));
      return local;
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
    public Set<Tensor> local() {
      return Set.of();
    }

    @Override
    public String remark() {
      return "an orthogonal matrix is drawn as a whole";
    }
  }
}
