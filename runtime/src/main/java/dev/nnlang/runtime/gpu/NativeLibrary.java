package dev.nnlang.runtime.gpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A library of the system, and its functions, all of which give an int status. */
@SuppressWarnings("restricted")
final class NativeLibrary {
  private final SymbolLookup symbols;

  private NativeLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /**
   * The first that can be loaded.
   *
   * @param property a system property that names another, and then no other is tried
   */
  static Optional<NativeLibrary> find(String property, List<String> names) {
    var named = System.getProperty(property);
    for (var name : named == null ? names : List.of(named)) {
      var found = load(name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Where a library was looked for, for a message. */
  static String looked(String property, List<String> names) {
    var named = System.getProperty(property);
    return named == null ? String.join(", ", names) : named + " (by -D" + property + ")";
  }

  private static Optional<NativeLibrary> load(String name) {
    try {
      var path = Path.of(name);
      return Optional.of(
          new NativeLibrary(
              path.isAbsolute()
                  ? SymbolLookup.libraryLookup(path, Arena.global())
                  : SymbolLookup.libraryLookup(name, Arena.global())));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** A function that gives a status. */
  MethodHandle function(String name, MemoryLayout... arguments) {
    return link(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
  }

  /** A function that gives a pointer. */
  MethodHandle pointer(String name, MemoryLayout... arguments) {
    return link(name, FunctionDescriptor.of(ValueLayout.ADDRESS, arguments));
  }

  private MethodHandle link(String name, FunctionDescriptor form) {
    var symbol = symbols.find(name).orElseThrow(() -> new Missing(name));
    return Linker.nativeLinker().downcallHandle(symbol, form);
  }

  /** A library that lacks a function: one that is older than what we call. */
  static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Missing(String function) {
      super(function);
    }
  }

  /** A call of a function; only {@code invokeExact} throws what is not expected. */
  interface Call<T> {
    T now() throws Throwable;
  }

  static <T> T call(Call<T> call) {
    try {
      return call.now();
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable thrown) {
      throw new IllegalStateException(thrown);
    }
  }

  /** Sets a variable of this process for the libraries in it, where the system has such. */
  static void environment(String name, String value) {
    var linker = Linker.nativeLinker();
    var setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return;
    }
    var handle =
        linker.downcallHandle(
            setenv.get(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      var key = arena.allocateFrom(name);
      var text = arena.allocateFrom(value);
      call(() -> (int) handle.invokeExact(key, text, 1));
    }
  }
}
