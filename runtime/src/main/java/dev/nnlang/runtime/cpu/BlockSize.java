package dev.nnlang.runtime.cpu;

/**
 * How many examples a run had best take at a time, so that what lies between kernels stays near.
 *
 * @param dim the open dimension that counts examples: the first axis of all that depends on one
 */
public record BlockSize(String dim, int examples) {
  /** A whole part of all examples, about as large as is best; all, if there is none. */
  int of(int all) {
    for (int each = Math.min(all, examples); 2 * each > examples; each--) {
      if (all % each == 0) {
        return each;
      }
    }
    return all;
  }
}
