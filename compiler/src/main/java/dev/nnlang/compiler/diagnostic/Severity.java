package dev.nnlang.compiler.diagnostic;

/** How much a problem matters: an error stops the compiler after the stage that found it. */
public enum Severity {
  ERROR,
  WARNING,
  HINT;

  /** The word in messages and in JSON. */
  public String word() {
    return switch (this) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case HINT -> "hint";
    };
  }

  /** The severity that a code's first letter says: E, W or H. */
  public static Severity of(String code) {
    return switch (code.charAt(0)) {
      case 'E' -> ERROR;
      case 'W' -> WARNING;
      case 'H' -> HINT;
      default -> throw new CompilerBug("a code starts with E, W or H: " + code);
    };
  }
}
