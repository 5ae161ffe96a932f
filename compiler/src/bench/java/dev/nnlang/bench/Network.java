package dev.nnlang.bench;

import java.nio.file.Path;
import java.util.Locale;

/** The networks that are compared, each a file of the language in {@code src/bench/nn}. */
public enum Network {
  MLP(10, 128, Optimizer.ADAM),
  LENET(10, 64, Optimizer.MOMENTUM),
  RESNET20(10, 32, Optimizer.MOMENTUM),
  LSTM(10, 32, Optimizer.ADAM),
  LRCN(6, 8, Optimizer.ADAM),
  GPT(96, 8, Optimizer.ADAM);

  /** How a network is trained; the numbers are those of the files. */
  public enum Optimizer {
    /** Rate 1e-3, betas 0.9 and 0.999, eps 1e-8. */
    ADAM,
    /** Gradient descent, rate 0.01, momentum 0.9. */
    MOMENTUM
  }

  /** The most examples that inference is asked for at once. */
  public static final int MOST_EXAMPLES = 64;

  private final int classes;
  private final int batch;
  private final Optimizer optimizer;

  Network(int classes, int batch, Optimizer optimizer) {
    this.classes = classes;
    this.batch = batch;
    this.optimizer = optimizer;
  }

  /** How many values a label, or an id, has. */
  public int classes() {
    return classes;
  }

  /** Examples of a training step. */
  public int batch() {
    return batch;
  }

  public Optimizer optimizer() {
    return optimizer;
  }

  /** Examples of the data set that is made up for it. */
  public int examples() {
    return Math.max(batch, MOST_EXAMPLES);
  }

  /** In lower case, as on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Path file() {
    return Row.SOURCES.resolve(word() + ".nn");
  }
}
