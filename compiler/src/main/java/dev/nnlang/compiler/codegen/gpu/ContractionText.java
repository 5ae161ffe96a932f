package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Sizes;
import dev.nnlang.compiler.size.Poly;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a matrix product. A work-group computes a tile of the result: it packs a slice of the rows
 * and one of the columns into local memory, evaluating the factors on the way, and each work-item
 * adds up a small block of the tile in registers. The epilogue is applied as the block is stored.
 *
 * <p>Where the result has few tiles and each is a long sum, as in the gradient of a weight, the sum
 * is shared out to several groups, and a second kernel adds up their parts, in order.
 */
final class ContractionText {
  /** Tiles that keep a device busy by themselves. */
  private static final long ENOUGH_TILES = 128;

  /** Terms that are worth a group of their own. */
  private static final long FEWEST_TERMS = 256;

  private static final long MOST_PARTS = 64;

  private final Kernel.Contraction product;
  private final Arithmetic arithmetic;
  private final int rows;
  private final int columns;
  private final int parts;

  ContractionText(Kernel.Contraction product, Arithmetic arithmetic) {
    this.product = product;
    this.arithmetic = arithmetic;
    this.rows = tile(product.rows());
    this.columns = tile(product.columns());
    this.parts = parts();
  }

  /** A tile's side: as large as what it is a part of, so that little of it is empty. */
  private static int tile(List<Axis> axes) {
    long typical = Sizes.typical(axes);
    return typical > 2 * Slices.SIDE
        ? 4 * Slices.SIDE
        : typical > Slices.SIDE ? 2 * Slices.SIDE : Slices.SIDE;
  }

  private int parts() {
    long tiles =
        Sizes.typical(product.batch())
            * Math.ceilDiv(Sizes.typical(product.rows()), rows)
            * Math.ceilDiv(Sizes.typical(product.columns()), columns);
    long worth = Sizes.typical(product.reduced()) / FEWEST_TERMS;
    long wanted = Math.ceilDiv(ENOUGH_TILES, tiles);
    return tiles >= ENOUGH_TILES
        ? 1
        : (int) Math.max(1, Math.min(MOST_PARTS, Math.min(worth, wanted)));
  }

  /** Whether the sum is shared out, and a second kernel finishes it. */
  boolean hasParts() {
    return parts > 1;
  }

  /** How many groups there are. */
  Poly groups() {
    return size(product.batch())
        .times(tiles(product.rows(), rows))
        .times(tiles(product.columns(), columns))
        .times(parts);
  }

  /** Elements of the result. */
  Poly elements() {
    return size(product.batch()).times(size(product.rows())).times(size(product.columns()));
  }

  /** Numbers that the parts are kept in. */
  Poly scratch() {
    return hasParts() ? elements().times(parts) : Poly.ZERO;
  }

  private static Poly size(List<Axis> axes) {
    return Poly.product(axes.stream().map(Axis::extent).toList());
  }

  private static Poly tiles(List<Axis> axes, int side) {
    return size(axes).plus(side - 1).floorDiv(Poly.of(side));
  }

  private void sizes(Scope scope) {
    scope.text.line(
        "int m = %s, n = %s;"
            .formatted(scope.count(product.rows()), scope.count(product.columns())));
  }

  /** The kernel that computes tiles, or their parts. */
  void writeTiles(Scope scope) {
    var text = scope.text;
    int high = rows / Slices.SIDE;
    int wide = columns / Slices.SIDE;
    text.line("LOCAL ALIGNED REAL left[%d];".formatted(Slices.DEEP * (rows + Slices.PAD)));
    text.line("LOCAL ALIGNED REAL right[%d];".formatted(Slices.DEEP * (columns + Slices.PAD)));
    if (isForTensorCores()) {
      text.line("NN_LOCAL");
    }
    text.line("int x = LID_X, y = LID_Y, t = y * %d + x;".formatted(Slices.SIDE));
    sizes(scope);
    text.line("int from = 0, to = %s;".formatted(scope.count(product.reduced())));
    text.line(
        "int across = (n + %d) / %d, down = (m + %d) / %d;"
            .formatted(columns - 1, columns, rows - 1, rows));
    text.line(
        "int c0 = GRP_X %% across * %d, r0 = GRP_X / across %% down * %d;"
            .formatted(columns, rows));
    text.line("int matrix = GRP_X / across / down;");
    if (hasParts()) {
      text.line("int matrices = %s;".formatted(scope.count(product.batch())));
      text.line("int part = matrix / matrices;");
      text.line("matrix %= matrices;");
      text.line(
          "int span = ((to + %d) / %d + %d) / %d * %d;"
              .formatted(parts - 1, parts, Slices.DEEP - 1, Slices.DEEP, Slices.DEEP));
      text.line("from = part * span;");
      text.line("to = to < from + span ? to : from + span;");
    }
    scope.split(product.batch(), "matrix");
    Slices.place(text, high, wide, isForTensorCores());
    text.line("REAL acc[%d][%d];".formatted(high, wide));
    text.line("UNROLL");
    text.block(
        "for (int i = 0; i < %d; i++)".formatted(high),
        () -> {
          text.line("UNROLL");
          text.line("for (int j = 0; j < %d; j++) acc[i][j] = 0;".formatted(wide));
        });
    var slices = new Slices(scope, arithmetic, all());
    var terms = new Slices.Terms(product.reduced(), "k0", "to");
    text.block(
        "for (int k0 = from; k0 < to; k0 += %d)".formatted(Slices.DEEP),
        () -> {
          slices.pack("left", product.left(), product.rows(), rows, "r0", "m", terms);
          slices.pack("right", product.right(), product.columns(), columns, "c0", "n", terms);
          text.line("SYNC();");
          if (isForTensorCores()) {
            text.line("#if NN_TENSOR");
            text.line(
                "nn_tile(acc, left, right, t, %d NN_GIVEN);"
                    .formatted(4 * Slices.SIDE + Slices.PAD));
            text.line("#else");
          }
          Slices.multiply(text, "acc", "left", "right", rows, columns);
          if (isForTensorCores()) {
            text.line("#endif");
          }
          text.line("SYNC();");
        });
    store(scope, high, wide);
  }

  /**
   * Whether tensor cores compute the tile, where there are any: eight groups of 32 work-items with
   * a block of 32 x 16 each.
   */
  private boolean isForTensorCores() {
    return arithmetic != Arithmetic.ieee && rows == 4 * Slices.SIDE && columns == 4 * Slices.SIDE;
  }

  private List<Axis> all() {
    return Stream.of(product.batch(), product.rows(), product.columns(), product.reduced())
        .flatMap(List::stream)
        .toList();
  }

  /** From registers to the result's tensor, by way of the epilogue; or to the parts. */
  private void store(Scope scope, int high, int wide) {
    line(
        scope,
        high,
        "i",
        "r = r0 + up + i * step",
        "r < m",
        () -> {
          var run = wide == Quads.WIDE && !hasParts() ? foursOfResult() : Optional.<Axis>empty();
          if (!hasParts()) {
            scope.split(product.rows(), "r");
          }
          if (run.isPresent()) {
            scope.text.line("int c = c0 + over;");
            scope.text.block("if (c < n)", () -> scope.inside(() -> four(scope, run.get())));
            return;
          }
          line(
              scope,
              wide,
              "j",
              "c = c0 + over + j",
              "c < n",
              () -> {
                if (hasParts()) {
                  scope.text.line(
                      "%s[((i64)(part * matrices + matrix) * m + r) * n + c] = acc[i][j];"
                          .formatted(scope.scratch("REAL")));
                } else {
                  scope.split(product.columns(), "c");
                  element(scope, "acc[i][j]");
                }
              });
        });
  }

  /** The axis along which results are written in vectors, or what they are made of is read. */
  private Optional<Axis> foursOfResult() {
    var bodies = product.epilogue().stream().map(Equation::body).toList();
    return Quads.run(product.columns())
        .filter(
            run ->
                stored().stream().anyMatch(e -> Quads.writes(e, run))
                    || Quads.reads(bodies, product.equation().axes(), run));
  }

  private List<Equation> stored() {
    return product.equations().stream().filter(e -> !product.local().contains(e.tensor())).toList();
  }

  /** Four neighbours of a line of the result. */
  private void four(Scope scope, Axis run) {
    scope.split(product.columns(), "c");
    new Quads(scope, product.equation().axes(), run)
        .each(
            product.epilogue().stream().map(Equation::body).toList(),
            product.equations().stream().map(Equation::tensor).collect(Collectors.toSet()),
            stored(),
            number -> element(scope, "acc[i][%s]".formatted(number)));
  }

  /** One side of a work-item's block, as far as the matrix goes. */
  private static void line(
      Scope scope, int length, String index, String place, String inside, Runnable body) {
    scope.text.line("UNROLL");
    scope.text.block(
        "for (int %s = 0; %s < %d; %s++)".formatted(index, index, length, index),
        () -> {
          scope.text.line("int " + place + ";");
          scope.text.block("if (" + inside + ")", () -> scope.inside(body));
        });
  }

  /** The kernel that adds up the parts: a work-item for each element of the result. */
  void writeSums(Scope scope) {
    writeSums(scope, parts);
  }

  /** The kernel that finds all sums in scratch memory, row by row. */
  void writeBehind(Scope scope) {
    writeSums(scope, 1);
  }

  private void writeSums(Scope scope, int count) {
    var text = scope.text;
    sizes(scope);
    text.line("int all = %s;".formatted(scope.count(elements())));
    text.line("int e = GRP_X * %d + LID_X;".formatted(Layout.ROWS_OF_A_GROUP));
    text.block(
        "if (e < all)",
        () ->
            scope.inside(
                () -> {
                  text.line("REAL total = 0;");
                  text.line(
                      "for (int p = 0; p < %d; p++) total += %s[(i64)p * all + e];"
                          .formatted(count, scope.scratch("REAL")));
                  text.line("int c = e % n, r = e / n % m, matrix = e / n / m;");
                  scope.split(product.batch(), "matrix");
                  scope.split(product.rows(), "r");
                  scope.split(product.columns(), "c");
                  element(scope, "total");
                }));
  }

  private void element(Scope scope, String value) {
    var expressions =
        new Expressions(scope, product.epilogue().stream().map(Equation::body).toList());
    var results = new LinkedHashMap<Equation, String>();
    results.put(product.equation(), scope.text.declare("REAL", "v", value));
    scope.know(scope.ownRead(product.equation()), results.get(product.equation()));
    for (var equation : product.epilogue()) {
      results.put(equation, expressions.local(equation.body()));
      scope.know(scope.ownRead(equation), results.get(equation));
    }
    results.forEach(
        (equation, result) -> {
          if (!product.local().contains(equation.tensor())) {
            expressions.store(equation, result);
          }
        });
  }
}
