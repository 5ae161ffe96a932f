/**
 * What can be wrong with a program that has a tree: the facts, a sealed family for each kind of
 * thing, and the words for them in one switch beside each. A problem has a code, a page that
 * explains it, and a case file with its very text.
 */
package dev.nnlang.compiler.semantics.problem;
