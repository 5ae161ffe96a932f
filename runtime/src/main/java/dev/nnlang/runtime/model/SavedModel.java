package dev.nnlang.runtime.model;

import dev.nnlang.runtime.train.TrainingState;
import dev.nnlang.runtime.train.Weights;

/**
 * A model as it was read from its folder.
 *
 * @param weights to be checked against the programs that are to use them: {@link Weights#checked}
 * @param state to resume from
 */
public record SavedModel(ModelInfo info, Weights weights, TrainingState state) {}
