package dev.nnlang.runtime.program;

/**
 * After a run the input in slot {@code state} takes the value in slot {@code next}. Where both are
 * the same storage nothing is left to do, and there is no carry.
 */
public record Carry(int state, int next) {}
