package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Data flows one way: reads the compiled classes and holds them against the table below. */
class LayersTest {

  /**
   * Which package may use which: its own name, an arrow, and all that it may use besides itself and
   * the JDK. Names without a dot are packages of the compiler ({@code root} is the one without a
   * name of its own); {@code runtime}, {@code grammar} and {@code stdlib} are the other modules,
   * with all of their packages. The interpreter in {@code equation} needs the runtime: it is a
   * program like a compiled one, and draws the same random numbers.
   */
  private static final Map<String, Set<String>> MAY_USE =
      table(
          """
          source        ->
          diagnostic    -> source
          recursion     -> source diagnostic
          syntax        -> source diagnostic recursion grammar antlr
          size          -> source diagnostic
          equation      -> source diagnostic size recursion runtime
          notation      -> source diagnostic size equation
          semantics     -> source diagnostic size equation syntax
          semantics.problem -> source diagnostic size equation syntax semantics
          semantics.names   -> source diagnostic size equation syntax semantics semantics.problem
          semantics.bodies  -> source diagnostic size equation syntax semantics semantics.problem \
                               semantics.names
          semantics.plans   -> source diagnostic size equation syntax semantics semantics.problem \
                               semantics.names semantics.bodies
          semantics.check   -> source diagnostic size equation syntax semantics semantics.problem \
                               semantics.names semantics.bodies semantics.plans recursion
          elaborate     -> source diagnostic size equation syntax semantics runtime
          stabilise     -> source diagnostic size equation
          differentiate -> source diagnostic size equation
          simplify      -> source diagnostic size equation
          schedule      -> source diagnostic size equation
          codegen       -> source diagnostic size equation schedule runtime
          codegen.jvm   -> source diagnostic size equation schedule codegen runtime asm
          codegen.gpu   -> source diagnostic size equation schedule codegen runtime
          induction     -> equation elaborate runtime
          picture       -> source diagnostic size equation syntax semantics
          root          -> source diagnostic size equation notation syntax semantics \
                           semantics.names semantics.bodies semantics.check picture elaborate \
                           stabilise differentiate simplify schedule codegen codegen.jvm \
                           codegen.gpu induction runtime stdlib
          lsp           -> source diagnostic size equation syntax semantics semantics.names \
                           semantics.bodies semantics.check picture root stdlib lsp4j
          cli           -> source diagnostic picture syntax semantics root lsp runtime stdlib picocli
          """);

  /** Where the words of the table that are not packages of the compiler come from. */
  private static final Map<String, String> OUTSIDE =
      Map.of(
          "dev.nnlang.runtime", "runtime",
          "dev.nnlang.grammar", "grammar",
          "dev.nnlang.stdlib", "stdlib",
          "org.antlr", "antlr",
          "org.objectweb.asm", "asm",
          "org.eclipse.lsp4j", "lsp4j",
          "com.google.gson", "lsp4j",
          "picocli", "picocli");

  private static final String COMPILER = "dev.nnlang.compiler";
  private static final Path COMPILER_CLASSES = Path.of("target", "classes");
  private static final Path RUNTIME_CLASSES = Path.of("..", "runtime", "target", "classes");
  private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([^;<]+)[;<]");

  @Test
  void everyPackageUsesOnlyWhatTheTableAllows() throws IOException {
    Map<String, Set<String>> wrong = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    for (ClassModel model : classes(COMPILER_CLASSES)) {
      String name = model.thisClass().asInternalName().replace('/', '.');
      if (name.equals("module-info")) {
        continue;
      }
      String layer = layer(name);
      seen.add(layer);
      Set<String> allowed = MAY_USE.getOrDefault(layer, Set.of());
      for (String used : usedClasses(model)) {
        String other = layer(used);
        if (!other.isEmpty() && !other.equals(layer) && !allowed.contains(other)) {
          wrong.computeIfAbsent(layer + " must not use " + other, _ -> new TreeSet<>()).add(name);
        }
      }
    }
    assertTrue(
        seen.contains("cli"), "no classes were read from " + COMPILER_CLASSES.toAbsolutePath());
    assertEquals(Set.of(), difference(seen, MAY_USE.keySet()), "packages that the table lacks");
    assertEquals(Map.of(), wrong);
  }

  /**
   * A package may use what stands above it in the table: read downwards, no line waits for another.
   */
  @Test
  void theTableItselfHasNoCycle() {
    Set<String> above = new HashSet<>(OUTSIDE.values());
    for (Map.Entry<String, Set<String>> line : MAY_USE.entrySet()) {
      assertEquals(
          Set.of(), difference(line.getValue(), above), line.getKey() + " uses what follows it");
      above.add(line.getKey());
    }
  }

  @Test
  void theRuntimeNeedsNothingButTheJdk() throws IOException {
    Set<String> required =
        ModuleFinder.of(RUNTIME_CLASSES)
            .find("dev.nnlang.runtime")
            .orElseThrow()
            .descriptor()
            .requires()
            .stream()
            .map(Requires::name)
            .collect(Collectors.toSet());
    assertEquals(Set.of("java.base", "jdk.incubator.vector"), required);
    for (ClassModel model : classes(RUNTIME_CLASSES)) {
      for (String used : usedClasses(model)) {
        assertTrue(
            layer(used).isEmpty() || layer(used).equals("runtime"),
            () -> model.thisClass().asInternalName() + " uses " + used);
      }
    }
  }

  /** Keeps the order of the lines. */
  private static Map<String, Set<String>> table(String text) {
    Map<String, Set<String>> table = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      String[] sides = line.split("->", 2);
      Set<String> used = new TreeSet<>(Arrays.asList(sides[1].strip().split("\\s+")));
      used.remove("");
      table.put(sides[0].strip(), used);
    }
    return table;
  }

  /** The table's word for the package of a class; empty for the JDK, which everyone may use. */
  private static String layer(String className) {
    String packageName = className.substring(0, Math.max(0, className.lastIndexOf('.')));
    if (packageName.equals(COMPILER)) {
      return "root";
    }
    if (packageName.startsWith(COMPILER + '.')) {
      return packageName.substring(COMPILER.length() + 1);
    }
    return OUTSIDE.entrySet().stream()
        .filter(e -> packageName.equals(e.getKey()) || packageName.startsWith(e.getKey() + '.'))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  private static List<ClassModel> classes(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> files =
          tree.filter(file -> file.toString().endsWith(".class"))
              .filter(file -> !file.endsWith("package-info.class"))
              .toList();
      List<ClassModel> models = new ArrayList<>();
      for (Path file : files) {
        models.add(ClassFile.of().parse(file));
      }
      return models;
    }
  }

  /** Every class that a class names: in its constants, and in the types of its members. */
  private static Set<String> usedClasses(ClassModel model) {
    Set<String> used = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry c -> addFrom(c.asInternalName(), used);
        case NameAndTypeEntry n -> addFrom(n.type().stringValue(), used);
        case MethodTypeEntry m -> addFrom(m.descriptor().stringValue(), used);
        default -> {}
      }
    }
    model.fields().forEach(field -> addFrom(field.fieldType().stringValue(), used));
    model.methods().forEach(method -> addFrom(method.methodType().stringValue(), used));
    return used;
  }

  /** From a plain internal name, or from a descriptor with any number of names in it. */
  private static void addFrom(String text, Set<String> used) {
    if (!text.contains(";")) {
      used.add(text.replace('/', '.'));
      return;
    }
    Matcher names = CLASS_IN_DESCRIPTOR.matcher(text);
    while (names.find()) {
      used.add(names.group(1).replace('/', '.'));
    }
  }

  private static Set<String> difference(Set<String> all, Set<String> known) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(known);
    return rest;
  }
}
