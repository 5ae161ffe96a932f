package dev.nnlang.compiler.codegen.gpu;

/** The body of a kernel in the making: lines in blocks, and names that nothing else has. */
final class Text {
  private StringBuilder lines = new StringBuilder();
  private int depth = 1;
  private int names;

  void line(String text) {
    lines.append("  ".repeat(depth)).append(text).append('\n');
  }

  /** A head that ends with a brace, what is in its block, and the brace that closes it. */
  void block(String head, Runnable body) {
    line(head + " {");
    depth++;
    body.run();
    depth--;
    line("}");
  }

  /** What {@code body} writes, instead of writing it; for a block one deeper. */
  String capture(Runnable body) {
    var outer = lines;
    lines = new StringBuilder();
    depth++;
    body.run();
    depth--;
    var captured = lines.toString();
    lines = outer;
    return captured;
  }

  /** What was captured. */
  void add(String captured) {
    lines.append(captured);
  }

  String name(String stem) {
    return stem + names++;
  }

  /** A local of its own name. */
  String declare(String type, String stem, String value) {
    var name = name(stem);
    line(type + " " + name + " = " + value + ";");
    return name;
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
