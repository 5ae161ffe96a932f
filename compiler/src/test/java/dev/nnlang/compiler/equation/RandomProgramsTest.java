package dev.nnlang.compiler.equation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class RandomProgramsTest {
  @Test
  void aSeedNamesOneProgram() {
    for (long seed = 0; seed < 20; seed++) {
      var once = RandomPrograms.program(seed);
      var again = RandomPrograms.program(seed);
      assertEquals(once.toString(), again.toString());
      once.inputs()
          .forEach(
              (name, value) -> {
                for (int k = 0; k < value.size(); k++) {
                  assertEquals(value.get(k), again.inputs().get(name).get(k));
                }
              });
    }
  }

  @Test
  void allReductionsOccur() {
    var seen = EnumSet.noneOf(Reduction.Kind.class);
    for (long seed = 0; seed < 200; seed++) {
      for (var equation : RandomPrograms.program(seed).program().equations()) {
        equation.reduction().ifPresent(r -> seen.add(r.kind()));
      }
    }
    assertEquals(EnumSet.allOf(Reduction.Kind.class), seen);
  }

  @Test
  void shrinkingKeepsTheFailureAndLittleElse() {
    // "Fails" as long as any logarithm of a sum of exponentials is in the program.
    var failing = RandomPrograms.program(2);
    var small =
        ProgramShrinker.shrink(
            failing,
            c ->
                c.program().equations().stream()
                    .flatMap(e -> e.reduction().stream())
                    .anyMatch(r -> r.kind() == Reduction.Kind.LOGSUMEXP));
    assertTrue(failing.program().equations().size() > 3);
    assertEquals(1, small.program().equations().size() - partsOf(small), small.toString());
  }

  /** The loss and the parts that it adds up. */
  private static int partsOf(RandomPrograms.Case some) {
    return (int)
        some.program().equations().stream()
            .filter(e -> e.tensor().name().matches("loss|part.*"))
            .count();
  }
}
