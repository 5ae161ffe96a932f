package dev.nnlang.runtime.train;

import dev.nnlang.runtime.program.Extent;
import dev.nnlang.runtime.program.Port.Role;
import dev.nnlang.runtime.tensor.ElementType;
import dev.nnlang.runtime.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A straight line through points, by hand: {@code p = a * (x - mu) + b}, squared error, momentum, a
 * state that counts examples, noise on the data, a metric that is a mean and one that has state. It
 * has all kinds of tensors that a compiled model can have.
 */
final class LinePrograms {
  private static final Extent N = new Extent.Dim("N");
  private static final Extent BATCH = new Extent.Dim("batch");

  private final double rate;

  LinePrograms(double rate) {
    this.rate = rate;
  }

  TrainingPrograms all() {
    return new TrainingPrograms(
        Optional.of(fit()),
        initial(),
        step(),
        evaluate(),
        Optional.of(metrics()),
        predict(),
        Optional.of(validate()));
  }

  private static Tensor scalar(double value) {
    return Tensor.of(new double[] {value});
  }

  private static WrittenProgram withModel(WrittenProgram program) {
    return program
        .input("x", Role.SOURCE, ElementType.F64, N)
        .input("fit/mu", Role.SOURCE, ElementType.F64)
        .input("n", Role.DATA, ElementType.INT, BATCH)
        .input("a", Role.PARAMETER, ElementType.F64)
        .input("b", Role.PARAMETER, ElementType.F64);
  }

  private static double line(Map<String, Tensor> in, double x) {
    return in.get("a").get(0) * (x - in.get("fit/mu").get(0)) + in.get("b").get(0);
  }

  private static WrittenProgram fit() {
    return new WrittenProgram(
            "fit",
            in -> {
              double sum = 0;
              for (long n : in.get("train_n").longs()) {
                sum += in.get("x").get((int) n);
              }
              return Map.of("mu", scalar(sum / in.get("train_n").size()));
            })
        .input("x", Role.SOURCE, ElementType.F64, N)
        .input("train_n", Role.DATA, ElementType.INT, new Extent.Dim("count"))
        .output("mu");
  }

  private static WrittenProgram initial() {
    return new WrittenProgram(
            "initial",
            in ->
                Map.of(
                    "a", scalar(new SplittableRandom((long) in.get("seed").get(0)).nextDouble()),
                    "b", scalar(0),
                    "Counter_1/seen", scalar(0),
                    "optimizer/a/m", scalar(0),
                    "optimizer/b/m", scalar(0),
                    "metric/count/total", scalar(0)))
        .input("seed", Role.SCALAR, ElementType.INT)
        .output("a")
        .output("b")
        .output("Counter_1/seen")
        .output("optimizer/a/m")
        .output("optimizer/b/m")
        .output("metric/count/total");
  }

  private WrittenProgram step() {
    return withModel(
            new WrittenProgram(
                "step",
                in -> {
                  double loss = 0;
                  double error = 0;
                  double da = 0;
                  double db = 0;
                  long[] values = in.get("n").longs();
                  long key = (long) in.get("seed").get(0) * 31 + (long) in.get("step").get(0);
                  for (long n : values) {
                    double noise = new SplittableRandom(key * 31 + n).nextDouble(-1e-6, 1e-6);
                    double x = in.get("x").get((int) n) + noise;
                    double miss = line(in, x) - in.get("y").get((int) n);
                    loss += miss * miss / values.length;
                    error += Math.abs(miss) / values.length;
                    da += 2 * miss * (x - in.get("fit/mu").get(0)) / values.length;
                    db += 2 * miss / values.length;
                  }
                  double ma = 0.5 * in.get("optimizer/a/m").get(0) + da;
                  double mb = 0.5 * in.get("optimizer/b/m").get(0) + db;
                  // The last step of a schedule that falls to zero moves nothing.
                  double left = 1 - in.get("step").get(0) / (in.get("steps").get(0) + 1);
                  return Map.of(
                      "loss", scalar(loss),
                      "metric/error", scalar(error),
                      "a'", scalar(in.get("a").get(0) - rate * left * ma),
                      "b'", scalar(in.get("b").get(0) - rate * left * mb),
                      "optimizer/a/m'", scalar(ma),
                      "optimizer/b/m'", scalar(mb),
                      "Counter_1/seen'", scalar(in.get("Counter_1/seen").get(0) + values.length));
                }))
        .input("y", Role.SOURCE, ElementType.F64, N)
        .input("seed", Role.SCALAR, ElementType.INT)
        .input("step", Role.SCALAR, ElementType.INT)
        .input("steps", Role.SCALAR, ElementType.INT)
        .input("Counter_1/seen", Role.STATE, ElementType.F64)
        .input("optimizer/a/m", Role.OPTIMIZER, ElementType.F64)
        .input("optimizer/b/m", Role.OPTIMIZER, ElementType.F64)
        .output("loss")
        .output("metric/error")
        .updates("a", "b", "Counter_1/seen", "optimizer/a/m", "optimizer/b/m");
  }

  private static WrittenProgram evaluate() {
    return withModel(
            new WrittenProgram(
                "evaluate",
                in -> {
                  double loss = 0;
                  double error = 0;
                  long[] values = in.get("n").longs();
                  for (long n : values) {
                    double miss = line(in, in.get("x").get((int) n)) - in.get("y").get((int) n);
                    loss += miss * miss / values.length;
                    error += Math.abs(miss) / values.length;
                  }
                  double total = in.get("metric/count/total").get(0) + values.length;
                  return Map.of(
                      "loss", scalar(loss),
                      "metric/error", scalar(error),
                      "metric/count/total'", scalar(total));
                }))
        .input("y", Role.SOURCE, ElementType.F64, N)
        .input("metric/count/total", Role.STATE, ElementType.F64)
        .output("loss")
        .output("metric/error")
        .updates("metric/count/total");
  }

  private static WrittenProgram metrics() {
    return new WrittenProgram(
            "metrics", in -> Map.of("metric/count", in.get("metric/count/total").copy()))
        .input("metric/count/total", Role.STATE, ElementType.F64)
        .output("metric/count");
  }

  private static WrittenProgram predict() {
    return withModel(
            new WrittenProgram(
                "predict",
                in -> {
                  long[] values = in.get("n").longs();
                  double[] p = new double[values.length];
                  for (int i = 0; i < p.length; i++) {
                    p[i] = line(in, in.get("x").get((int) values[i]));
                  }
                  return Map.of("p", Tensor.of(p, p.length), "slope", in.get("a").copy());
                }))
        .output("p", BATCH)
        .output("slope");
  }

  /** The sign of y, as a number that the sample takes for one of two classes. */
  private static WrittenProgram validate() {
    return new WrittenProgram(
            "validate",
            in -> {
              long[] values = in.get("n").longs();
              double[] kinds = new double[values.length];
              for (int i = 0; i < kinds.length; i++) {
                kinds[i] = in.get("kind").get((int) values[i]);
              }
              return Map.of("sample/kind", Tensor.of(kinds, kinds.length));
            })
        .input("kind", Role.SOURCE, ElementType.F64, N)
        .input("n", Role.DATA, ElementType.INT, BATCH)
        .output("sample/kind", BATCH);
  }
}
