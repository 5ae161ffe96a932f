package dev.nnlang.compiler;

import dev.nnlang.compiler.diagnostic.Checked;
import dev.nnlang.compiler.diagnostic.Problem;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Config values given as text, read as the language would read them. */
final class ConfigText {
  private ConfigText() {}

  static Checked<Map<String, Ast.Expr>> parse(Map<String, String> texts) {
    var values = new LinkedHashMap<String, Ast.Expr>();
    var problems = new ArrayList<Problem>();
    texts.forEach(
        (name, text) -> {
          var parsed = Parser.parse(new SourceFile("--set " + name, "const v = " + text));
          problems.addAll(parsed.problems());
          if (parsed.value().declarations().getFirst() instanceof Ast.ConstDef def) {
            values.put(name, def.value());
          }
        });
    return new Checked<>(values, problems);
  }
}
