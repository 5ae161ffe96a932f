parser grammar NnParser;

options { tokenVocab = NnLexer; }

file : (NAME | NUMBER | SYMBOL)* EOF ;
