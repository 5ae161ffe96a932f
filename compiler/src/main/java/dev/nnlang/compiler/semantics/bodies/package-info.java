/**
 * What equations mean: a declaration at a use, with its config and the types of its inputs, becomes
 * a {@code Typed.Body}. {@link dev.nnlang.compiler.semantics.bodies.Typer} is the hub that all
 * expressions go through; {@link dev.nnlang.compiler.semantics.bodies.Frame} is one body while it
 * gets its meaning, {@link dev.nnlang.compiler.semantics.bodies.Engine} one checking of a
 * workspace.
 *
 * <p>What failed is null, and has been reported. A dimension is a number, or a symbol where a
 * declaration is checked by itself; what symbols leave open is left to the uses (LR-15). Start with
 * {@code Bodies}, then {@code Statements} and {@code Definitions} (the left sides), {@code Reads}
 * (subscripts and their ranges), {@code Calls} and {@code Applications}, {@code Recurrences}.
 */
package dev.nnlang.compiler.semantics.bodies;
