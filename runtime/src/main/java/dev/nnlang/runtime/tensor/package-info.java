/**
 * Plain arrays with a shape: what goes into and comes out of a compiled network.
 *
 * <p>Invariant: row-major, dense, offset 0; the array's length is the product of the shape.
 */
package dev.nnlang.runtime.tensor;
