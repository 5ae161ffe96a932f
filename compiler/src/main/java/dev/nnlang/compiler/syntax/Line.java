package dev.nnlang.compiler.syntax;

import java.util.ArrayList;
import java.util.List;

/** A line of formatted text while it is being made. */
final class Line {
  /** What a line is to the statement it belongs to. */
  enum Role {
    /** The first line of a statement or a declaration. */
    FIRST,
    /** A later line of it. */
    CONTINUED,
    /** The brace that closes a block, and what follows it. */
    CLOSING,
    /** A comment alone. */
    COMMENT
  }

  final Role role;

  /** How many blocks are open around it. */
  final int block;

  final boolean blankBefore;
  final List<Piece> pieces = new ArrayList<>();

  /**
   * For first lines: statements with equal keys that follow each other have their signs aligned.
   */
  String key = "";

  /** The position in {@code pieces} of the statement's {@code =} or {@code ~}; -1 for none. */
  int sign = -1;

  /** Blanks before the sign beyond the usual one. */
  int padding;

  Line(Role role, int block, boolean blankBefore) {
    this.role = role;
    this.block = block;
    this.blankBefore = blankBefore;
  }
}
