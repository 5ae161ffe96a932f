package dev.nnlang.runtime.data;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** Which reader a name means: one of ours, one that a module adds, or a Java class. */
public final class Readers {
  private static final Map<String, DataSource> BUILT_IN =
      Map.of(
          "csv", new CsvSource(),
          "idx", new IdxSource(),
          "npy", new NpySource(),
          "npz", new NpzSource(),
          "safetensors", new SafetensorsSource(),
          "images", new ImagesSource(),
          "chars", new CharsSource(),
          "linspace", new LinspaceSource());

  private Readers() {}

  /** The names that every program may use, {@code parquet} among them, sorted. */
  public static List<String> names() {
    var names = new TreeSet<>(BUILT_IN.keySet());
    names.add("parquet");
    return List.copyOf(names);
  }

  static DataSource named(SourcePlan source) throws ProblemException {
    var name = source.reader().reader();
    var builtIn = BUILT_IN.get(name);
    if (builtIn != null) {
      return builtIn;
    }
    for (var format : ServiceLoader.load(DataFormat.class)) {
      if (format.name().equals(name)) {
        return format.source();
      }
    }
    if (name.indexOf('.') > 0) {
      return ofClass(source, name);
    }
    var unknown = Problem.of(ProblemCode.READER_UNKNOWN, "there is no reader " + name);
    throw (name.equals("parquet")
            ? Problem.of(ProblemCode.READER_UNKNOWN, "parquet is not read by this build")
                .expected("a module on the path that provides a DataFormat of that name")
                .mend("add such a module, or write the table as csv or npy")
            : unknown.expected("one of " + String.join(", ", names()) + ", or a Java class"))
        .at(source.declared())
        .thrown();
  }

  private static DataSource ofClass(SourcePlan source, String name) throws ProblemException {
    try {
      var loader = Thread.currentThread().getContextClassLoader();
      var found = Class.forName(name, true, loader);
      if (DataSource.class.isAssignableFrom(found)) {
        return (DataSource) found.getConstructor().newInstance();
      }
      throw unusable(source, "the class " + name + " is no DataSource").thrown();
    } catch (ClassNotFoundException _) {
      throw unusable(source, "there is no class " + name + " on the path").thrown();
    } catch (InvocationTargetException e) {
      throw unusable(source, "the class " + name + " fails when made: " + e.getCause()).thrown();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw unusable(source, "the class " + name + " cannot be made: " + e).thrown();
    }
  }

  private static Problem unusable(SourcePlan source, String found) {
    return Problem.of(ProblemCode.READER_UNKNOWN, found)
        .expected(
            "a public class in an exported package that implements "
                + DataSource.class.getName()
                + " and has a public constructor without arguments")
        .at(source.declared());
  }
}
