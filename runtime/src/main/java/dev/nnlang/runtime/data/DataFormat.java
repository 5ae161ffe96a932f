package dev.nnlang.runtime.data;

/**
 * A reader that another module adds under a short name, found by {@link java.util.ServiceLoader}:
 * formats that need a library, such as {@code parquet}, come so, as the runtime has no dependency.
 */
public interface DataFormat {
  /** As written in programs. */
  String name();

  DataSource source();
}
