import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Formats the Java of this repository, or, with {@code --check}, says which files are not
 * formatted.
 *
 * <p>A program of its own and not a Maven plugin, because the formatter needs the insides of a JDK
 * 25 compiler while Maven may run on an older Java. Run from the repository's root; arguments are
 * the files, and without any, all of the modules' sources.
 */
class Format {

  public static void main(String[] arguments) throws IOException {
    boolean check = arguments.length > 0 && arguments[0].equals("--check");
    List<Path> files =
        new ArrayList<>(
            Arrays.stream(arguments)
                .skip(check ? 1 : 0)
                .map(Path::of)
                .filter(Format::isJava)
                .toList());
    if (arguments.length == (check ? 1 : 0)) {
      files.addAll(sources());
    }
    List<Path> wrong =
        files.parallelStream().filter(file -> !format(file, check)).sorted().toList();
    if (!wrong.isEmpty()) {
      wrong.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("run .ci/format to format them");
      System.exit(1);
    }
  }

  private static boolean isJava(Path file) {
    return file.toString().endsWith(".java");
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Path.of(""))) {
      for (Path module :
          modules.map(top -> top.resolve("src")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> tree = Files.walk(module)) {
          tree.filter(Format::isJava).forEach(found::add);
        }
      }
    }
    try (Stream<Path> own = Files.list(Path.of(".ci"))) {
      own.filter(Format::isJava).forEach(found::add);
    }
    return found;
  }

  /** False when the file is not as the formatter would have it and must stay so. */
  private static boolean format(Path file, boolean check) {
    try {
      String text = Files.readString(file);
      String tidy =
          new Formatter()
              .formatSource(
                  RemoveUnusedImports.removeUnusedImports(
                      ImportOrderer.reorderImports(text, Style.GOOGLE)));
      if (tidy.equals(text)) {
        return true;
      }
      if (check) {
        return false;
      }
      Files.writeString(file, tidy);
      return true;
    } catch (FormatterException | IOException unreadable) {
      System.err.println(file + ": " + unreadable.getMessage());
      return false;
    }
  }
}
