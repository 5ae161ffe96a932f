/**
 * The language server: what an editor asks, answered from the compiler's facade.
 *
 * <p>In: documents as an editor holds them, broken or not. Out: the answers of the Language Server
 * Protocol 3.17, and the drawn network.
 *
 * <p>Two halves. {@code NnServer} is the protocol: it keeps the documents, runs every question on
 * one thread, and drops answers about a text that has changed meanwhile. All else are pure
 * functions of an {@code Analysis}, which is a snapshot: one version of one document, its tree, its
 * names and what checking found out. A snapshot is never changed, so no answer can mix two texts.
 * What an edit has left alone is not worked out again: {@code Remembered} has it from the versions
 * before; nor is it sent again, where the protocol has a way: {@code ColoursSent}.
 *
 * <p>Invariants: this is the only package that sees lsp4j; positions of the protocol (UTF-16 units
 * in lines) exist only in {@code Positions}; nothing here knows a declaration of the standard
 * library by name, and no rule of the language stands here twice: what a name means follows the
 * tree, what it is worth follows {@code Findings}.
 *
 * <p>Start at {@code NnServer} (what is asked), then {@code Analysis} (what there is to answer
 * from), then {@code Names}.
 */
package dev.nnlang.compiler.lsp;
