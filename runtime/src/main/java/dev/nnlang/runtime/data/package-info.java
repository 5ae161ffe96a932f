/**
 * A {@code data} declaration at run time: files become tensors, tensors become examples.
 *
 * <p>In: a {@link dev.nnlang.runtime.data.DataPlan} as the compiler made it, and where files may
 * lie. Out: the sources as tensors, the size of every source dimension, and the values of the
 * sample index in each part of the split.
 *
 * <p>Everything is read and checked before the first step; a fault is a {@link
 * dev.nnlang.runtime.problem.Problem} with the file and, where the format has lines, line and
 * column. Start with {@link dev.nnlang.runtime.data.DataPlan}; a new format is one {@code
 * DataSource}.
 */
package dev.nnlang.runtime.data;
