/**
 * The standard library as text.
 *
 * <p>In: nothing. Out: the name and the text of every {@code .nn} file of the library, sorted by
 * name ({@link dev.nnlang.stdlib.StandardLibrary}). The files stand at the top of this module,
 * where people look for them; the build packs them beside this class. No layer, loss or optimizer
 * is known to any Java of this project: to add one, add it to a {@code .nn} file.
 */
package dev.nnlang.stdlib;
