package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.program.Extent;

/**
 * One kernel of a program.
 *
 * @param code which of the program's classes holds it
 * @param kernel its number there
 * @param items how many work items it has; they are independent of each other
 * @param cost about how many nanoseconds an item takes, to size the chunks
 * @param what for messages: the equations it computes
 */
public record Step(int code, int kernel, Extent items, Extent cost, String what) {}
