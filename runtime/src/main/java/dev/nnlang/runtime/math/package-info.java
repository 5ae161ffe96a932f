/**
 * Special functions of one real that the Java library does not have, in double precision.
 *
 * <p>Shared by generated code, which calls them where it has no vector form, and by the reference
 * interpreter, so both judge by the same values.
 */
package dev.nnlang.runtime.math;
