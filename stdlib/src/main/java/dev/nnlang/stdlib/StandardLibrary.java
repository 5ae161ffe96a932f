package dev.nnlang.stdlib;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Reads the library's files from wherever this class was loaded: a folder of classes or a jar. */
public final class StandardLibrary {

  /**
   * One file of the library.
   *
   * @param name its file name, such as {@code losses.nn}
   * @param text its whole text
   */
  public record SourceFile(String name, String text) {}

  private static final String SUFFIX = ".nn";

  private StandardLibrary() {}

  /** Every file of the library, sorted by name. */
  public static List<SourceFile> files() {
    URL here = StandardLibrary.class.getResource("StandardLibrary.class");
    try {
      List<SourceFile> files = here.getProtocol().equals("jar") ? inJar(here) : inFolder(here);
      files.sort(Comparator.comparing(SourceFile::name));
      return List.copyOf(files);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the standard library cannot be read", unreadable);
    } catch (URISyntaxException malformed) {
      throw new IllegalStateException("not an address of a class: " + here, malformed);
    }
  }

  /**
   * A jar has no folders to list, so its entries are walked. The connection must not use the cached
   * {@code JarFile}: closing that one would take the class loader's own file away.
   */
  private static List<SourceFile> inJar(URL here) throws IOException {
    JarURLConnection connection = (JarURLConnection) here.openConnection();
    connection.setUseCaches(false);
    String folder = StandardLibrary.class.getPackageName().replace('.', '/') + '/';
    List<SourceFile> files = new ArrayList<>();
    try (JarFile jar = connection.getJarFile()) {
      for (var entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String path = entry.getName();
        if (path.startsWith(folder) && path.endsWith(SUFFIX)) {
          try (var bytes = jar.getInputStream(entry)) {
            String text = new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
            files.add(new SourceFile(path.substring(folder.length()), text));
          }
        }
      }
    }
    return files;
  }

  private static List<SourceFile> inFolder(URL here) throws IOException, URISyntaxException {
    List<SourceFile> files = new ArrayList<>();
    Path folder = Path.of(here.toURI()).getParent();
    try (var paths = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path path : paths) {
        files.add(new SourceFile(path.getFileName().toString(), Files.readString(path)));
      }
    }
    return files;
  }
}
