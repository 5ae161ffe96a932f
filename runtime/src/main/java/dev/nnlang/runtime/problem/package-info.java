/**
 * What is wrong with the user's data, run or model folder, as a value.
 *
 * <p>The runtime prints nothing. It makes a {@link dev.nnlang.runtime.problem.Problem} of the facts
 * and hands it out inside the checked {@link dev.nnlang.runtime.problem.ProblemException}; who
 * called shows it as the compiler's problems are shown. Every code that can occur is listed in
 * {@link dev.nnlang.runtime.problem.ProblemCode}.
 */
package dev.nnlang.runtime.problem;
