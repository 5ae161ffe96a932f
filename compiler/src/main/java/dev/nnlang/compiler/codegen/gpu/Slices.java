package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Walk;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes slices of matrices: some of their rows or columns, a few terms of each, in local memory of
 * a group of {@link #SIDE} by {@link #SIDE} work-items; and the product of two of them.
 */
final class Slices {
  /** Work-items of a group, both ways. */
  static final int SIDE = 16;

  /** Terms that are packed at a time. */
  static final int DEEP = 16;

  /** Beside each line of local memory, so that its columns lie in different banks. */
  static final int PAD = 8;

  private final Scope scope;
  private final Arithmetic arithmetic;
  private final List<Axis> all;

  /**
   * @param all axes of the matrices
   */
  Slices(Scope scope, Arithmetic arithmetic, List<Axis> all) {
    this.scope = scope;
    this.arithmetic = arithmetic;
    this.all = List.copyOf(all);
  }

  /**
   * Where a work-item's block lies in a tile: its line {@code i} at {@code up + step * i}, its
   * columns from {@code over} on.
   *
   * @param high lines of a block, and {@code wide} its columns
   * @param tensor whether tensor cores compute the tile, where there are any
   */
  static void place(Text text, int high, int wide, boolean tensor) {
    var plain = "int up = y * %d, step = 1, over = x * %d;".formatted(high, wide);
    if (!tensor) {
      text.line(plain);
      return;
    }
    text.line("#if NN_TENSOR");
    text.line("int up = t / 32 % 2 * 32 + t % 32 / 4, step = 8, over = t / 64 * 16 + t % 4 * 4;");
    text.line("#else");
    text.line(plain);
    text.line("#endif");
  }

  /** What is added up along, and from which of its places up to which other. */
  record Terms(List<Axis> axes, String from, String to) {}

  /**
   * From tensors to local memory, zeros where the matrix ends.
   *
   * @param length how many of {@code side} are in a slice, from {@code first} on
   */
  void pack(
      String name,
      Node factor,
      List<Axis> side,
      int length,
      String first,
      String end,
      Terms terms) {
    var text = scope.text;
    // Neighbouring work-items should read neighbours.
    boolean deep = isUnit(factor, terms.axes) && !isUnit(factor, side);
    int wide = fours(factor, deep ? terms.axes : side).isPresent() ? Quads.WIDE : 1;
    int pieces = length * DEEP / wide;
    var piece = text.name("e");
    boolean all = pieces >= SIDE * SIDE;
    if (all) {
      text.line("UNROLL");
    }
    text.block(
        all
            ? "for (int j = 0; j < %d; j++)".formatted(pieces / (SIDE * SIDE))
            : "if (t < %d)".formatted(pieces),
        () ->
            scope.inside(
                () -> {
                  text.line(
                      "int %s = %s;"
                          .formatted(piece, all ? "j * %d + t".formatted(SIDE * SIDE) : "t"));
                  var fast = "%s %% %d%s";
                  var slow = "%s / %d";
                  int along = (deep ? DEEP : length) / wide;
                  var times = wide == 1 ? "" : " * " + wide;
                  text.line(
                      "int %s = %s, %s = %s;"
                          .formatted(
                              deep ? "k" : "s",
                              fast.formatted(piece, along, times),
                              deep ? "s" : "k",
                              slow.formatted(piece, along)));
                  text.line("int at = %s + s, term = %s + k;".formatted(first, terms.from));
                  text.line("REAL v%s;".formatted(wide == 1 ? " = 0" : "[4] = {0, 0, 0, 0}"));
                  text.block(
                      "if (at < %s && term < %s)".formatted(end, terms.to),
                      () -> scope.inside(() -> evaluate(factor, side, terms, deep, wide)));
                  keep(text, name, length, deep, wide);
                }));
  }

  /** A value of a factor, or four along the axis that it lies along. */
  private void evaluate(Node factor, List<Axis> side, Terms terms, boolean deep, int wide) {
    scope.split(side, "at");
    scope.split(terms.axes, "term");
    if (wide == 1) {
      scope.text.line("v = " + value(factor) + ";");
      return;
    }
    var run = fours(factor, deep ? terms.axes : side).orElseThrow();
    new Quads(scope, all, run)
        .each(
            List.of(factor),
            Set.of(),
            List.of(),
            number -> scope.text.line("v[%s] = %s;".formatted(number, value(factor))));
  }

  /** A factor as it is multiplied. */
  private String value(Node factor) {
    return rounded(new Expressions(scope, List.of(factor)).value(factor));
  }

  /** The same of a value that is there. */
  String rounded(String value) {
    return arithmetic == Arithmetic.ieee ? value : "nn_factor(" + value + ")";
  }

  /** Into local memory: lines of one term each, so that neighbours of a line are read together. */
  private static void keep(Text text, String name, int length, boolean deep, int wide) {
    int line = length + PAD;
    if (wide == 1) {
      text.line("%s[k * %d + s] = v;".formatted(name, line));
    } else if (deep) {
      text.line("UNROLL");
      text.line("for (int u = 0; u < 4; u++) %s[(k + u) * %d + s] = v[u];".formatted(name, line));
    } else {
      text.line("ST4(%s + k * %d + s, v);".formatted(name, line));
    }
  }

  /** The axis along which a factor is read in vectors. */
  private Optional<Axis> fours(Node factor, List<Axis> along) {
    return Quads.run(along).filter(run -> Quads.reads(List.of(factor), all, run));
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

  /**
   * Adds up a slice of rows times one of columns in an array of each work-item.
   *
   * @param rows in a slice of the left side; a work-item has one in {@link #SIDE} of them
   */
  static void multiply(Text text, String into, String left, String right, int rows, int columns) {
    int high = rows / SIDE;
    int wide = columns / SIDE;
    text.line("UNROLL");
    text.block(
        "for (int k = 0; k < %d; k++)".formatted(DEEP),
        () -> {
          text.line("REAL a[%d], b[%d];".formatted(high, wide));
          fetch(text, "a", left, "y", high, rows);
          fetch(text, "b", right, "x", wide, columns);
          text.line("UNROLL");
          text.block(
              "for (int i = 0; i < %d; i++)".formatted(high),
              () -> {
                text.line("UNROLL");
                text.line(
                    "for (int j = 0; j < %d; j++) %s[i][j] = FMA(a[i], b[j], %s[i][j]);"
                        .formatted(wide, into, into));
              });
        });
  }

  /** A work-item's part of a line of local memory. */
  private static void fetch(Text text, String to, String from, String who, int count, int length) {
    if (count == Quads.WIDE) {
      text.line("LD4(%s, %s + k * %d + %s * 4);".formatted(to, from, length + PAD, who));
    } else {
      text.line("UNROLL");
      text.line(
          "for (int i = 0; i < %d; i++) %s[i] = %s[k * %d + %s * %d + i];"
              .formatted(count, to, from, length + PAD, who, count));
    }
  }
}
