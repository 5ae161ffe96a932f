package dev.nnlang.runtime.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kernels that were built for a device. Drivers compile slowly, and programs share kernels: the
 * step, its evaluation and its prediction most of a network's. So each text is built once, together
 * with all others that are new to the device.
 */
final class Built {
  /** A text to a driver's own form of it. */
  interface Compiler {
    MemorySegment compile(String title, String text);
  }

  /**
   * Where a kernel is.
   *
   * @param module the driver's form of the text that it was built with
   * @param name in that text
   */
  record Place(MemorySegment module, String name) {}

  private record Key(String head, String kernel) {}

  private final Map<Key, Place> places = new HashMap<>();
  private final List<MemorySegment> modules = new ArrayList<>();
  private final Compiler compiler;

  Built(Compiler compiler) {
    this.compiler = compiler;
  }

  /** Where kernels are, by their names. */
  Map<String, Place> places(String title, String head, Map<String, String> kernels) {
    var fresh = new LinkedHashMap<Key, String>();
    var keys = new HashMap<String, Key>();
    kernels.forEach(
        (name, text) -> {
          // A name tells nothing about what is done.
          var key = new Key(head, text.replace(name, "kernel"));
          keys.put(name, key);
          if (!places.containsKey(key)) {
            fresh.putIfAbsent(key, name);
          }
        });
    if (!fresh.isEmpty()) {
      var text = new StringBuilder(head);
      fresh.values().forEach(name -> text.append(kernels.get(name)));
      var module = compiler.compile(title, text.toString());
      modules.add(module);
      fresh.forEach((key, name) -> places.put(key, new Place(module, name)));
    }
    var found = new HashMap<String, Place>();
    keys.forEach((name, key) -> found.put(name, places.get(key)));
    return found;
  }

  /** All that drivers were given, to be given back. */
  List<MemorySegment> modules() {
    return List.copyOf(modules);
  }
}
