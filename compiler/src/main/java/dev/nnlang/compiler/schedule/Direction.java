package dev.nnlang.compiler.schedule;

/** Which way a time loop runs. */
public enum Direction {
  FORWARD,
  BACKWARD
}
