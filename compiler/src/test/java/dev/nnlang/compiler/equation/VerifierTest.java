package dev.nnlang.compiler.equation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.equation.Expr.UnaryOp;
import dev.nnlang.compiler.size.Atom;
import dev.nnlang.compiler.size.Poly;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifierTest {
  private static final Poly N = Poly.dim("N");

  private final Nodes nodes = new Nodes();
  private final Tensor x = new Tensor("x", Type.REAL, List.of(N));
  private final Tensor y = new Tensor("y", Type.REAL, List.of(N));
  private final Tensor z = new Tensor("z", Type.REAL, List.of(N));
  private final Axis i = Axis.of("i", N);
  private final Axis k = Axis.of("k", N);

  private Program program(Equation... equations) {
    return new Program(
        "test",
        nodes,
        List.of(new Atom.Dim("N")),
        List.of(new Program.Input(x, Program.Role.DATA)),
        List.of(equations),
        List.of(),
        List.of(),
        List.of());
  }

  private Equation equation(Tensor tensor, Node body) {
    return new Equation(tensor, List.of(i), body, Origin.synthetic("test"));
  }

  private Equation sum(Tensor tensor, Node guard, Node body) {
    var reduction = Optional.of(new Reduction(Reduction.Kind.SUM, List.of(k), guard));
    return new Equation(tensor, List.of(i), reduction, body, Origin.synthetic("test"));
  }

  private Node at(Tensor tensor, Axis axis, long offset) {
    return nodes.read(tensor, List.of(nodes.index(Poly.of(axis.index()).plus(offset))));
  }

  private Node first() {
    return nodes.atLeastZero(Poly.of(i.index()).minus(1));
  }

  private void accepts(Equation... equations) {
    assertEquals(List.of(), Verifier.verify(program(equations)));
  }

  private void refuses(String fault, Equation... equations) {
    assertEquals(List.of(fault), Verifier.verify(program(equations)));
  }

  @Test
  void readsAreInRangeUnderTheGuardsAroundThem() {
    accepts(equation(y, nodes.select(first(), at(x, i, -1), nodes.real(0))));
    accepts(equation(y, nodes.select(nodes.not(first()), nodes.real(0), at(x, i, -1))));
    accepts(
        sum(
            y,
            nodes.atLeastZero(Poly.of(i.index()).minus(Poly.of(k.index())).minus(1)),
            at(x, k, 1)));
    refuses("y: the read x[i - 1] needs 0 <= i - 1", equation(y, at(x, i, -1)));
    refuses("y: the read x[i + 1] needs i + 1 < N", equation(y, at(x, i, 1)));
    refuses(
        "y: the read x[i - 1] needs 0 <= i - 1",
        equation(y, nodes.select(first(), nodes.real(0), at(x, i, -1))));
    refuses(
        "y: the read x[i - 2] needs 0 <= i - 2",
        equation(y, nodes.select(first(), at(x, i, -2), nodes.real(0))));
  }

  @Test
  void guardsThemselvesAreEvaluatedFromTheLeft() {
    var positive = nodes.compare(Expr.Comparison.GT, at(x, i, -1), nodes.real(0));
    accepts(equation(y, nodes.select(nodes.and(first(), positive), nodes.real(1), nodes.real(0))));
    refuses(
        "y: the read x[i - 1] needs 0 <= i - 1",
        equation(y, nodes.select(nodes.and(positive, first()), nodes.real(1), nodes.real(0))));
  }

  @Test
  void everyTensorHasOneDefinition() {
    refuses("y: nothing defines z: REAL[N]", equation(y, at(z, i, 0)));
    refuses(
        "y: a second definition, by an equation",
        equation(y, nodes.real(0)),
        equation(y, nodes.real(1)));
    refuses("x: a second definition, by an equation", equation(x, nodes.real(0)));
  }

  @Test
  void axesAndTypesFitTheTensor() {
    var scalar = new Tensor("s", Type.REAL, List.of());
    assertEquals(
        List.of("s: axes [i: N] of a tensor of shape []"),
        Verifier.verify(program(equation(scalar, nodes.real(0)))));
    refuses("y: a body of type INT for a tensor of type REAL", equation(y, nodes.index(i)));
    refuses(
        "y: the index k is not in scope",
        equation(y, nodes.unary(UnaryOp.SIN, nodes.cast(Type.REAL, nodes.index(k)))));
    refuses(
        "y: M is not an open dimension",
        equation(y, nodes.cast(Type.REAL, nodes.index(Poly.dim("M")))));
  }

  @Test
  void aRecurrenceReadsItselfAtAConstantDistance() {
    accepts(equation(y, nodes.select(first(), at(y, i, -1), nodes.real(0))));
    refuses("not a recurrence: [y reads y[i]]", equation(y, at(y, i, 0)));
    var last = nodes.atLeastZero(N.minus(2).minus(Poly.of(i.index())));
    var before = nodes.select(first(), at(y, i, -1), nodes.real(0));
    var after = nodes.select(last, at(y, i, 1), nodes.real(0));
    accepts(equation(y, after));
    refuses(
        "not a recurrence: [y reads y[i - 1], y reads y[i + 1]]",
        equation(y, nodes.add(before, after)));
    var half = nodes.index(Poly.of(i.index()).floorDiv(Poly.of(2)));
    refuses(
        "not a recurrence: [y reads y[((i) / (2))]]",
        equation(y, nodes.select(first(), nodes.read(y, List.of(half)), nodes.real(0))));
    refuses(
        "not a recurrence: [y reads y[k]]",
        sum(
            y,
            nodes.atLeastZero(Poly.of(i.index()).minus(Poly.of(k.index())).minus(1)),
            at(y, k, 0)));
  }

  @Test
  void equationsThatNeedEachOtherShareALoop() {
    var earlier = nodes.select(first(), at(z, i, -1), nodes.real(0));
    accepts(equation(y, earlier), equation(z, at(y, i, 0)));
    assertEquals(
        1, Verifier.verify(program(equation(y, at(z, i, 0)), equation(z, at(y, i, 0)))).size());
  }

  @Test
  void aGridIsARecurrenceInTwoOrderedAxes() {
    var grid = new Tensor("g", Type.REAL, List.of(N, N));
    var up = Poly.of(i.index()).minus(1);
    var left = Poly.of(k.index()).minus(1);
    var fromUp =
        nodes.select(
            nodes.atLeastZero(up),
            nodes.read(grid, List.of(nodes.index(up), nodes.index(k))),
            nodes.real(0));
    var fromLeft =
        nodes.select(
            nodes.atLeastZero(left),
            nodes.read(grid, List.of(nodes.index(i), nodes.index(left))),
            nodes.real(0));
    var origin = Origin.synthetic("test");
    var body = nodes.add(fromUp, fromLeft);
    accepts(new Equation(grid, List.of(i, k), body, origin));
    var turned = nodes.read(grid, List.of(nodes.index(k), nodes.index(i)));
    assertEquals(
        1,
        Verifier.verify(program(new Equation(grid, List.of(i, k), nodes.add(body, turned), origin)))
            .size());
  }

  @Test
  void theBorderSpeaksOfKnownTensors() {
    var p = program(equation(y, nodes.real(0)));
    var wrong =
        new Program(
            p.name(),
            nodes,
            p.open(),
            p.inputs(),
            p.equations(),
            List.of(),
            List.of(new Program.Output("out", z)),
            List.of(new Program.Update(y, y)));
    assertEquals(
        Arrays.asList("output out: nothing defines z: REAL[N]", "update y: not an input"),
        Verifier.verify(wrong));
  }

  @Test
  void randomProgramsAreValid() {
    for (long seed = 0; seed < 150; seed++) {
      var some = RandomPrograms.program(seed);
      assertTrue(Verifier.verify(some.program()).isEmpty(), some::toString);
    }
  }
}
