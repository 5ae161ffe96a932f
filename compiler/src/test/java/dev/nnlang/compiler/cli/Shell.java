package dev.nnlang.compiler.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A folder to work in, and commands run in it as the launcher would run them. */
final class Shell {
  /** The repository, where the examples are. */
  static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  private final Path folder;
  private final Path home;

  Shell(Path folder) {
    this(folder, HOME);
  }

  private Shell(Path folder, Path home) {
    this.folder = folder;
    this.home = home;
  }

  /** The same folder, with the project's own files elsewhere. */
  Shell withHome(Path other) {
    return new Shell(folder, other);
  }

  /** What a command leaves: its status and the two streams. */
  record Ended(int status, String out, String err) {}

  /**
   * Runs a command line. A word that begins with {@code @} is a path in the folder; in what comes
   * back the folder's own name is written {@code @} again, so that texts can be compared.
   */
  Ended nn(String... words) {
    var arguments =
        Arrays.stream(words).map(w -> w.startsWith("@") ? path(w.substring(1)) : w).toList();
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var oldOut = System.out;
    var oldErr = System.err;
    var oldHome = System.setProperty("nn.home", home.toString());
    int status;
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      status = Main.run(arguments.toArray(String[]::new));
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
      if (oldHome == null) {
        System.clearProperty("nn.home");
      }
    }
    return new Ended(status, text(out), text(err));
  }

  private String text(ByteArrayOutputStream stream) {
    return stream
        .toString(StandardCharsets.UTF_8)
        .replace(folder + "/", "@")
        .replace(folder.toString(), "@");
  }

  String path(String name) {
    return folder.resolve(name).toString();
  }

  Path file(String name, String text) {
    return file(name, text.getBytes(StandardCharsets.UTF_8));
  }

  Path file(String name, byte[] bytes) {
    try {
      var file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String example(String name) {
    return HOME.resolve("examples").resolve(name).toString();
  }
}
