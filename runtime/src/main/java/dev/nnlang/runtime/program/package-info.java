/**
 * A compiled program as the rest of the runtime sees it: its border, and how it is run.
 *
 * <p>{@link dev.nnlang.runtime.program.Executable} is what a backend gives (bytecode, the reference
 * interpreter, a GPU); {@link dev.nnlang.runtime.program.Session} is one set of buffers that it
 * runs in. Nothing is allocated by a run once the open dimensions have been seen at their largest.
 */
package dev.nnlang.runtime.program;
