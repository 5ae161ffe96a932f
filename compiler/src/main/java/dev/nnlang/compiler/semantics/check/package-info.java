/**
 * The face of the stage: {@link dev.nnlang.compiler.semantics.check.Semantics} checks a workspace,
 * or instantiates one of its declarations or plans. Every declaration is checked by itself, with
 * symbols for dimensions, and then with what its uses give; one cause has one message.
 */
package dev.nnlang.compiler.semantics.check;
