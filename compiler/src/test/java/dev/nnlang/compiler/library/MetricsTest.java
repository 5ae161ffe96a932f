package dev.nnlang.compiler.library;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.Options;
import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.train.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Metrics over a whole pass of several batches, the last a smaller one, against the textbook's
 * count over all examples at once.
 */
class MetricsTest {
  private static final int COUNT = 103;
  private static final int CLASSES = 3;

  private static final String PROGRAM =
      """
      dim Kind = 3

      model Passed : given[4] -> y, p[Kind] {
          param unused = 1
          y    = given[0] + 0 * unused
          p[c] = given[c + 1]
      }

      data Rows {
          source table[N, 6] = csv("rows.csv")
          sample n -> given[4], target, label: index Kind {
              given[i] = table[n, i]
              target   = table[n, 4]
              label    = table[n, 5]
          }
          split = ranges(train = 0 .. 1, test = 1 .. 104)
      }

      train Measure : Passed on Rows {
          loss      = mse(y, target)
          metrics   = [precision(y, target), recall(y, target), f1(y, target), auc(y, target),
                       r2(y, target), root_mean_squared_error(y, target),
                       perplexity(p, label), macro_f1(p, label), confusion_matrix(p, label)]
          optimizer = SGD()
          batch     = 16
          epochs    = 1
      }
      """;

  private final double[] y = new double[COUNT];
  private final double[][] p = new double[COUNT][CLASSES];
  private final double[] target = new double[COUNT];
  private final int[] label = new int[COUNT];

  @Test
  void countsOverTheWholePass(@TempDir Path folder) throws Exception {
    var random = new Random(3);
    var rows = new StringBuilder("0.5,0,0,0,1,0\n");
    for (int i = 0; i < COUNT; i++) {
      target[i] = random.nextInt(3) == 0 ? 1 : 0;
      // In the middle of a bin, so that the bins lose nothing.
      y[i] = (Math.floor(random.nextDouble() * 160 + 40 * target[i]) + .5) / 200;
      for (int c = 0; c < CLASSES; c++) {
        p[i][c] = random.nextGaussian();
      }
      label[i] = random.nextInt(CLASSES);
      rows.append(
          "%s,%s,%s,%s,%s,%s%n".formatted(y[i], p[i][0], p[i][1], p[i][2], target[i], label[i]));
    }
    Files.writeString(folder.resolve("rows.csv"), rows);
    var got = measured(folder);
    double hits = count(i -> called(i) && target[i] == 1);
    double calls = count(this::called);
    double all = count(i -> target[i] == 1);
    near("precision", hits / calls, got);
    near("recall", hits / all, got);
    near("f1", 2 * hits / (calls + all), got);
    near("auc", area(), got);
    double mean = IntStream.range(0, COUNT).mapToDouble(i -> target[i]).average().orElseThrow();
    double missed = sum(i -> Math.pow(target[i] - y[i], 2));
    near("r2", 1 - missed / sum(i -> Math.pow(target[i] - mean, 2)), got);
    near("root_mean_squared_error", Math.sqrt(missed / COUNT), got);
    near("perplexity", Math.exp(sum(this::surprise) / COUNT), got);
    var matrix = new double[CLASSES][CLASSES];
    for (int i = 0; i < COUNT; i++) {
      matrix[label[i]][said(i)]++;
    }
    double harmonic = 0;
    var counts = got.tensors().get("confusion_matrix");
    for (int t = 0; t < CLASSES; t++) {
      double row = 0;
      double column = 0;
      for (int c = 0; c < CLASSES; c++) {
        assertEquals(matrix[t][c], counts.get(t * CLASSES + c));
        row += matrix[t][c];
        column += matrix[c][t];
      }
      harmonic += 2 * matrix[t][t] / (row + column);
    }
    near("macro_f1", harmonic / CLASSES, got);
  }

  private static Figures measured(Path folder) throws Exception {
    var trainer = Training.of(PROGRAM, folder, Options.Precision.f64, _ -> {});
    return trainer.evaluate(trainer.fresh(), Part.TEST);
  }

  private boolean called(int i) {
    return y[i] > .5;
  }

  private int said(int i) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      best = p[i][c] > p[i][best] ? c : best;
    }
    return best;
  }

  private double surprise(int i) {
    double total = 0;
    for (double z : p[i]) {
      total += Math.exp(z);
    }
    return Math.log(total) - p[i][label[i]];
  }

  /** The share of pairs that are in order. */
  private double area() {
    double right = 0;
    double pairs = 0;
    for (int i = 0; i < COUNT; i++) {
      for (int j = 0; j < COUNT; j++) {
        if (target[i] == 1 && target[j] == 0) {
          pairs++;
          right += y[i] > y[j] ? 1 : y[i] == y[j] ? .5 : 0;
        }
      }
    }
    return right / pairs;
  }

  private interface OfExample {
    double at(int i);
  }

  private interface IsTrue {
    boolean of(int i);
  }

  private static double sum(OfExample value) {
    return IntStream.range(0, COUNT).mapToDouble(value::at).sum();
  }

  private static double count(IsTrue which) {
    return sum(i -> which.of(i) ? 1 : 0);
  }

  private static void near(String metric, double expected, Figures got) {
    assertEquals(
        String.format(Locale.ROOT, "%.9f", expected),
        String.format(Locale.ROOT, "%.9f", got.scalar(metric).orElseThrow()),
        metric);
  }
}
