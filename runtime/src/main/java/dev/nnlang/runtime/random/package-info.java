/**
 * Random numbers that are functions of a key, not of a history.
 *
 * <p>In: where the draw stands in the program (site) and which one it is (seed, step, example,
 * element). Out: a number. The same key gives the same number on any thread, in any order, on any
 * device (LR-29), so nothing here has state.
 */
package dev.nnlang.runtime.random;
