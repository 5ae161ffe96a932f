package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.compiler.diagnostic.CompilerBug;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Equation;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.equation.RangeCheck;
import dev.nnlang.compiler.equation.Rebuild;
import dev.nnlang.compiler.equation.Reduction;
import dev.nnlang.compiler.schedule.Kernel.Strip;
import dev.nnlang.compiler.schedule.Kernel.Strip.Sum;
import dev.nnlang.compiler.schedule.Sizes;
import dev.nnlang.compiler.schedule.Walk;
import dev.nnlang.compiler.size.Poly;
import dev.nnlang.runtime.tensor.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Writes sums along rows of large matrices. A work-group has a block of rows, and goes through the
 * columns a block at a time:
 *
 * <pre>
 * scores   s0 = a block of q * k, in registers
 * most     the largest value so far; what was added up is made relative to it
 * values   of each element: into folds, in registers; of a product's left side, into registers
 * products of each: its left side to local memory, then times the right side
 * </pre>
 *
 * A work-item has the same rows of all of these. It folds its own columns; the parts of a row,
 * which {@link Slices#SIDE} work-items have, come together through local memory.
 */
final class StripText {
  private final Scope scope;
  private final Text text;
  private final Strip strip;
  private final Slices slices;

  /** Rows and columns of a block: fewer of 64 bits, as local memory is small. */
  private final int side;

  /** Those of a work-item. */
  private final int each;

  /** Whether tensor cores multiply, where there are any. */
  private final boolean rounded;

  private final List<Sum.Fold> folds = new ArrayList<>();
  private final List<Sum.Times> products = new ArrayList<>();

  StripText(Scope scope, Strip strip, Arithmetic arithmetic) {
    this.scope = scope;
    this.text = scope.text;
    this.strip = strip;
    this.side = (scope.real == ElementType.F64 ? 2 : 4) * Slices.SIDE;
    this.each = side / Slices.SIDE;
    this.rounded = arithmetic != Arithmetic.ieee;
    for (var sum : strip.sums()) {
      switch (sum) {
        case Sum.Fold fold -> folds.add(fold);
        case Sum.Times product -> products.add(product);
      }
    }
    var all = new ArrayList<Axis>();
    strip.equations().forEach(e -> all.addAll(e.axes()));
    strip.equations().forEach(e -> all.addAll(e.reduced()));
    this.slices = new Slices(scope, arithmetic, List.copyOf(new LinkedHashSet<>(all)));
  }

  /** How many groups there are. */
  Poly groups() {
    return size(strip.batch()).times(blocks(size(strip.rows())));
  }

  private Poly blocks(Poly size) {
    return size.plus(side - 1).floorDiv(Poly.of(side));
  }

  private static Poly size(List<Axis> axes) {
    return Poly.product(axes.stream().map(Axis::extent).toList());
  }

  void write() {
    begin();
    text.block(
        "for (int c0 = 0; c0 < n; c0 += %d)".formatted(side),
        () ->
            scope.inside(
                () -> {
                  new MaskedBlocks(scope, strip, side)
                      .skipped()
                      .ifPresent(skipped -> text.line("if (" + skipped + ") continue;"));
                  for (int s = 0; s < strip.scores().size(); s++) {
                    score(s);
                  }
                  strip.most().ifPresent(this::most);
                  values();
                  for (int p = 0; p < products.size(); p++) {
                    product(p);
                  }
                }));
    for (int f = 0; f < folds.size(); f++) {
      together("fold" + f, kind(folds.get(f).equation()));
    }
    store();
  }

  private void begin() {
    int line = side + Slices.PAD;
    text.line("LOCAL ALIGNED REAL left[%d];".formatted(Slices.DEEP * line));
    text.line("LOCAL ALIGNED REAL right[%d];".formatted(Slices.DEEP * line));
    if (!products.isEmpty()) {
      text.line("LOCAL ALIGNED REAL block[%d];".formatted(side * line));
    }
    if (!folds.isEmpty() || strip.most().isPresent()) {
      text.line("LOCAL REAL parts[%d];".formatted(side * (Slices.SIDE + 1)));
    }
    if (rounded) {
      text.line("NN_LOCAL");
    }
    text.line("int x = LID_X, y = LID_Y, t = y * %d + x;".formatted(Slices.SIDE));
    text.line(
        "int m = %s, n = %s;".formatted(scope.count(strip.rows()), scope.count(strip.columns())));
    text.line("int down = (m + %d) / %d;".formatted(side - 1, side));
    text.line("int r0 = GRP_X %% down * %d, matrix = GRP_X / down;".formatted(side));
    scope.split(strip.batch(), "matrix");
    Slices.place(text, each, each, rounded);
    strip.most().ifPresent(_ -> rows("most", "-NN_INF"));
    for (int f = 0; f < folds.size(); f++) {
      rows("fold" + f, neutral(kind(folds.get(f).equation())));
    }
    for (int p = 0; p < products.size(); p++) {
      text.line("REAL sum%d[%d][%d][%d];".formatted(p, pieces(p), each, each));
      int number = p;
      each("u", pieces(p), () -> block("sum%d[u]".formatted(number), "0"));
    }
  }

  /** Blocks of a product's own columns. */
  private int pieces(int p) {
    return (int) Math.ceilDiv(Sizes.typical(products.get(p).own()), side);
  }

  private void rows(String name, String value) {
    text.line("REAL %s[%d];".formatted(name, each));
    text.line("UNROLL");
    text.line("for (int i = 0; i < %d; i++) %s[i] = %s;".formatted(each, name, value));
  }

  /** Gives all elements of a work-item's block a value. */
  private void block(String name, String value) {
    each(
        "i",
        each,
        () -> {
          text.line("UNROLL");
          text.line("for (int j = 0; j < %d; j++) %s[i][j] = %s;".formatted(each, name, value));
        });
  }

  private void each(String index, int count, Runnable body) {
    text.line("UNROLL");
    text.block(
        "for (int %s = 0; %s < %d; %s++)".formatted(index, index, count, index),
        () -> scope.inside(body));
  }

  private void score(int number) {
    var score = strip.scores().get(number);
    var name = "score" + number;
    text.line("REAL %s[%d][%d];".formatted(name, each, each));
    block(name, "0");
    var terms = text.declare("int", "terms", scope.count(score.reduced()));
    text.block(
        "for (int k0 = 0; k0 < %s; k0 += %d)".formatted(terms, Slices.DEEP),
        () -> {
          var all = new Slices.Terms(score.reduced(), "k0", terms);
          slices.pack("left", score.left(), strip.rows(), side, "r0", "m", all);
          slices.pack("right", score.right(), strip.columns(), side, "c0", "n", all);
          text.line("SYNC();");
          multiply(name, "left", "right");
          text.line("SYNC();");
        });
  }

  private void multiply(String into, String left, String right) {
    if (rounded) {
      text.line("#if NN_TENSOR");
      text.line(
          "nn_tile(%s, %s, %s, t, %d NN_GIVEN);".formatted(into, left, right, side + Slices.PAD));
      text.line("#else");
    }
    Slices.multiply(text, into, left, right, side, side);
    if (rounded) {
      text.line("#endif");
    }
  }

  /** For each element of the work-item's block that exists, with its scores known. */
  private void elements(List<Node> roots, Runnable body) {
    existing(
        "i",
        "r = r0 + up + i * step",
        "r < m",
        () -> {
          scope.split(strip.rows(), "r");
          know(roots);
          existing(
              "j",
              "c = c0 + over + j",
              "c < n",
              () -> {
                scope.split(strip.columns(), "c");
                for (int s = 0; s < strip.scores().size(); s++) {
                  scope.know(
                      scope.ownRead(strip.scores().get(s).equation()),
                      "score%d[i][j]".formatted(s));
                }
                body.run();
              });
        });
  }

  private void existing(String index, String place, String inside, Runnable body) {
    each(
        index,
        each,
        () -> {
          text.line("int " + place + ";");
          text.block("if (" + inside + ")", () -> scope.inside(body));
        });
  }

  /** What is the same for all of a row is read once for it. */
  private void know(List<Node> roots) {
    strip.most().ifPresent(m -> scope.know(scope.ownRead(m), "most[i]"));
    var axes = new ArrayList<>(strip.batch());
    axes.addAll(strip.rows());
    for (var node : Walk.nodes(roots)) {
      if (node.expr() instanceof Expr.Read read
          && scope.known(node) == null
          && read.subscripts().stream().allMatch(s -> s.expr() instanceof Expr.Index)
          && isOver(read, axes)
          && RangeCheck.standsAlone(node, axes)) {
        new Expressions(scope, List.of(node)).local(node);
      }
    }
  }

  private static boolean isOver(Expr.Read read, List<Axis> axes) {
    var own = axes.stream().map(Axis::index).toList();
    return Rebuild.indices(read.subscripts().toArray(Node[]::new)).stream().allMatch(own::contains);
  }

  private void most(Equation most) {
    text.line("REAL top[%d];".formatted(each));
    text.line("UNROLL");
    text.line("for (int i = 0; i < %d; i++) top[i] = most[i];".formatted(each));
    var roots = List.copyOf(Walk.roots(most));
    elements(roots, () -> fold("top[i]", most, new Expressions(scope, roots)));
    together("top", Reduction.Kind.MAX);
    each(
        "i",
        each,
        () ->
            text.block(
                "if (top[i] != most[i])",
                () -> {
                  // Before the first number, what was added up is that of -inf - -inf.
                  text.line("int first = most[i] == -NN_INF;");
                  text.line("REAL less = nn_exp(most[i] - top[i]);");
                  for (int f = 0; f < folds.size(); f++) {
                    text.line("fold%d[i] = first ? 0 : fold%d[i] * less;".formatted(f, f));
                  }
                  for (int p = 0; p < products.size(); p++) {
                    var sum = "sum%d[u][i][j]".formatted(p);
                    each(
                        "u",
                        pieces(p),
                        () -> {
                          text.line("UNROLL");
                          text.line(
                              "for (int j = 0; j < %d; j++) %s = first ? 0 : %s * less;"
                                  .formatted(each, sum, sum));
                        });
                  }
                  text.line("most[i] = top[i];");
                }));
  }

  private static Reduction.Kind kind(Equation equation) {
    return equation.reduction().orElseThrow().kind();
  }

  private static String neutral(Reduction.Kind kind) {
    return switch (kind) {
      case SUM -> "0";
      case MAX -> "-NN_INF";
      case MIN -> "NN_INF";
      case PROD, ANY, ALL, ARGMAX, ARGMIN, LOGSUMEXP ->
          throw new CompilerBug("no strip adds up by " + kind);
    };
  }

  private static String folded(Reduction.Kind kind, String sum, String value) {
    return switch (kind) {
      case SUM -> "%s += %s;".formatted(sum, value);
      case MAX -> "%s = nn_max(%s, %s);".formatted(sum, sum, value);
      case MIN -> "%s = nn_min(%s, %s);".formatted(sum, sum, value);
      case PROD, ANY, ALL, ARGMAX, ARGMIN, LOGSUMEXP ->
          throw new CompilerBug("no strip adds up by " + kind);
    };
  }

  /** One term, where the guard holds. */
  private void fold(String into, Equation equation, Expressions expressions) {
    var guard = equation.reduction().orElseThrow().guard();
    Runnable term =
        () -> text.line(folded(kind(equation), into, expressions.value(equation.body())));
    if (guard.expr() instanceof Expr.Bool(var value) && value) {
      term.run();
    } else {
      text.block("if (" + expressions.value(guard) + ")", () -> scope.inside(term));
    }
  }

  /** What all columns of a row give together, from what each work-item has of them. */
  private void together(String name, Reduction.Kind kind) {
    int line = Slices.SIDE + 1;
    each(
        "i",
        each,
        () ->
            text.line(
                "parts[(up + i * step) * %d + over / %d] = %s[i];".formatted(line, each, name)));
    text.line("SYNC();");
    each(
        "i",
        each,
        () -> {
          text.line("%s[i] = parts[(up + i * step) * %d];".formatted(name, line));
          text.line("UNROLL");
          text.line(
              "for (int l = 1; l < %d; l++) %s"
                  .formatted(
                      Slices.SIDE,
                      folded(
                          kind, name + "[i]", "parts[(up + i * step) * %d + l]".formatted(line))));
        });
    text.line("SYNC();");
  }

  /** Folds, and the left sides of products. */
  private void values() {
    var roots = new ArrayList<Node>();
    folds.forEach(f -> roots.addAll(Walk.roots(f.equation())));
    products.forEach(p -> roots.add(p.left()));
    for (int p = 0; p < products.size(); p++) {
      text.line("REAL value%d[%d][%d];".formatted(p, each, each));
      block("value" + p, "0");
    }
    elements(
        roots,
        () -> {
          var expressions = new Expressions(scope, roots);
          for (int f = 0; f < folds.size(); f++) {
            fold("fold%d[i]".formatted(f), folds.get(f).equation(), expressions);
          }
          for (int p = 0; p < products.size(); p++) {
            text.line(
                "value%d[i][j] = %s;".formatted(p, expressions.value(products.get(p).left())));
          }
        });
  }

  private void product(int number) {
    var product = products.get(number);
    int line = side + Slices.PAD;
    each(
        "i",
        each,
        () -> {
          text.line("UNROLL");
          text.line(
              "for (int j = 0; j < %d; j++) block[(over + j) * %d + up + i * step] = %s;"
                  .formatted(each, line, slices.rounded("value%d[i][j]".formatted(number))));
        });
    var own = text.declare("int", "own", scope.count(product.own()));
    text.block(
        "for (int k0 = 0; k0 < %d && c0 + k0 < n; k0 += %d)".formatted(side, Slices.DEEP),
        () -> {
          for (int u = 0; u < pieces(number); u++) {
            var terms = new Slices.Terms(strip.columns(), "c0 + k0", "n");
            var first = Integer.toString(u * side);
            slices.pack("right", product.right(), product.own(), side, first, own, terms);
            text.line("SYNC();");
            multiply(
                "sum%d[%d]".formatted(number, u), "(block + k0 * %d)".formatted(line), "right");
            text.line("SYNC();");
          }
        });
  }

  private void store() {
    existing(
        "i",
        "r = r0 + up + i * step",
        "r < m",
        () -> {
          scope.split(strip.rows(), "r");
          strip.most().ifPresent(m -> scope.know(scope.ownRead(m), "most[i]"));
          for (int f = 0; f < folds.size(); f++) {
            scope.know(scope.ownRead(folds.get(f).equation()), "fold%d[i]".formatted(f));
          }
          text.block("if (over == 0)", () -> scope.inside(this::storeRow));
          for (int p = 0; p < products.size(); p++) {
            store(p);
          }
        });
  }

  private void storeRow() {
    strip.most().ifPresent(m -> store(m, "most[i]"));
    for (int f = 0; f < folds.size(); f++) {
      store(folds.get(f), "fold%d[i]".formatted(f));
    }
  }

  private void store(int number) {
    var product = products.get(number);
    var sum = "sum%d[u][i][j]".formatted(number);
    each(
        "u",
        pieces(number),
        () ->
            existing(
                "j",
                "c = u * %d + over + j".formatted(side),
                "c < " + scope.count(product.own()),
                () -> {
                  scope.split(product.own(), "c");
                  scope.know(scope.ownRead(product.equation()), sum);
                  store(product, sum);
                }));
  }

  private void store(Sum sum, String value) {
    store(sum.equation(), value);
    sum.divided()
        .ifPresent(e -> store(e, new Expressions(scope, List.of(e.body())).value(e.body())));
  }

  private void store(Equation equation, String value) {
    if (!strip.local().contains(equation.tensor())) {
      new Expressions(scope, List.of()).store(equation, value);
    }
  }
}
