/**
 * A {@code train} declaration at run time: drives the compiled programs over the data.
 *
 * <p>In: a {@link dev.nnlang.runtime.train.TrainingPlan}, {@link
 * dev.nnlang.runtime.train.TrainingPrograms} and the opened data. Out: the best parameters and
 * every figure on the way, told to a listener. Everything here is in a fixed order, so a run
 * depends on its seed alone, not on threads or on interruptions. {@code StoredPrediction} is a
 * plan's compiled prediction as data, for a process that has no compiler to wait for.
 */
package dev.nnlang.runtime.train;
