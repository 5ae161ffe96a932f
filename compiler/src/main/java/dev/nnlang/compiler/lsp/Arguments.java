package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.DocText;
import java.util.ArrayList;
import java.util.Optional;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;
import org.eclipse.lsp4j.ParameterInformation;
import org.eclipse.lsp4j.SignatureHelp;
import org.eclipse.lsp4j.SignatureInformation;
import org.eclipse.lsp4j.jsonrpc.messages.Either;

/** The argument list that is being typed, found by its characters: its end may not be there yet. */
final class Arguments {
  /**
   * A call whose list is open at the cursor.
   *
   * @param isInputs whether the list is inputs and not config (LR-23)
   * @param position how many commas stand before the cursor
   * @param name of the argument, where it is given by name
   */
  record Open(Ast.Function callee, boolean isInputs, int position, Optional<String> name) {}

  private Arguments() {}

  static Optional<Open> around(Analysis analysis, int offset) {
    var text = analysis.document().text();
    int depth = 0;
    int commas = 0;
    int argument = -1;
    for (int i = offset - 1; i >= 0; i--) {
      switch (text.charAt(i)) {
        case ')', ']' -> depth++;
        case '[' -> {
          if (depth == 0) {
            return Optional.empty();
          }
          depth--;
        }
        case '(' -> {
          if (depth == 0) {
            return open(
                analysis, i, commas, text.substring(argument < 0 ? i + 1 : argument, offset));
          }
          depth--;
        }
        case ',' -> {
          if (depth == 0) {
            argument = argument < 0 ? i + 1 : argument;
            commas++;
          }
        }
        case '{', '}' -> {
          return Optional.empty();
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  private static Optional<Open> open(Analysis analysis, int bracket, int commas, String argument) {
    var text = analysis.document().text();
    boolean isSecondList = bracket > 0 && text.charAt(bracket - 1) == ')';
    int end = bracket;
    if (isSecondList) {
      int depth = 0;
      for (end = bracket - 1; end >= 0; end--) {
        char c = text.charAt(end);
        depth += c == ')' ? 1 : c == '(' ? -1 : 0;
        if (depth == 0) {
          break;
        }
      }
    }
    if (end <= 0) {
      return Optional.empty();
    }
    var name = Words.before(text, end);
    var before = text.substring(0, end - name.length()).stripTrailing();
    var found =
        before.endsWith(".")
            ? analysis
                .workspace()
                .find(analysis.tree(), Words.before(before, before.length() - 1), name)
            : analysis.workspace().find(analysis.tree(), name);
    var callee = found.map(Lookup::meaning).flatMap(Meaning::function);
    if (callee.isEmpty()) {
      return Optional.empty();
    }
    boolean takesConfig =
        switch (callee.get().kind()) {
          case LAYER, MODEL, OPTIMIZER, INIT, SCHEDULE -> true;
          case FN, ACTIVATION, LOSS, METRIC -> before.endsWith("|>") || argument.indexOf('=') >= 0;
        };
    int equals = argument.indexOf('=');
    var given =
        equals > 0 ? Optional.of(argument.substring(0, equals).strip()) : Optional.<String>empty();
    return Optional.of(new Open(callee.get(), isSecondList || !takesConfig, commas, given));
  }

  static Optional<SignatureHelp> help(Analysis analysis, int offset) {
    return around(analysis, offset).map(Arguments::help);
  }

  private static SignatureHelp help(Open open) {
    var f = open.callee();
    var signature = new SignatureInformation(Heads.written(f));
    var parameters = new ArrayList<ParameterInformation>();
    if (open.isInputs()) {
      f.inputs().forEach(p -> parameters.add(parameter(p.span().text())));
    } else {
      f.configs().forEach(c -> parameters.add(parameter(c.span().text())));
    }
    signature.setParameters(parameters);
    f.doc()
        .ifPresent(
            doc ->
                signature.setDocumentation(
                    new MarkupContent(MarkupKind.MARKDOWN, DocText.of(doc.text()).markdown())));
    int active = open.position();
    for (int i = 0; i < f.configs().size() && !open.isInputs(); i++) {
      if (open.name().filter(f.configs().get(i).name().text()::equals).isPresent()) {
        active = i;
      }
    }
    var help = new SignatureHelp();
    help.setSignatures(java.util.List.of(signature));
    help.setActiveSignature(0);
    help.setActiveParameter(active);
    return help;
  }

  private static ParameterInformation parameter(String text) {
    var information = new ParameterInformation();
    information.setLabel(Either.forLeft(Heads.plain(text)));
    return information;
  }
}
