/**
 * Names, kinds, dimensions and index ranges: from what was written to what it means.
 *
 * <p>In: syntax trees of the file, of what it uses and of the standard library. Out: {@link
 * dev.nnlang.compiler.semantics.Typed}, declarations instantiated at their uses, and problems. All
 * errors of the user's program end here.
 *
 * <p>This package holds what the stages after it read. The work is done beneath it, each package
 * resting on those before: {@code problem} (facts and words), {@code names} (files, and what their
 * names mean), {@code bodies} (equations, shapes, ranges; and {@code Findings}, what was found out
 * about places of the text, for editors), {@code plans} (data and training), {@code check} (the
 * face).
 *
 * <p>Two ways of checking (LR-15): a declaration is instantiated once with symbolic dimensions, and
 * once more at each use, where dimensions are numbers. Both are the same code: an obligation that
 * neither is proved nor refuted for symbols is left to the uses.
 *
 * <p>A program that is being edited is checked again only where something is new to a declaration
 * ({@code Recheck}): what it rests on, which of other declarations' insides is no more than they
 * show, or what it hears from its uses. The problems are those of a check of everything, and
 * findings of the rest are made when they are asked for.
 *
 * <p>Invariants: no stage after this reports an error of the program; a name that failed is not
 * reported again by its uses (LR-75); the package knows the built-in functions, reductions and
 * draws, and no declaration of the standard library by name.
 *
 * <p>Start at {@code Typed} (what comes out), then {@code check.Semantics} (the face).
 */
package dev.nnlang.compiler.semantics;
