package dev.nnlang.runtime.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;

/** What Linux says of the processor, where code should be other than its vectors let expect. */
final class Processor {
  private static final Path SAYS = Path.of("/proc/cpuinfo");

  /** Of AMD's Zen 3 and 4, of which only the latter has vectors of 512 bits. */
  private static final String FAMILY = "25";

  private Processor() {}

  /**
   * Whether it computes a vector of 512 bits in two halves, so that two vectors of 256 bits take as
   * long. What has no such file, or other words in it, is taken to be of another kind.
   */
  static boolean halvesLongVectors() {
    var first = new HashMap<String, String>();
    try (var lines = Files.lines(SAYS)) {
      lines
          .takeWhile(line -> !line.isBlank())
          .map(line -> line.split(":", 2))
          .filter(parts -> parts.length == 2)
          .forEach(parts -> first.put(parts[0].strip(), parts[1].strip()));
    } catch (IOException | RuntimeException e) {
      return false;
    }
    return "AuthenticAMD".equals(first.get("vendor_id")) && FAMILY.equals(first.get("cpu family"));
  }
}
