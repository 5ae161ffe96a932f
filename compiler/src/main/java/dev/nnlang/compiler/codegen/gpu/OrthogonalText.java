package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.size.Poly;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes an orthogonal draw, one work-group for the whole matrix: {@code
 * dev.nnlang.runtime.random.Orthogonal}, with the lanes along each vector.
 */
final class OrthogonalText {
  static final int LANES = 64;

  private final Scope scope;

  OrthogonalText(Scope scope) {
    this.scope = scope;
  }

  /** How many 64-bit reals it works in. */
  static Poly scratch(Equation equation) {
    return Poly.product(equation.axes().stream().map(Axis::extent).toList());
  }

  void write(Equation equation) {
    if (!(equation.body().expr() instanceof Expr.Draw draw)) {
      throw new CompilerBug("not an orthogonal draw: " + equation);
    }
    // The key's element tells elements apart, which a whole matrix does not need.
    equation.axes().forEach(axis -> scope.index(axis.index(), "0"));
    var key = draw.key();
    var expressions = new Expressions(scope, List.of(key.seed(), key.step(), key.example()));
    var words =
        Stream.of(key.seed(), key.step(), key.example())
            .map(expressions::value)
            .collect(Collectors.joining(", "));
    var shape = equation.axes().stream().map(Axis::extent).toList();
    var rows = shape.isEmpty() ? Poly.ONE : shape.getFirst();
    var columns = Poly.product(shape.isEmpty() ? shape : shape.subList(1, shape.size()));
    var text =
        """
        int lane = LID_X;
        int rows = %s, columns = %s;
        int wide = columns >= rows;
        int count = wide ? rows : columns, length = wide ? columns : rows;
        for (int i = 0; i < count; i++) {
          GLOBAL double* v = %s + (i64)i * length;
          double size;
          i64 stream = 0;
          do {
            for (int j = lane; j < length; j += %d)
              v[j] = nn_normal(%s, %s, ((stream + j) * count + i) * length + j, 0.0, 1.0);
            stream += length;
            SYNC();
            for (int k = 0; k < 2 * i; k++) {
              GLOBAL double* w = %s + (i64)(k %% i) * length;
              double along = 0.0;
              for (int j = lane; j < length; j += %d) along += v[j] * w[j];
              along = group_sum_double(along, shared_double, lane, %d);
              for (int j = lane; j < length; j += %d) v[j] -= along * w[j];
              SYNC();
            }
            size = 0.0;
            for (int j = lane; j < length; j += %d) size += v[j] * v[j];
            size = sqrt(group_sum_double(size, shared_double, lane, %d));
          } while (size < 1e-6);
          for (int j = lane; j < length; j += %d) v[j] /= size;
          SYNC();
        }
        for (int p = lane; p < rows * columns; p += %d) {
          int r = p / columns, c = p %% columns;
          %s[p] = (REAL)%s[wide ? (i64)r * length + c : (i64)c * length + r];
        }"""
            .formatted(
                Formulas.ints(scope, rows),
                Formulas.ints(scope, columns),
                scope.scratch("double"),
                LANES,
                Words.whole(draw.site()),
                words,
                scope.scratch("double"),
                LANES,
                LANES,
                LANES,
                LANES,
                LANES,
                LANES,
                LANES,
                scope.writes(equation.tensor()),
                scope.scratch("double"));
    text.lines().forEach(scope.text::line);
  }
}
