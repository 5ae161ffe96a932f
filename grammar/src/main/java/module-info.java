/** The grammar of the language: ANTLR's lexer and parser, and nothing else. */
module dev.nnlang.grammar {
  requires transitive org.antlr.antlr4.runtime;

  exports dev.nnlang.grammar;
}
