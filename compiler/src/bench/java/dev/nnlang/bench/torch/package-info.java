/**
 * libtorch through JavaCPP's presets: each network's forward pass as one would write it in C++,
 * with our weights in its layouts; its own autograd and optimizers do the rest.
 */
package dev.nnlang.bench.torch;
