package dev.nnlang.compiler.elaborate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The long repeats of which a set of programs has only the ends, and what it takes to add the rest.
 */
final class LowStacks {
  private final Map<String, Stack> stacks = new LinkedHashMap<>();
  private final Map<Long, String> draws = new LinkedHashMap<>();

  /**
   * A repeat as a stack, if it is so high that leaving out its middle saves anything. Within a copy
   * of a stack all is whole, so that the copies are alike.
   */
  Optional<Stack> of(String path, int copies) {
    boolean isInside = stacks.keySet().stream().anyMatch(outer -> path.startsWith(outer + "/"));
    return isInside || copies <= Stack.WRITTEN + 1
        ? Optional.empty()
        : Optional.of(stacks.computeIfAbsent(path, _ -> new Stack(path, copies)));
  }

  /** A random number stands there. */
  void draw(long site, String path) {
    draws.put(site, path);
  }

  Collection<Stack> stacks() {
    return stacks.values();
  }

  /** The paths of draws, by their sites. */
  Map<Long, String> draws() {
    return draws;
  }
}
