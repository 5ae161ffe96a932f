/**
 * Stacks for work that recurses as deeply as a program is nested.
 *
 * <p>Always holds: how deep a text, an equation or a recurrence may be is a rule of the language
 * (LR-72) and never of the thread that happens to call. Start reading at {@code DeepStack}.
 */
package dev.nnlang.compiler.recursion;
