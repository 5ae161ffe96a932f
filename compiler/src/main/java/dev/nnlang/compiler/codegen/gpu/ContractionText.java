package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.Sizes;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Poly;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Writes a matrix product. A work-group computes a tile of the result: it packs a slice of the rows
 * and one of the columns into local memory, evaluating the factors on the way, and each work-item
 * adds up a small block of the tile in registers. The epilogue is applied as the block is stored.
 */
final class ContractionText {
  /** Work-items of a group, both ways. */
  static final int SIDE = 16;

  /** Terms that are packed at a time. */
  private static final int DEEP = 16;

  /** Beside each line of local memory, so that its columns lie in different banks. */
  private static final int PAD = 4;

  private final Scope scope;
  private final Text text;
  private final Kernel.Contraction product;
  private final int rows;
  private final int columns;

  ContractionText(Scope scope, Kernel.Contraction product) {
    this.scope = scope;
    this.text = scope.text;
    this.product = product;
    this.rows = tile(product.rows());
    this.columns = tile(product.columns());
  }

  /** A tile's side: as large as what it is a part of, so that little of it is empty. */
  private static int tile(List<Axis> axes) {
    long typical = Sizes.typical(axes);
    return typical > 2 * SIDE ? 4 * SIDE : typical > SIDE ? 2 * SIDE : SIDE;
  }

  /** How many groups there are. */
  Poly groups() {
    return size(product.batch())
        .times(tiles(product.rows(), rows))
        .times(tiles(product.columns(), columns));
  }

  private static Poly size(List<Axis> axes) {
    return Poly.product(axes.stream().map(Axis::extent).toList());
  }

  private static Poly tiles(List<Axis> axes, int side) {
    return size(axes).plus(side - 1).floorDiv(Poly.of(side));
  }

  void write() {
    text.line("LOCAL REAL left[%d];".formatted(DEEP * (rows + PAD)));
    text.line("LOCAL REAL right[%d];".formatted(DEEP * (columns + PAD)));
    text.line("int x = LID_X, y = LID_Y, t = y * %d + x;".formatted(SIDE));
    text.line(
        "int m = %s, n = %s, depth = %s;"
            .formatted(
                scope.count(product.rows()),
                scope.count(product.columns()),
                scope.count(product.reduced())));
    text.line(
        "int across = (n + %d) / %d, down = (m + %d) / %d;"
            .formatted(columns - 1, columns, rows - 1, rows));
    text.line(
        "int c0 = GRP_X %% across * %d, r0 = GRP_X / across %% down * %d;"
            .formatted(columns, rows));
    scope.split(product.batch(), text.declare("int", "batch", "GRP_X / across / down"));
    int high = rows / SIDE;
    int wide = columns / SIDE;
    text.line("REAL acc[%d][%d];".formatted(high, wide));
    text.line(
        "for (int i = 0; i < %d; i++) for (int j = 0; j < %d; j++) acc[i][j] = 0;"
            .formatted(high, wide));
    text.block(
        "for (int k0 = 0; k0 < depth; k0 += %d)".formatted(DEEP),
        () -> {
          pack("left", product.left(), product.rows(), rows, "r0", "m");
          pack("right", product.right(), product.columns(), columns, "c0", "n");
          text.line("SYNC();");
          multiply(high, wide);
          text.line("SYNC();");
        });
    store(high, wide);
  }

  /** From tensors to local memory, zeros where the matrix ends. */
  private void pack(
      String name, Node factor, List<Axis> side, int length, String first, String end) {
    var expressions = new Expressions(scope, List.of(factor));
    int line = length + PAD;
    // Neighbouring work-items should read neighbours.
    boolean deep = isUnit(factor, product.reduced()) && !isUnit(factor, side);
    var j = text.name("j");
    text.line("UNROLL");
    text.block(
        "for (int %s = t; %s < %d; %s += %d)".formatted(j, j, length * DEEP, j, SIDE * SIDE),
        () ->
            scope.inside(
                () -> {
                  text.line(
                      deep
                          ? "int k = %s %% %d, s = %s / %d;".formatted(j, DEEP, j, DEEP)
                          : "int s = %s %% %d, k = %s / %d;".formatted(j, length, j, length));
                  text.line("int at = %s + s, term = k0 + k;".formatted(first));
                  text.line("REAL v = 0;");
                  text.block(
                      "if (at < %s && term < depth)".formatted(end),
                      () ->
                          scope.inside(
                              () -> {
                                scope.split(side, "at");
                                scope.split(product.reduced(), "term");
                                text.line("v = " + expressions.value(factor) + ";");
                              }));
                  text.line("%s[k * %d + s] = v;".formatted(name, line));
                }));
  }

  private static boolean isUnit(Node factor, List<Axis> axes) {
    return !axes.isEmpty()
        && Walk.nodes(List.of(factor)).stream()
            .anyMatch(
                n ->
                    n.expr() instanceof Expr.Read read
                        && Access.place(read.tensor(), read.subscripts())
                            .coefficient(axes.getLast().index())
                            .is(1));
  }

  private void multiply(int high, int wide) {
    text.line("UNROLL");
    text.block(
        "for (int k = 0; k < %d; k++)".formatted(DEEP),
        () -> {
          text.line("REAL a[%d], b[%d];".formatted(high, wide));
          text.line("UNROLL");
          text.line(
              "for (int i = 0; i < %d; i++) a[i] = left[k * %d + y * %d + i];"
                  .formatted(high, rows + PAD, high));
          text.line("UNROLL");
          text.line(
              "for (int j = 0; j < %d; j++) b[j] = right[k * %d + x * %d + j];"
                  .formatted(wide, columns + PAD, wide));
          text.line("UNROLL");
          text.block(
              "for (int i = 0; i < %d; i++)".formatted(high),
              () -> {
                text.line("UNROLL");
                text.line(
                    "for (int j = 0; j < %d; j++) acc[i][j] = FMA(a[i], b[j], acc[i][j]);"
                        .formatted(wide));
              });
        });
  }

  /** From registers to the result's tensor, by way of the epilogue. */
  private void store(int high, int wide) {
    var expressions =
        new Expressions(scope, product.epilogue().stream().map(Equation::body).toList());
    text.line("UNROLL");
    text.block(
        "for (int i = 0; i < %d; i++)".formatted(high),
        () -> {
          text.line("UNROLL");
          text.block(
              "for (int j = 0; j < %d; j++)".formatted(wide),
              () -> {
                text.line("int r = r0 + y * %d + i, c = c0 + x * %d + j;".formatted(high, wide));
                text.block(
                    "if (r < m && c < n)",
                    () ->
                        scope.inside(
                            () -> {
                              scope.split(product.rows(), "r");
                              scope.split(product.columns(), "c");
                              element(expressions);
                            }));
              });
        });
  }

  private void element(Expressions expressions) {
    var results = new LinkedHashMap<Equation, String>();
    results.put(product.equation(), text.declare("REAL", "v", "acc[i][j]"));
    scope.know(scope.ownRead(product.equation()), results.get(product.equation()));
    for (var equation : product.epilogue()) {
      results.put(equation, expressions.local(equation.body()));
      scope.know(scope.ownRead(equation), results.get(equation));
    }
    results.forEach(
        (equation, value) -> {
          if (!product.local().contains(equation.tensor())) {
            expressions.store(equation, value);
          }
        });
  }
}
