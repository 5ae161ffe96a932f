/**
 * A trained model as a folder: what a run leaves, and what {@code test}, {@code predict} and {@code
 * --resume} start from.
 *
 * <pre>
 * weights.safetensors     parameters and states by path, fit values as fit/NAME
 * optimizer.safetensors   the optimizer's states, and the sums of an epoch that was interrupted
 * best.safetensors        of an interrupted run with stop: the best parameters so far
 * model.json              what was trained, from which sources (with their hashes), vocabularies
 * state.json              where the run stands
 * sources/                the program as it was
 * run.jsonl               every figure, one event a line
 * checkpoints/step-N/     with checkpoint: model folders of the run on its way
 * </pre>
 *
 * <p>Each file appears whole or not at all, and all carry the step of their writing, so that a
 * folder half written is recognised. Start with {@link dev.nnlang.runtime.model.ModelFolder}.
 */
package dev.nnlang.runtime.model;
