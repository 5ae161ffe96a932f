/*
 * The sentences of the language. The tokens have been through the layout pass: brackets match, every
 * statement and declaration ends with END, and declaring words have types of their own only where
 * they declare.
 *
 * The grammar accepts a little more than the language: what a left subscript, a pipe's stage or the
 * left side of ?? may be is said better by a message of its own, where the tree is built.
 */
parser grammar NnParser;

options { tokenVocab = NnLexer; }

file : END* ( declaration END* )* EOF ;

// ------------------------------------------------------------------------------------------------
// Declarations

declaration : declared END ;

declared
    : use
    | dimension
    | constant
    | function
    | data
    | train
    ;

use : USE STRING ( LPAREN name ( COMMA name )* COMMA? RPAREN )? ( AS name )? ;

dimension
    : DIM name ASSIGN expr
    | DIM name ENUM_OPEN ( member ( COMMA member )* COMMA? )? RBRACE
    ;

member : name ( ASSIGN STRING )? ;

constant : CONST name ASSIGN expr ;

function : functionHead body ;

// Apart from the body, so that a mistake in the head does not hide those in the body.
functionHead
    : kind name configs? ( COLON ports )? ( ARROW ports )? ( WHERE condition ( COMMA condition )* COMMA? )?
    ;

kind : FN | ACTIVATION | LAYER | MODEL | LOSS | METRIC | OPTIMIZER | INIT | SCHEDULE ;

configs : LPAREN ( config ( COMMA config )* COMMA? )? RPAREN ;

config : name ( COLON name ( LBRACK INT? RBRACK )? )? ( ASSIGN expr )? ;

ports : port ( COMMA port )* ;

port : name dims? type? ( FALLBACK ( UNDERSCORE | expr ) )? ;

dims : LBRACK ( dim ( COMMA dim )* COMMA? )? RBRACK ;

dim
    : ELLIPSIS name
    | expr ( COLON expr )?
    ;

type : COLON ( INDEX dimensionName | name ) ;

dimensionName : name ( DOT name )? ;

condition : expr ( COLON STRING )? ;

body
    : block
    | ASSIGN expr
    | TILDE expr
    ;

data : dataHead block ;

dataHead : DATA name configs? ;

train : trainHead block ;

trainHead : TRAIN name COLON expr ON expr ;

// ------------------------------------------------------------------------------------------------
// Statements

block : LBRACE END* ( statement END* )* RBRACE ;

statement : stated END ;

stated
    : dimension
    | constant
    | parameter
    | state
    | source
    | sample
    | fit
    | choice
    | equation
    ;

parameter : FROZEN? PARAM name dims? type? definition ;

state : STATE name dims? type? definition ;

source : SOURCE name dims? type? ASSIGN expr ;

sample : sampleHead block ;

sampleHead : SAMPLE name ARROW ports ;

fit : FIT block ;

choice : choiceHead block ( ELSE ( choice | block ) )? ;

choiceHead : IF expr ;

equation : left ( COMMA left )* type? definition ;

left
    : UNDERSCORE
    | ( name | PRIMED ) ( LBRACK ( subscript ( COMMA subscript )* COMMA? )? RBRACK )?
    ;

definition : ( ASSIGN | TILDE ) expr ;

// ------------------------------------------------------------------------------------------------
// Expressions, tightest first (LR-32)

expr
    : primary                                                           # primaryExpr
    | expr DOT name                                                     # memberExpr
    | expr LPAREN ( argument ( COMMA argument )* COMMA? )? RPAREN       # callExpr
    | expr LBRACK ( subscript ( COMMA subscript )* COMMA? )?
        ( BAR expr )? RBRACK                                            # accessExpr
    | <assoc = right> expr FALLBACK expr                                # fallbackExpr
    | <assoc = right> expr CARET expr                                   # powerExpr
    | MINUS expr                                                        # negateExpr
    | expr op = ( STAR | SLASH | PERCENT ) expr                         # multiplyExpr
    | expr op = ( PLUS | MINUS ) expr                                   # addExpr
    | expr RANGE expr                                                   # rangeExpr
    | expr op = ( LT | LE | GT | GE | EQ | NE ) expr                    # compareExpr
    | NOT expr                                                          # notExpr
    | expr AND expr                                                     # andExpr
    | expr OR expr                                                      # orExpr
    | expr PIPE expr                                                    # pipeExpr
    | expr AS name                                                      # asExpr
    | IF expr THEN expr ELSE expr                                       # conditionalExpr
    ;

primary
    : INT
    | REAL
    | STRING
    | TRUE
    | FALSE
    | name
    | PRIMED
    | LPAREN expr RPAREN
    | LBRACK ( expr ( COMMA expr )* COMMA? )? RBRACK
    ;

argument : ( name ASSIGN )? expr ;

subscript
    : ELLIPSIS name
    | COLON
    | expr ( COLON expr )?
    ;

name : NAME ;
