/**
 * Bytes in and out: compressed input, files that appear whole or not at all, JSON and safetensors,
 * and records as bytes for files that only the same version reads ({@code Records}).
 *
 * <p>An {@code IOException} of the outer world leaves this package as a {@link
 * dev.nnlang.runtime.problem.ProblemException} that names the file. It knows neither data
 * declarations nor models.
 */
package dev.nnlang.runtime.file;
