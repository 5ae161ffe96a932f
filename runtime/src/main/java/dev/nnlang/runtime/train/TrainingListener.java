package dev.nnlang.runtime.train;

/** Hears of a run as it goes on, in the thread that trains; what it throws ends the run. */
public interface TrainingListener {
  void on(TrainingEvent event);

  /** Hears nothing. */
  static TrainingListener none() {
    return _ -> {};
  }
}
