package dev.nnlang.compiler.diagnostic;

/** A mistake of the compiler itself, never of the user; the command line ends with status 70. */
public final class CompilerBug extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CompilerBug(String message) {
    super(message);
  }

  public CompilerBug(String message, Throwable cause) {
    super(message, cause);
  }
}
