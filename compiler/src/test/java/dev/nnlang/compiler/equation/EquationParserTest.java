package dev.nnlang.compiler.equation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class EquationParserTest {
  private static final String DENSE =
      """
      program step(batch)
        input x: real[batch, 64] data
        input Dense_1/w: real[64, 10] parameter
        input ids: int[batch] data
        input seed: int[] scalar
        z[b: batch, o: 10] = sum[k: 64 | k <= (2*o + 50)](x[b, k] * Dense_1/w[k, o])   -- Dense_1: y
        h[b: batch, o: 10] = if b >= 1 then h[b - 1, o] else (z[b, o] / 3.0E-4)   -- -- odd
        best[b: batch]: int = argmax[o: 10](-z[b, o])   -- where
        row[b: batch]: bool = (ids[b] == best[b]) and (not (b == (batch - 1)))   -- same
        noise[b: batch] = normal(0.0, 1.0 @ 2a; seed, 0, b, 10*b + ((b) / (2)))   -- noise
        same[o: 10] = max(z[0, o], -0.5) + real(o)   -- reads a row
        derivative gradient/w: real[64, 10] = d noise / d Dense_1/w
        output p = z
        update Dense_1/w <- gradient/w
      """;

  @Test
  void whatIsPrintedIsReadBack() {
    var program = EquationParser.parse(DENSE, new Nodes());
    assertEquals(DENSE, EquationText.of(program));
    assertEquals(List.of(), Verifier.verify(program));
  }

  @Test
  void randomProgramsAreReadBack() {
    for (long seed = 0; seed < 300; seed++) {
      var some = RandomPrograms.program(seed).program();
      var text = EquationText.of(some);
      var again = EquationParser.parse(text, new Nodes());
      assertEquals(text, EquationText.of(again), "seed " + seed);
      assertTrue(again.inputs().equals(some.inputs()) && again.outputs().equals(some.outputs()));
    }
  }

  @Test
  void theSameNodesGiveTheSameProgram() {
    var program = EquationParser.parse(DENSE, new Nodes());
    assertEquals(program, EquationParser.parse(DENSE, program.nodes()));
  }

  @Test
  void aMistakeNamesItsLine() {
    var wrong = "program p()\n  y[i: 4] = x[i]   -- none";
    var problem =
        assertThrows(
            IllegalArgumentException.class, () -> EquationParser.parse(wrong, new Nodes()));
    assertEquals("y[i: 4] = x[i]   -- none: no index, dimension or tensor x", problem.getMessage());
  }
}
