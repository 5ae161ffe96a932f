/*
 * The words of the language (LR-41, LR-42).
 *
 * Every character of a text becomes part of some token, so that the lexer never fails: what cannot
 * stand in a program has token types of its own (NUMBER_WITHOUT_DIGITS is found later, from INT and
 * DOT). A layout pass between the lexer and the parser (LR-40, LR-5) turns NEWLINE and SEMICOLON
 * into END or nothing, names that declare into the types listed under tokens, and drops comments.
 */
lexer grammar NnLexer;

tokens {
    // The end of a statement.
    END,
    // The brace that opens the members of an enumerated dimension.
    ENUM_OPEN,
    // Names that declare, where a declaration begins (LR-5).
    DIM, CONST,
    FN, ACTIVATION, LAYER, MODEL, LOSS, METRIC, OPTIMIZER, INIT, SCHEDULE, DATA, TRAIN,
    PARAM, FROZEN, STATE, SOURCE, SAMPLE, FIT,
    // "index" before the name of a dimension in a type, and "on" in the head of a training plan.
    INDEX, ON
}

DOC : '///' ~[\r\n]* ;
LINE_COMMENT : '//' ~[\r\n]* ;
BLOCK_COMMENT : '/*' .*? '*/' ;
UNCLOSED_COMMENT : '/*' ( ~'*' | '*' ~'/' )* '*'? EOF ;

NEWLINE : '\r'? '\n' ;
BLANK : [ \t]+ ;

IF : 'if' ;
THEN : 'then' ;
ELSE : 'else' ;
AND : 'and' ;
OR : 'or' ;
NOT : 'not' ;
TRUE : 'true' ;
FALSE : 'false' ;
WHERE : 'where' ;
USE : 'use' ;
AS : 'as' ;

LPAREN : '(' ;
RPAREN : ')' ;
LBRACK : '[' ;
RBRACK : ']' ;
LBRACE : '{' ;
RBRACE : '}' ;
COMMA : ',' ;
COLON : ':' ;
SEMICOLON : ';' ;
ASSIGN : '=' ;
TILDE : '~' ;
ARROW : '->' ;
PIPE : '|>' ;
BAR : '|' ;
FALLBACK : '??' ;
ELLIPSIS : '...' ;
RANGE : '..' ;
DOT : '.' ;
EQ : '==' ;
NE : '!=' ;
LE : '<=' ;
GE : '>=' ;
LT : '<' ;
GT : '>' ;
PLUS : '+' ;
MINUS : '-' ;
STAR : '*' ;
SLASH : '/' ;
PERCENT : '%' ;
CARET : '^' ;

// Spellings of other languages, each of which gets a message with its mend.
STAR_STAR : '**' ;
AMP_AMP : '&&' ;
BAR_BAR : '||' ;
BANG : '!' ;
FAT_ARROW : '=>' ;
UPDATE : [+\-*/%] '=' ;

REAL
    : DIGITS '.' DIGITS EXPONENT?
    | DIGITS EXPONENT
    ;
INT : DIGITS ;

fragment DIGITS : [0-9] ( '_'? [0-9] )* ;
fragment EXPONENT : [eE] [+\-]? DIGITS ;

STRING : '"' STRING_PART* '"' ;
UNCLOSED_STRING : '"' STRING_PART* '\\'? ;
fragment STRING_PART : '\\' ~[\r\n] | ~["\\\r\n] ;

UNDERSCORE : '_' ;
NAME : [A-Za-z_] [A-Za-z0-9_]* ;
// The next value of a state or a parameter.
PRIMED : [A-Za-z_] [A-Za-z0-9_]* '\'' ;
// A word with a letter that no name may have, kept whole so that it gets one message.
FOREIGN_NAME : [\p{L}_] [\p{L}\p{M}\p{N}_]* '\''? ;

UNKNOWN : . ;
