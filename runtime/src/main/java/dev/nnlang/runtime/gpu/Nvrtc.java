package dev.nnlang.runtime.gpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** NVIDIA's run-time compiler: kernels to an image for one kind of device. */
final class Nvrtc {
  static final String PROPERTY = "nn.nvrtc.library";
  private static final List<String> VERSIONS = List.of("13", "12", "11.2");

  private final MethodHandle create;
  private final MethodHandle compile;
  private final MethodHandle imageSize;
  private final MethodHandle image;
  private final MethodHandle logSize;
  private final MethodHandle log;
  private final MethodHandle destroy;

  /** The system's, a toolkit's, or one that lies with Python's packages. */
  static Optional<Nvrtc> find() {
    var names = names();
    // Some builds do not find their own second half.
    for (var name : names) {
      var folder = Path.of(name).getParent();
      if (folder != null) {
        builtins(folder).forEach(b -> NativeLibrary.find("nn.nvrtc.builtins", List.of(b)));
      }
    }
    return NativeLibrary.find(PROPERTY, names).map(Nvrtc::new);
  }

  static List<String> names() {
    return Toolkits.names("libnvrtc.so.", VERSIONS);
  }

  private static List<String> builtins(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("libnvrtc-builtins.so"))
          .map(file -> file.toAbsolutePath().toString())
          .toList();
    } catch (java.io.IOException _) {
      return List.of();
    }
  }

  private Nvrtc(NativeLibrary library) {
    create =
        library.function(
            "nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    compile = library.function("nvrtcCompileProgram", ADDRESS, JAVA_INT, ADDRESS);
    imageSize = library.function("nvrtcGetCUBINSize", ADDRESS, ADDRESS);
    image = library.function("nvrtcGetCUBIN", ADDRESS, ADDRESS);
    logSize = library.function("nvrtcGetProgramLogSize", ADDRESS, ADDRESS);
    log = library.function("nvrtcGetProgramLog", ADDRESS, ADDRESS);
    destroy = library.function("nvrtcDestroyProgram", ADDRESS);
  }

  /** An image for devices of this compute capability; a {@link DeviceFailure} has the log. */
  byte[] compile(String title, String text, int capability) {
    try (var arena = Arena.ofConfined()) {
      var out = arena.allocate(ADDRESS);
      var source = arena.allocateFrom(text);
      var name = arena.allocateFrom("kernels.cu");
      var none = MemorySegment.NULL;
      check(
          title,
          NativeLibrary.call(() -> (int) create.invokeExact(out, source, name, 0, none, none)));
      var program = out.get(ADDRESS, 0);
      var options = arena.allocate(ADDRESS, 2);
      options.setAtIndex(ADDRESS, 0, arena.allocateFrom("--gpu-architecture=sm_" + capability));
      options.setAtIndex(ADDRESS, 1, arena.allocateFrom("--std=c++17"));
      int status = NativeLibrary.call(() -> (int) compile.invokeExact(program, 2, options));
      try {
        if (status != 0) {
          throw OpenCl.refused(title, text(program, logSize, log));
        }
        return bytes(program, imageSize, image);
      } finally {
        NativeLibrary.call(() -> (int) destroy.invokeExact(out));
      }
    }
  }

  private static void check(String title, int status) {
    if (status != 0) {
      throw OpenCl.refused(title, "NVRTC gives status " + status);
    }
  }

  private static String text(MemorySegment program, MethodHandle size, MethodHandle get) {
    var bytes = bytes(program, size, get);
    return new String(bytes, java.nio.charset.StandardCharsets.UTF_8).replace("\0", "");
  }

  private static byte[] bytes(MemorySegment program, MethodHandle size, MethodHandle get) {
    try (var arena = Arena.ofConfined()) {
      var length = arena.allocate(JAVA_LONG);
      check("a program", NativeLibrary.call(() -> (int) size.invokeExact(program, length)));
      var out = arena.allocate(length.get(JAVA_LONG, 0));
      check("a program", NativeLibrary.call(() -> (int) get.invokeExact(program, out)));
      return out.toArray(JAVA_BYTE);
    }
  }
}
