package dev.nnlang.runtime.cpu;

import dev.nnlang.runtime.file.Records;
import dev.nnlang.runtime.file.WholeFile;
import dev.nnlang.runtime.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Forms of products that were measured to be faster than those that {@link ProductCost} chooses, on
 * this machine, by {@code nn tune --kernels}; for all others it is asked.
 *
 * <p>They lie in a file of the user's cache folder, which a process reads once if it is there. What
 * is damaged or of another version is as if it were not there, and a form that does not fit its
 * shape is not used: the file can make programs slow, and not wrong.
 */
public final class MeasuredForms implements ProductForms {
  /** The property that names the cache folder: set by the launcher; without it nothing is kept. */
  public static final String FOLDER = "nn.cache";

  private static final String FILE = "products.forms";
  private static final MeasuredForms NONE = new MeasuredForms(Map.of());

  /** What this process has read, by file. */
  private static final Map<Path, MeasuredForms> READ = new ConcurrentHashMap<>();

  private final Map<ProductShape, ProductForm> measured;

  private MeasuredForms(Map<ProductShape, ProductForm> measured) {
    this.measured = measured;
  }

  /**
   * What a file holds.
   *
   * @param machines the forms of each machine: home folders are shared by several
   */
  public record Stored(Map<Machine, Map<ProductShape, ProductForm>> machines) {
    public Stored {
      var copy = new LinkedHashMap<Machine, Map<ProductShape, ProductForm>>();
      machines.forEach((machine, forms) -> copy.put(machine, Map.copyOf(forms)));
      machines = Map.copyOf(copy);
    }
  }

  /**
   * What measurements are true for.
   *
   * @param architecture as Java calls it
   * @param vectorBits of the vectors that are computed with
   * @param processor its model, or nothing where the system does not say
   * @param java the virtual machine, which compiles the tiles
   */
  public record Machine(String architecture, int vectorBits, String processor, String java) {
    private static final Path MODEL = Path.of("/proc/cpuinfo");

    static Machine here() {
      return new Machine(
          System.getProperty("os.arch"),
          Lanes.bits(),
          model(),
          System.getProperty("java.vm.version"));
    }

    private static String model() {
      try (var lines = Files.lines(MODEL)) {
        // A virtual machine's name may leave out of which generation its processor is.
        return lines
            .takeWhile(line -> !line.isBlank())
            .filter(line -> line.startsWith("model") || line.startsWith("cpu family"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .collect(Collectors.joining(" "));
      } catch (IOException _) {
        var windows = System.getenv("PROCESSOR_IDENTIFIER");
        return windows == null ? "" : windows;
      }
    }
  }

  /** Those of the user's cache folder. */
  public static MeasuredForms ofUser() {
    return file().map(file -> READ.computeIfAbsent(file, MeasuredForms::read)).orElse(NONE);
  }

  private static Optional<Path> file() {
    var folder = System.getProperty(FOLDER, "");
    return folder.isBlank() ? Optional.empty() : Optional.of(Path.of(folder, FILE));
  }

  private static MeasuredForms read(Path file) {
    var stored = stored(file);
    return stored.machines().isEmpty()
        ? NONE
        : new MeasuredForms(stored.machines().getOrDefault(Machine.here(), Map.of()));
  }

  private static Stored stored(Path file) {
    try {
      return Records.read(Files.readAllBytes(file), Stored.class);
    } catch (IOException | Records.Unreadable _) {
      return new Stored(Map.of());
    }
  }

  /**
   * Keeps forms for this and later processes, beside those that were kept before.
   *
   * @param found by shape; where it is the form that the cost model chooses, none is kept
   * @return the file; empty where there is no cache folder
   * @throws ProblemException if it cannot be written
   */
  public static Optional<Path> keep(Map<ProductShape, ProductForm> found) throws ProblemException {
    var file = file();
    if (file.isPresent()) {
      var machine = Machine.here();
      var machines = new LinkedHashMap<>(stored(file.get()).machines());
      var forms = new LinkedHashMap<>(machines.getOrDefault(machine, Map.of()));
      forms.putAll(found);
      forms.entrySet().removeIf(each -> each.getValue().equals(ProductCost.best(each.getKey())));
      machines.put(machine, forms);
      WholeFile.write(file.get(), Records.write(new Stored(machines)));
      READ.put(file.get(), new MeasuredForms(Map.copyOf(forms)));
    }
    return file;
  }

  @Override
  public ProductForm of(ProductShape shape) {
    var form = measured.get(shape);
    return form == null ? ProductCost.best(shape) : form;
  }
}
