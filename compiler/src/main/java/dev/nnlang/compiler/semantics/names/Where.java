package dev.nnlang.compiler.semantics.names;

import dev.nnlang.compiler.syntax.Ast;
import java.util.Locale;

/** The kinds of place that equations stand in, and what each allows (LR-29, 34, 58, 59). */
public enum Where {
  FN,
  ACTIVATION,
  LAYER,
  MODEL,
  LOSS,
  METRIC,
  OPTIMIZER,
  INIT,
  SCHEDULE,
  /** The equations of an example. */
  SAMPLE,
  /** What is computed once from the training examples. */
  FIT,
  /** The settings of a {@code train}. */
  PLAN,
  /** {@code dim} and {@code const} at the top of a file, and the config of {@code data}. */
  FILE;

  public static Where of(Ast.Kind kind) {
    return valueOf(kind.name());
  }

  /** As a message names it. */
  public String word() {
    return switch (this) {
      case PLAN -> "train";
      case FILE -> "file";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }

  public boolean ownsParams() {
    return this == LAYER || this == MODEL;
  }

  public boolean ownsState() {
    return ownsParams() || this == METRIC || this == OPTIMIZER || this == SCHEDULE;
  }

  boolean draws() {
    return ownsParams() || this == INIT || this == SAMPLE;
  }

  /** Whether layers may be made in it. */
  public boolean makesLayers() {
    return ownsParams() || this == PLAN;
  }

  boolean knowsTraining() {
    return ownsParams() || this == METRIC || this == SAMPLE;
  }

  boolean knowsBatch() {
    return ownsParams() || this == LOSS || this == METRIC;
  }

  public boolean knowsStep() {
    return this == SCHEDULE || this == OPTIMIZER;
  }

  public boolean knowsFans() {
    return this == INIT;
  }
}
