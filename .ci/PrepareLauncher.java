import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The last step of packaging the compiler: makes what the launcher {@code nn} looks for.
 *
 * <ul>
 *   <li>{@code compiler/target/launcher/quick.aot} and {@code usual.jsa}: start-up caches of the
 *       JVM for the two ways in which it is started, made by running the program once. Without them
 *       the program starts too, only more slowly, so a failure here is told and does not fail the
 *       build. The first has linked classes (JEP 483, 514), the second is an archive of class data
 *       (JEP 350 and its elders): with a module that incubates the JVM links nothing ahead of time,
 *       and such a cache would be without the classes of lambdas, too, which the archive has.
 *   <li>{@code compiler/target/lib}: class files so old that no such cache takes them are brought
 *       to a newer version of the format; nothing else changes in them.
 *   <li>{@code compiler/target/launcher/built}: a stamp with the time at which the build began. A
 *       source newer than it has not been built.
 * </ul>
 *
 * Arguments: the repository's root and the time at which the build began.
 */
class PrepareLauncher {

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path root = Path.of(arguments[0]).toRealPath();
    Instant began = Instant.parse(arguments[1]);
    Path target = root.resolve("compiler/target");
    Path folder = Files.createDirectories(target.resolve("launcher"));

    List<Path> jars = jars(target);
    for (Path jar : jars) {
      if (RenewedJar.isOld(jar)) {
        RenewedJar.renew(jar);
      }
    }
    for (Kind kind : Kind.values()) {
      Path cache = folder.resolve(kind.cache);
      List<Path> options = List.of(kind.options(root));
      if (!Files.exists(cache) || isOlder(cache, jars) || isOlder(cache, options)) {
        makeCache(root, jars, kind, cache);
      }
    }
    Path stamp = folder.resolve("built");
    Files.writeString(stamp, "");
    Files.setLastModifiedTime(stamp, FileTime.from(began));
  }

  /** How the JVM is started. The second learns with the model that the first has trained. */
  private enum Kind {
    usual("jvm.args", "usual.jsa"),
    quick("jvm-quick.args", "quick.aot");

    private final String options;
    private final String cache;

    Kind(String options, String cache) {
      this.options = options;
      this.cache = cache;
    }

    Path options(Path root) {
      return root.resolve(".ci").resolve(options);
    }
  }

  /** The compiler's own jar and then its dependencies, in the order in which a shell lists them. */
  private static List<Path> jars(Path target) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path folder : List.of(target, target.resolve("lib"))) {
      try (Stream<Path> files = Files.list(folder)) {
        files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
      }
    }
    return jars;
  }

  private static boolean isOlder(Path cache, List<Path> others) throws IOException {
    FileTime made = Files.getLastModifiedTime(cache);
    for (Path other : others) {
      if (Files.getLastModifiedTime(other).compareTo(made) > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the cache learns from, a class and its arguments. Should the program refuse it, its help
   * is still better than nothing.
   */
  private static List<List<String>> rehearsals(Path root, Path folder) {
    String program = root.resolve("examples/digits.nn").toString();
    String row = String.join(",", Collections.nCopies(8 * 8 + 1, "0"));
    return List.of(
        List.of("Rehearsal", program, row, folder.toString()), List.of("Main", "--help"));
  }

  /** Made under another name first, so that a launcher never sees half a cache. */
  private static void makeCache(Path root, List<Path> jars, Kind kind, Path cache)
      throws IOException, InterruptedException {
    Path made = cache.resolveSibling(kind.cache + ".new");
    Path log = cache.resolveSibling(kind.cache + ".log");
    Files.deleteIfExists(cache);
    Path work = Files.createDirectories(cache.resolveSibling("rehearsal"));
    for (List<String> rehearsal : rehearsals(root, work)) {
      Files.deleteIfExists(made);
      List<String> program = new ArrayList<>();
      program.add("dev.nnlang.compiler.cli." + rehearsal.getFirst());
      program.addAll(rehearsal.subList(1, rehearsal.size()));
      boolean there =
          switch (kind) {
            case quick ->
                succeeds(
                    java(root, jars, kind, List.of("-XX:AOTCacheOutput=" + made), program), log);
            case usual -> {
              Path classes = cache.resolveSibling("usual.classes");
              var learn = List.of("-XX:DumpLoadedClassList=" + classes);
              var write =
                  List.of(
                      "-Xshare:dump",
                      "-XX:SharedClassListFile=" + classes,
                      "-XX:SharedArchiveFile=" + made);
              yield succeeds(java(root, jars, kind, learn, program), log)
                  && succeeds(java(root, jars, kind, write, List.of()), log);
            }
          };
      if (there && Files.exists(made)) {
        Files.move(made, cache);
        return;
      }
    }
    System.err.println("no start-up cache; nn starts without it, see " + log);
  }

  private static List<String> java(
      Path root, List<Path> jars, Kind kind, List<String> options, List<String> program) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("@" + kind.options(root));
    command.add("-Dnn.home=" + root);
    command.add("-cp");
    command.add(jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.addAll(program);
    return command;
  }

  private static boolean succeeds(List<String> command, Path log)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      return false;
    }
    return process.exitValue() == 0;
  }
}
