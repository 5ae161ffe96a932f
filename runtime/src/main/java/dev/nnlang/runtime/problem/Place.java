package dev.nnlang.runtime.problem;

/**
 * A place in a file: the data's or the program's.
 *
 * @param file as the user wrote it or as it was found
 * @param line from 1; 0 for the file as a whole
 * @param column from 1, in characters; 0 for the line as a whole
 */
public record Place(String file, long line, long column) {
  /** The file as a whole. */
  public static Place file(String file) {
    return new Place(file, 0, 0);
  }

  /** {@code file:line:column}, as far as known. */
  @Override
  public String toString() {
    return file + (line > 0 ? ":" + line + (column > 0 ? ":" + column : "") : "");
  }
}
