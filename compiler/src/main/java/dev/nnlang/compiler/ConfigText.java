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
          // The two sorts of declaration read as the user wrote it: Units=64, rate=0.5.
          boolean isUpper = Character.isUpperCase(name.codePointAt(0));
          var written = (isUpper ? "dim " : "const ") + name + " = " + text;
          var parsed = Parser.parse(new SourceFile("--set", written));
          problems.addAll(parsed.problems());
          switch (parsed.value().declarations().getFirst()) {
            case Ast.ConstDef def -> values.put(name, def.value());
            case Ast.DimDef def -> values.put(name, def.value());
            default -> {
              // Reported by the parser.
            }
          }
        });
    return new Checked<>(values, problems);
  }
}
