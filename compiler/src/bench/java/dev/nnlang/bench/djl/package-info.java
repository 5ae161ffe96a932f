/** Deep Java Library with PyTorch's engine, for the first prediction of a process. */
package dev.nnlang.bench.djl;
