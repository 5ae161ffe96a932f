package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.diagnostic.TerminalRenderer;
import dev.nnlang.compiler.semantics.Sources;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Parser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program of a case: the started file and, each after a line {@code //// file NAME}, the files
 * that it uses.
 */
public final class CaseProgram {
  private static final String OTHER = "//// file ";

  private final Compilation compilation;

  private CaseProgram(Compilation compilation) {
    this.compilation = compilation;
  }

  public static CaseProgram of(String text) {
    Map<String, String> files = new LinkedHashMap<>();
    var parts = ("\n" + text).split("\n" + OTHER);
    files.put("case.nn", parts[0].substring(1) + (parts.length > 1 ? "\n" : ""));
    for (var part : List.of(parts).subList(1, parts.length)) {
      int end = part.indexOf('\n');
      files.put(part.substring(0, end).strip(), part.substring(end + 1) + "\n");
    }
    Sources sources =
        path ->
            Optional.ofNullable(files.get(path))
                .map(found -> Parser.parse(new SourceFile(path, found)));
    return new CaseProgram(Compiler.open(new SourceFile("case.nn", files.get("case.nn")), sources));
  }

  public Compilation compilation() {
    return compilation;
  }

  public List<Problem> check() {
    return compilation.check();
  }

  /** The very text that a user without colours reads. */
  public String messages() {
    return render(check());
  }

  public static String render(List<? extends Problem> problems) {
    return new TerminalRenderer(TerminalRenderer.Colour.NONE).render(List.copyOf(problems));
  }
}
