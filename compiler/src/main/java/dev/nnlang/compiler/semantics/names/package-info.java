/**
 * What names mean: files that use each other, declarations at their tops, scopes within. Takes the
 * trees of all files and gives a {@link dev.nnlang.compiler.semantics.names.Workspace}; {@link
 * dev.nnlang.compiler.semantics.names.Names} checks the names of one declaration in all its
 * branches, before anything has a type. Knows no sizes and no types.
 */
package dev.nnlang.compiler.semantics.names;
