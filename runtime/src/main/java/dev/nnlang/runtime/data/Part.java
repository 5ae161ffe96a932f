package dev.nnlang.runtime.data;

/** What a part of the examples is for. */
public enum Part {
  TRAIN("train"),
  VALID("valid"),
  TEST("test");

  private final String word;

  Part(String word) {
    this.word = word;
  }

  /** As written in {@code split} and in results: {@code valid.loss}. */
  public String word() {
    return word;
  }
}
