/**
 * What {@code data} and {@code train} mean: sources and samples, splits, losses, metrics,
 * optimizers and settings. {@link dev.nnlang.compiler.semantics.plans.DataBuilder} and {@link
 * dev.nnlang.compiler.semantics.plans.TrainBuilder} give the {@code Typed.Data} and {@code
 * Typed.Training} that is trained.
 */
package dev.nnlang.compiler.semantics.plans;
