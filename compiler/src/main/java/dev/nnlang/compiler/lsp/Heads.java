package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.picture.Shapes;
import dev.nnlang.compiler.semantics.Typed;
import dev.nnlang.compiler.syntax.Ast;
import java.util.List;
import java.util.stream.Collectors;

/** Declarations in one line: as they are written, and as a use solves them. */
final class Heads {
  private Heads() {}

  /** {@code layer Dense(Units: dim, bias = true) : x[In] -> y[Units]}. */
  static String written(Ast.Function f) {
    int end = f.body().span().start();
    var text = f.span().file().text().substring(start(f), end).strip();
    return plain(text.endsWith("=") ? text.substring(0, text.length() - 1) : text);
  }

  /** Where the kind's word stands; documentation is not part of the head. */
  private static int start(Ast.Function f) {
    var text = f.span().file().text();
    int start = f.span().start();
    int word = text.lastIndexOf(f.kind().word(), f.name().span().start());
    return Math.max(start, word);
  }

  /** On one line, blanks as one. */
  static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  /** {@code x[784] -> y[64]} of an instance. */
  static String solved(Typed.Body body) {
    return ports(body.inputs()) + " -> " + ports(body.outputs());
  }

  private static String ports(List<Typed.Variable> variables) {
    return variables.stream()
        .map(v -> v.name() + Shapes.text(v.type()))
        .collect(Collectors.joining(", "));
  }

  /** {@code [T, 8]}; empty where a call is mapped over nothing. */
  static String mapped(Typed.Call call) {
    return Shapes.text(call.mapped());
  }

  /** Whether it is worth saying what a call is mapped over: not for functions of one number. */
  static boolean isMappedVisibly(Typed.Call call) {
    return !call.mapped().isEmpty()
        && call.instance().body().inputs().stream().anyMatch(i -> i.type().rank() > 0);
  }
}
