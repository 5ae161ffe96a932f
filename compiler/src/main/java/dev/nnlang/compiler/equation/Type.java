package dev.nnlang.compiler.equation;

/** The type of one element. {@code INT} is 64-bit and also holds the values of index sets. */
public enum Type {
  REAL,
  INT,
  BOOL
}
