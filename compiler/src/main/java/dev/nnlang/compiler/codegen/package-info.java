/**
 * What all back ends say alike of a program: its border, its sizes, where its tensors live.
 *
 * <p>In: a {@link dev.nnlang.compiler.schedule.Plan}. Out: records of the runtime.
 *
 * <p>Invariants: nothing here knows how kernels are written.
 *
 * <p>Start at {@code Border} and {@code Slots}.
 */
package dev.nnlang.compiler.codegen;
