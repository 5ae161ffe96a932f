package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.codegen.Extents;
import dev.nnlang.compiler.codegen.Slots;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.Tensor;
import dev.nnlang.compiler.equation.Type;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Sizes;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.gpu.Launch;
import dev.nnlang.runtime.gpu.Product;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A product that a driver's library can take: both factors are whole tensors that lie in memory as
 * matrices, turned or not, one or a batch of them, and nothing is computed or asked on the way.
 *
 * <p>So is its result, if at most a vector is added to every row of it and what is below 0 made 0;
 * whatever else is made of a product, or lies otherwise, a kernel makes behind it, from {@code
 * scratch}.
 *
 * @param columns of the result; consecutive ones are neighbours in memory, where it has a home
 * @param home where the result lies; empty where a kernel takes it from there
 */
record PlainProduct(
    Poly rows,
    Poly columns,
    Poly terms,
    Poly batch,
    Matrix left,
    Matrix right,
    Optional<Home> home) {
  /** A sum of fewer terms costs less than the way through memory and back. */
  private static final long WORTH_A_KERNEL = 128;

  /**
   * A tensor as matrices.
   *
   * @param turned whether a column's values are neighbours, else a row's are
   * @param line how far apart rows lie, or columns if it is turned
   * @param next how far apart matrices lie
   */
  record Matrix(Tensor tensor, boolean turned, Poly line, Poly next) {}

  /**
   * Where a result lies and what is applied to it.
   *
   * @param bias a vector that is added to every row
   * @param atLeastZero whether what is below 0 becomes 0
   */
  record Home(Matrix matrix, Optional<Tensor> bias, boolean atLeastZero) {}

  /** Empty for a product that our own tiles compute better, or alone. */
  static Optional<PlainProduct> of(Kernel.Contraction product) {
    return of(product, product.rows(), product.columns(), product.left(), product.right())
        .or(() -> of(product, product.columns(), product.rows(), product.right(), product.left()))
        .or(() -> elsewhere(product));
  }

  /** With a home, where the columns of that are neighbours. */
  private static Optional<PlainProduct> of(
      Kernel.Contraction product, List<Axis> rows, List<Axis> columns, Node left, Node right) {
    return home(product, rows, columns)
        .flatMap(home -> made(product, rows, columns, left, right, Optional.of(home)));
  }

  private static Optional<PlainProduct> elsewhere(Kernel.Contraction product) {
    return Sizes.typical(product.reduced()) < WORTH_A_KERNEL
        ? Optional.empty()
        : made(
            product,
            product.rows(),
            product.columns(),
            product.left(),
            product.right(),
            Optional.empty());
  }

  private static Optional<PlainProduct> made(
      Kernel.Contraction product,
      List<Axis> rows,
      List<Axis> columns,
      Node left,
      Node right,
      Optional<Home> home) {
    var first = factor(left, rows, product.reduced(), product.batch());
    var second = factor(right, product.reduced(), columns, product.batch());
    boolean real = product.equation().body().type() == Type.REAL;
    return first.isEmpty() || second.isEmpty() || !real
        ? Optional.empty()
        : Optional.of(
            new PlainProduct(
                size(rows),
                size(columns),
                size(product.reduced()),
                size(product.batch()),
                first.get(),
                second.get(),
                home));
  }

  private static Poly size(List<Axis> axes) {
    return Poly.product(axes.stream().map(Axis::extent).toList());
  }

  // Matrices.

  private static Optional<Matrix> factor(
      Node factor, List<Axis> rows, List<Axis> columns, List<Axis> batch) {
    return factor.expr() instanceof Expr.Read(var tensor, var subscripts)
            && tensor.type() == Type.REAL
            && subscripts.stream().allMatch(s -> s.expr() instanceof Expr.Index)
        ? matrix(tensor, Access.place(tensor, subscripts), rows, columns, batch)
        : Optional.empty();
  }

  /** A tensor as matrices, if each group of axes goes along it as one would. */
  private static Optional<Matrix> matrix(
      Tensor tensor, Poly place, List<Axis> rows, List<Axis> columns, List<Axis> batch) {
    var down = step(place, rows);
    var across = step(place, columns);
    var next = step(place, batch);
    if (down.isEmpty() || across.isEmpty() || next.isEmpty()) {
      return Optional.empty();
    }
    var covered =
        part(rows, down.get()).plus(part(columns, across.get())).plus(part(batch, next.get()));
    if (!withoutSingles(place, List.of(rows, columns, batch)).equals(covered)) {
      return Optional.empty();
    }
    if (across.get().is(1) && isLine(down.get(), columns)) {
      return Optional.of(new Matrix(tensor, false, down.get(), next.get()));
    }
    return down.get().is(1) && isLine(across.get(), rows)
        ? Optional.of(new Matrix(tensor, true, across.get(), next.get()))
        : Optional.empty();
  }

  /** Whether lines at this distance do not overlap, and there is more than one value on each. */
  private static boolean isLine(Poly distance, List<Axis> along) {
    var length = size(along);
    return !length.is(1)
        && (distance.equals(length)
            || distance.isConstant()
                && length.isConstant()
                && distance.constantTerm() >= length.constantTerm());
  }

  private static List<Axis> several(List<Axis> axes) {
    return axes.stream().filter(a -> !a.extent().is(1)).toList();
  }

  /** How far apart neighbours along several axes lie; empty if these are not as one. */
  private static Optional<Poly> step(Poly place, List<Axis> axes) {
    var run = several(axes);
    if (run.isEmpty()) {
      return Optional.of(Poly.ZERO);
    }
    var last = place.coefficient(run.getLast().index());
    var step = last;
    for (var axis : run.reversed()) {
      if (!place.coefficient(axis.index()).equals(step)) {
        return Optional.empty();
      }
      step = step.times(axis.extent());
    }
    return last.hasIndex() ? Optional.empty() : Optional.of(last);
  }

  /** What axes that are as one add to a place. */
  static Poly part(List<Axis> axes, Poly step) {
    var part = Poly.ZERO;
    var distance = step;
    for (var axis : several(axes).reversed()) {
      part = part.plus(Poly.of(axis.index()).times(distance));
      distance = distance.times(axis.extent());
    }
    return part;
  }

  /** The index of an axis with one value is 0. */
  static Poly withoutSingles(Poly place, List<List<Axis>> groups) {
    var zeros = new HashMap<Atom, Poly>();
    for (var group : groups) {
      for (var axis : group) {
        if (axis.extent().is(1)) {
          zeros.put(axis.index(), Poly.ZERO);
        }
      }
    }
    return place.substitute(zeros);
  }

  // What is made of the result.

  private static Optional<Home> home(
      Kernel.Contraction product, List<Axis> rows, List<Axis> columns) {
    var stored =
        product.equations().stream().filter(e -> !product.local().contains(e.tensor())).toList();
    if (stored.size() != 1 || stored.getFirst() != product.equations().getLast()) {
      return Optional.empty();
    }
    var tensor = stored.getFirst().tensor();
    var place = Access.placeAt(tensor, stored.getFirst().axes());
    var matrix = matrix(tensor, place, rows, columns, product.batch()).filter(m -> !m.turned());
    var applied = Applied.of(product, columns);
    return matrix.flatMap(m -> applied.map(a -> new Home(m, a.bias(), a.atLeastZero())));
  }

  // For the runtime.

  /** The product as a command. */
  Product command(
      String what,
      Slots slots,
      ElementType real,
      Arithmetic arithmetic,
      List<Launch> behind,
      List<Launch> otherwise) {
    long bytes = real == ElementType.F64 ? Double.BYTES : Float.BYTES;
    var elements = Poly.product(List.of(batch, rows, columns));
    return new Product(
        what,
        Extents.of(rows),
        Extents.of(columns),
        Extents.of(terms),
        Extents.of(batch),
        matrix(slots, left),
        matrix(slots, right),
        home.map(h -> matrix(slots, h.matrix()))
            .orElseGet(
                () ->
                    new Product.Matrix(
                        OptionalInt.empty(),
                        false,
                        Extents.of(columns),
                        Extents.of(rows.times(columns)))),
        home.flatMap(Home::bias)
            .map(b -> OptionalInt.of(slots.of(b)))
            .orElseGet(OptionalInt::empty),
        home.map(Home::atLeastZero).orElse(false),
        real,
        real == ElementType.F64 ? Product.Rounding.NONE : arithmetic.rounding(),
        Extents.of(home.isPresent() ? Poly.ZERO : elements.times(bytes)),
        behind,
        otherwise);
  }

  private static Product.Matrix matrix(Slots slots, Matrix matrix) {
    return new Product.Matrix(
        OptionalInt.of(slots.of(matrix.tensor())),
        matrix.turned(),
        Extents.of(matrix.line()),
        Extents.of(matrix.next()));
  }
}
