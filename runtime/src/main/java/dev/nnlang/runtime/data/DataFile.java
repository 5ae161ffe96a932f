package dev.nnlang.runtime.data;

import java.nio.file.Path;

/**
 * A file of a source.
 *
 * @param written in the program
 * @param path where it was found
 */
public record DataFile(String written, Path path) {}
