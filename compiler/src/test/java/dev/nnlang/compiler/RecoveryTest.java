package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Independent mistakes are all said, each once, whatever stage finds them. */
class RecoveryTest {
  private static List<String> errors(String program) {
    return CaseProgram.of(program).check().stream()
        .filter(p -> p.severity() == Severity.ERROR)
        .map(Problem::code)
        .toList();
  }

  @Test
  void syntaxNameAndShape() {
    assertEquals(
        List.of("E0112", "E0201", "E0304"),
        errors(
            """
            layer A : x[D] -> y[D] {
                y = x *
            }
            layer B : x[D] -> y[D] {
                y = x * scale
            }
            layer C : x[T, D], b[D] -> y[T, D] {
                y = x + b
            }
            """));
  }

  @Test
  void threeInOneBody() {
    assertEquals(
        List.of("E0112", "E0201", "E0401"),
        errors(
            """
            layer A : x[T] -> a[T], b[T], c[T] {
                a = x *
                b = x * scale
                c[t] = x[t + 1]
            }
            """));
  }

  @Test
  void modelDataAndPlan() {
    assertEquals(
        List.of("E0305", "E0501", "E0601"),
        errors(
            """
            model M : x[4] -> y[3] {
                y = x |> Dense(2)
            }
            data D {
                source table[N, 5] = cvs("points.csv")
                sample n -> x[4], target[3] {
                    x[f]      = table[n, f]
                    target[k] = table[n, 4]
                }
            }
            train T : M on D {
                loss      = mse(y, target)
                optimizer = SGD()
                epoch     = 3
                epochs    = 3
            }
            """));
  }

  @Test
  void threeInOnePlan() {
    assertEquals(
        List.of("E0201", "E0201", "E0610"),
        errors(
            """
            model M : x -> y {
                param a = 0
                y = a * x
            }
            data D {
                source table[N, 2] = csv("points.csv")
                sample n -> x, target {
                    x      = table[n, 0]
                    target = table[n, 1]
                }
            }
            train T : M on D {
                loss      = mse(y, aim)
                metrics   = [mae(y, goal)]
                optimizer = Dense(3)
                epochs    = 3
            }
            """));
  }

  /** A mistake inside a library's layer is shown at the user's call, its own line beneath. */
  @Test
  void insideTheLibrary() {
    var problem =
        CaseProgram.of("model M : x[T] -> y[1] {\n    y = x |> Dense(1)\n}\n").check().getFirst();
    assertEquals("case.nn", problem.at().file().name());
    assertEquals("dense.nn", problem.report().others().getFirst().span().file().name());
  }
}
