package dev.nnlang.compiler.cli;

/** How the program ends, as the shell sees it. */
enum ExitStatus {
  /** The work is done. */
  DONE(0),
  /** The file, the data or the run has a problem, and the message explains it. */
  PROBLEM(1),
  /** The command line itself is wrong. */
  USAGE(2),
  /** A bug of ours: the message says what to report. 70 is {@code EX_SOFTWARE} of sysexits.h. */
  BUG(70);

  private final int code;

  ExitStatus(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
