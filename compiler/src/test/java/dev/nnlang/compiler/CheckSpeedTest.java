package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.Severity;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How long checking takes in a warm compiler: printed, never asserted. What is asserted is that
 * long programs are checked at all, without errors.
 */
class CheckSpeedTest {
  private static final int WARM = Integer.getInteger("rounds", 12);

  /** About 50 lines: layers, a recurrence, attention, a model, data and a plan. */
  private static final String CHAPTER =
      """
      /// What the labels of part # are.
      dim Class# = 1#

      const width# = 32

      fn gate# : x[D], g[D] -> y[D] {
          y = x * sigmoid(g)
      }

      layer Linear#(Units: dim, bias = true) : x[In] -> y[Units] {
          param w[In, Units] ~ glorot_uniform
          param b[Units]     = 0
          if bias {
              y[o] = sum[i](x[i] * w[i, o]) + b[o]
          } else {
              y[o] = sum[i](x[i] * w[i, o]) + 0 * b[o]
          }
      }

      layer Window#(Out: dim, K: dim = 3) : x[T, In] -> y[T, Out] {
          param w[K, In, Out] ~ he_normal
          y[t, o] = sum[k, i]((x[t + k - K / 2, i] ?? 0) * w[k, i, o])
      }

      layer Memory#(Units: dim) : x[T, In] -> h[T, Units] {
          param u[Units, Units] ~ orthogonal
          z = x |> Linear#(Units)
          h[t, j] = tanh(z[t, j] + sum[k]((h[t-1, k] ?? 0) * u[k, j]))
      }

      layer Heads#(Heads: dim = 2) : x[T, D] -> y[T, D] where D % Heads == 0 : "heads divide the width" {
          dim E = D / Heads
          param wq[D, Heads, E] ~ glorot_uniform
          q[t, h, e] = sum[d](x[t, d] * wq[d, h, e])
          s[h, t, u] = sum[e](q[t, h, e] * q[u, h, e]) / sqrt(E)
          a[h, t, :] = softmax(s[h, t, :])
          y[t, d]    = sum[u | u <= t](a[d / E, t, u] * x[u, d])
      }

      model Net# : x[16, 8] -> p[Class#] {
          z = x |> Window#(width#) |> relu |> Heads#(4) |> LayerNorm |> Memory#(16) |> last_step
          p = z |> Linear#(24) |> relu |> Dropout(0.1) |> Linear#(Class#) |> softmax
      }

      data Series# {
          source table[N, 9] = csv("data/series#.csv")
          sample n -> x[16, 8], label: index Class# {
              x[t, f] = table[n + t, f]
              label   = table[n + 15, 8]
          }
          split = ordered(train = 0.8, valid = 0.1, test = 0.1)
      }

      train Fit# : Net# on Series# {
          loss      = sparse_categorical_cross_entropy(p, label) + 1e-4 * l2(params)
          metrics   = [accuracy(p, label)]
          optimizer = Adam(lr = cosine(1e-3, warmup = 10))
          batch     = 32
          epochs    = 10
      }

      """;

  private static String program(int lines) {
    var text = new StringBuilder();
    for (int k = 0; text.chars().filter(c -> c == '\n').count() < lines; k++) {
      text.append(CHAPTER.replace("#", Integer.toString(k)));
    }
    return text.toString();
  }

  private static List<Problem> check(String program) {
    return CaseProgram.of(program).check();
  }

  /** The median of warm rounds, in milliseconds. */
  private static void measure(String name, String program, int rounds) {
    var problems = check(program);
    assertFalse(
        problems.stream().anyMatch(p -> p.severity() == Severity.ERROR),
        () -> name + ":\n" + CaseProgram.render(problems.subList(0, 1)));
    var times = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      check(program);
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    var last = Arrays.copyOfRange(times, rounds / 2, rounds);
    Arrays.sort(last);
    System.out.printf(
        "check %-24s %6d lines %8.1f ms, best %.1f%n",
        name, program.lines().count(), last[last.length / 2], last[0]);
  }

  @Test
  void fiveHundredLines() {
    measure("500 lines", program(500), WARM);
  }

  @Test
  void lengthsGrowNearlyLinearly() {
    for (int lines : new int[] {1000, 2000, 5000}) {
      measure(lines + " lines", program(lines), Math.min(4, WARM));
    }
  }

  @Test
  void examplesAndLibrary() {
    var text = new StringBuilder();
    Sources.all().forEach((name, source) -> text.append(source).append('\n'));
    // Names clash from file to file: it is the reading and the messages that are timed.
    long start = System.nanoTime();
    var problems = check(text.toString());
    System.out.printf(
        "check %-24s %6d lines %8.1f ms, %d messages%n",
        "all sources together",
        text.toString().lines().count(),
        (System.nanoTime() - start) / 1e6,
        problems.size());
  }

  @Test
  void deepPrograms() {
    var pipe = new StringBuilder("model M : x[8] -> y[8] {\n    y = x");
    pipe.append("\n        |> tanh".repeat(1000)).append("\n}\n");
    measure("1,000 stages of tanh", pipe.toString(), Math.min(4, WARM));
    var layers = new StringBuilder("model M : x[8] -> y[8] {\n    y = x");
    layers.append("\n        |> Dense(8) |> relu".repeat(100)).append("\n}\n");
    measure("100 dense layers", layers.toString(), Math.min(4, WARM));
    measure(
        "repeat(100, Block)",
        """
        layer Block : x[D] -> y[D] {
            y = x |> Dense(D) |> relu
        }
        model M : x[8] -> y[8] {
            y = x |> repeat(100, Block)
        }
        """,
        Math.min(4, WARM));
    var chain = new StringBuilder("fn f : x -> y {\n    a0 = x\n");
    for (int i = 1; i <= 1000; i++) {
      chain.append("    a%d = a%d + 1\n".formatted(i, i - 1));
    }
    measure("1,000 equations in a row", chain + "    y = a1000\n}\n", Math.min(4, WARM));
    assertEquals(
        List.of(), check("fn f : x = " + "-".repeat(900) + "x\n"), "operators nest to 1,000");
  }
}
