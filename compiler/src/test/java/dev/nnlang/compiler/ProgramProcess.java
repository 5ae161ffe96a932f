package dev.nnlang.compiler;

import dev.nnlang.compiler.cli.Main;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The program as a process of its own: for what signals and streams that end do to it. */
public final class ProgramProcess {
  /** The repository, where the examples are. */
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private ProgramProcess() {}

  /** Starts a command line; what it says of itself is dropped. */
  public static Process start(String... words) throws IOException {
    return builder(List.of("--add-modules=jdk.incubator.vector"), List.of(words))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** A process with these options for the JVM, to be started. */
  public static ProcessBuilder builder(List<String> options, List<String> words) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dnn.home=" + HOME);
    command.addAll(List.of("-cp", classPath(), Main.class.getName()));
    command.addAll(words);
    return new ProcessBuilder(command);
  }

  /** Where the classes are that the program needs; the tests' own path may be one of modules. */
  static String classPath(Class<?>... more) {
    var needed =
        Stream.of(
            Main.class,
            picocli.CommandLine.class,
            org.objectweb.asm.ClassWriter.class,
            org.antlr.v4.runtime.Lexer.class,
            dev.nnlang.grammar.NnLexer.class,
            dev.nnlang.stdlib.StandardLibrary.class,
            dev.nnlang.runtime.train.Trainer.class,
            org.eclipse.lsp4j.InitializeParams.class,
            org.eclipse.lsp4j.jsonrpc.Launcher.class,
            com.google.gson.Gson.class);
    return Stream.concat(needed, Stream.of(more))
        .map(
            c ->
                Path.of(
                    URI.create(c.getProtectionDomain().getCodeSource().getLocation().toString())))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
