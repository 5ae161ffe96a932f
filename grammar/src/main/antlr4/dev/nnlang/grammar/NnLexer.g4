lexer grammar NnLexer;

NAME : [A-Za-z_] [A-Za-z_0-9]* ;
NUMBER : [0-9]+ ('.' [0-9]+)? ;
SYMBOL : ~[ \t\r\nA-Za-z_0-9] ;
BLANK : [ \t\r\n]+ -> channel(HIDDEN) ;
