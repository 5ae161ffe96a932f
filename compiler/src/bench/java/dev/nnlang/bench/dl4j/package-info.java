/**
 * Deeplearning4j as a peer: the multilayer perceptron, in processes with a class path of their own.
 */
package dev.nnlang.bench.dl4j;
