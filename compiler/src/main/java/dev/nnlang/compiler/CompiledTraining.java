package dev.nnlang.compiler;

import dev.nnlang.runtime.data.DataPlan;
import dev.nnlang.runtime.train.TrainingPlan;
import dev.nnlang.runtime.train.TrainingPrograms;

/** A {@code train} declaration, ready to run: give it to the runtime's {@code Trainer}. */
public record CompiledTraining(TrainingPlan plan, DataPlan data, TrainingPrograms programs) {}
