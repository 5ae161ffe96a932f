package dev.nnlang.compiler.lsp;

import dev.nnlang.compiler.picture.Shapes;
import dev.nnlang.compiler.semantics.check.Semantics;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.DocText;
import dev.nnlang.compiler.syntax.Keywords;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.CompletionItemLabelDetails;
import org.eclipse.lsp4j.InsertTextFormat;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;

/**
 * What may stand at the cursor, judged by the characters before it: the line is broken while it is
 * typed, so the tree says only which declaration this is and which names it knows.
 */
final class Completions {
  private final Analysis analysis;
  private final int offset;
  private final String before;
  private final List<CompletionItem> items = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private Completions(Analysis analysis, int offset) {
    this.analysis = analysis;
    this.offset = offset;
    var text = analysis.document().text();
    int start = Words.start(text, offset);
    int line = text.lastIndexOf('\n', start - 1) + 1;
    this.before = text.substring(line, start);
  }

  static List<CompletionItem> at(Analysis analysis, int offset) {
    var all = new Completions(analysis, offset);
    all.collect();
    return all.items;
  }

  private void collect() {
    if (isInComment()) {
      return;
    }
    var open = before.stripTrailing();
    if (open.endsWith(".") && !open.endsWith("..")) {
      members(open);
      return;
    }
    var declaration = analysis.declarationAt(offset);
    boolean isTop = declaration.isEmpty() || isOutside(declaration.get());
    if (isTop && before.isBlank()) {
      topWords();
      return;
    }
    var call = Arguments.around(analysis, offset);
    call.ifPresent(c -> configs(c));
    if (open.endsWith("|>")) {
      declared(m -> m.function().filter(Completions::isStage).isPresent(), "1");
      local(m -> m.sort() == Meaning.Sort.INSTANCE || m.sort() == Meaning.Sort.CONFIG, "0");
      builtIns(BuiltIns.all().keySet(), "3");
      return;
    }
    if (declaration.orElse(null) instanceof Ast.Train train) {
      plan(train, open);
      return;
    }
    if (isInSubscript()) {
      local(m -> m.sort() == Meaning.Sort.INDEX, "0");
      local(m -> m.sort() == Meaning.Sort.DIM || m.sort() == Meaning.Sort.RUN, "1");
      declared(m -> m.sort() == Meaning.Sort.DIM, "2");
      local(m -> m.sort().isTensor() || m.sort() == Meaning.Sort.CONFIG, "3");
      return;
    }
    boolean isStatement = before.isBlank();
    if (isStatement) {
      words(List.of("param", "state", "dim", "const", "if"), "2");
    }
    boolean isHead =
        declaration.orElse(null) instanceof Ast.Function f && offset < f.body().span().start();
    if (isHead && open.endsWith(":")) {
      words(List.of("dim", "int", "real", "bool", "fn", "layer", "init", "schedule", "index"), "1");
    }
    local(_ -> true, "0");
    if (!isStatement) {
      declared(m -> m.sort() != Meaning.Sort.DATA && m.sort() != Meaning.Sort.TRAIN, "2");
      builtIns(BuiltIns.all().keySet(), "3");
      words(List.of("if", "then", "else", "and", "or", "not", "true", "false"), "4");
    }
  }

  private boolean isInComment() {
    int slashes = before.indexOf("//");
    return slashes >= 0;
  }

  /** A cursor behind a closing brace, or in front of the next declaration. */
  private boolean isOutside(Ast.Declaration declaration) {
    return declaration instanceof Ast.Missing
        || offset >= declaration.span().end() && declaration.span().text().endsWith("}");
  }

  private boolean isInSubscript() {
    int depth = 0;
    for (int i = before.length() - 1; i >= 0; i--) {
      switch (before.charAt(i)) {
        case ']', ')' -> depth++;
        case '(' -> {
          if (depth == 0) {
            return false;
          }
          depth--;
        }
        case '[' -> {
          if (depth == 0) {
            return true;
          }
          depth--;
        }
        default -> {}
      }
    }
    return false;
  }

  private static boolean isStage(Ast.Function f) {
    return switch (f.kind()) {
      case FN, ACTIVATION, LAYER, MODEL ->
          f.inputs().stream().filter(p -> p.absent().isEmpty()).count() == 1;
      case LOSS, METRIC, OPTIMIZER, INIT, SCHEDULE -> false;
    };
  }

  // Items.

  private CompletionItem add(String label, CompletionItemKind kind, String rank) {
    if (!seen.add(label)) {
      return new CompletionItem(label);
    }
    var item = new CompletionItem(label);
    item.setKind(kind);
    item.setSortText(rank + label);
    items.add(item);
    return item;
  }

  private void words(List<String> words, String rank) {
    words.forEach(word -> add(word, CompletionItemKind.Keyword, rank));
  }

  private void builtIns(Iterable<String> names, String rank) {
    for (var name : names) {
      BuiltIns.of(name)
          .ifPresent(
              b -> {
                var item = add(name, CompletionItemKind.Function, rank);
                item.setDetail(b.signature());
                item.setDocumentation(b.text());
              });
    }
  }

  private void local(Predicate<Meaning> wanted, String rank) {
    analysis.names().visible(offset).values().stream()
        .filter(wanted)
        .forEach(m -> meaning(m, rank));
  }

  private void declared(Predicate<Meaning> wanted, String rank) {
    for (var declared : analysis.workspace().visible(analysis.tree()).values()) {
      var meaning = Lookup.meaning(declared);
      if (wanted.test(meaning)) {
        meaning(meaning, declared.isLibrary() ? rank + "l" : rank + "f");
      }
    }
    analysis
        .workspace()
        .aliases(analysis.tree())
        .keySet()
        .forEach(alias -> add(alias, CompletionItemKind.Module, rank));
  }

  private void meaning(Meaning meaning, String rank) {
    var item =
        add(
            meaning.name(),
            switch (meaning.sort()) {
              case DIM, RUN -> CompletionItemKind.TypeParameter;
              case MEMBER -> CompletionItemKind.EnumMember;
              case CONST, CONFIG -> CompletionItemKind.Constant;
              case FUNCTION ->
                  Character.isUpperCase(meaning.name().charAt(0))
                      ? CompletionItemKind.Class
                      : CompletionItemKind.Function;
              case DATA, TRAIN, FILE -> CompletionItemKind.Module;
              case INPUT, OUTPUT, LOCAL, PARAM, STATE, SOURCE, SAMPLE, INSTANCE, INDEX ->
                  CompletionItemKind.Variable;
            },
            rank);
    var details = new CompletionItemLabelDetails();
    if (meaning.sort().isTensor()) {
      details.setDetail(analysis.type(meaning).map(Shapes::text).orElse(""));
    }
    details.setDescription(meaning.word());
    item.setLabelDetails(details);
    meaning.function().ifPresent(f -> item.setDetail(Heads.written(f)));
    if (item.getDetail() == null) {
      item.setDetail(
          meaning.word()
              + " "
              + meaning.name()
              + (details.getDetail() == null ? "" : details.getDetail()));
    }
    meaning
        .doc()
        .ifPresent(
            doc ->
                item.setDocumentation(
                    new MarkupContent(MarkupKind.MARKDOWN, DocText.of(doc.text()).markdown())));
  }

  private void members(String open) {
    var owner = Words.before(open, open.length() - 1);
    var aliased = analysis.workspace().aliases(analysis.tree()).get(owner);
    if (aliased != null) {
      aliased.forEach(d -> meaning(Lookup.meaning(d), "0"));
      return;
    }
    var dim = analysis.workspace().find(analysis.tree(), owner);
    if (dim.isPresent() && dim.get().declaration() instanceof Ast.EnumDim e) {
      for (var member : e.members()) {
        add(member.name().text(), CompletionItemKind.EnumMember, "0");
      }
    }
    if (owner.equals("valid") || owner.equals("train")) {
      words(List.of("loss"), "0");
    }
  }

  private void configs(Arguments.Open call) {
    if (call.isInputs()) {
      return;
    }
    for (var config : call.callee().configs()) {
      var item = add(config.name().text() + " =", CompletionItemKind.Property, "0");
      item.setInsertText(config.name().text() + " = ");
      item.setFilterText(config.name().text());
      item.setDetail(Heads.plain(config.span().text()));
    }
  }

  // Whole declarations and plans.

  /** Forms to start from, for the kinds that have much to fill in. */
  private static final Map<String, String> FORMS =
      Map.of(
          "model", "model ${1:Net} : ${2:x}[${3:4}] -> ${4:p}[${5:3}] {\n    $4 = $2 |> $0\n}",
          "layer", "layer ${1:Name}(${2:Units}: dim) : ${3:x}[${4:In}] -> ${5:y}[$2] {\n    $0\n}",
          "fn", "fn ${1:name} : ${2:x} = ${0:x}",
          "loss", "loss ${1:name} : ${2:p}[${3:D}], ${4:t}[$3] -> value {\n    value = $0\n}",
          "data",
              "data ${1:Name} {\n    source table[N, ${2:5}] = csv(\"${3:data.csv}\")\n"
                  + "    sample n -> ${4:x}[${5:4}] {\n        $4[i] = table[n, i]$0\n    }\n"
                  + "    split = shuffled(train = 0.8, valid = 0.1, test = 0.1)\n}",
          "train",
              "train ${1:Name} : ${2:Model} on ${3:Data} {\n    loss      = $0\n"
                  + "    optimizer = \n    batch     = 32\n    epochs    = 10\n}");

  private void topWords() {
    for (var word : Keywords.declaring()) {
      var form = FORMS.get(word);
      var item = add(word, CompletionItemKind.Keyword, "1");
      if (form != null) {
        item.setInsertText(form);
        item.setInsertTextFormat(InsertTextFormat.Snippet);
        item.setKind(CompletionItemKind.Snippet);
      }
    }
    words(List.of("use"), "1");
  }

  private void plan(Ast.Train train, String open) {
    if (offset < train.data().span().end()) {
      boolean isModel = !open.contains(" on");
      declared(
          m ->
              isModel
                  ? m.function().filter(f -> f.kind() == Ast.Kind.MODEL).isPresent()
                  : m.sort() == Meaning.Sort.DATA,
          "0");
      return;
    }
    if (before.isBlank()) {
      var written = train.settings().stream().map(s -> s.name().text()).toList();
      for (var name : Semantics.settings()) {
        if (!written.contains(name)) {
          add(name, CompletionItemKind.Property, "0").setInsertText(name + " = ");
        }
      }
      return;
    }
    local(_ -> true, "1");
    var kind = setting(open).flatMap(Completions::kindOf);
    declared(
        m -> m.function().filter(f -> kind.isEmpty() || f.kind() == kind.get()).isPresent(), "0");
    if (kind.isEmpty()) {
      builtIns(BuiltIns.all().keySet(), "3");
    }
  }

  private static Optional<String> setting(String open) {
    int equals = open.indexOf('=');
    return equals < 0 ? Optional.empty() : Optional.of(open.substring(0, equals).strip());
  }

  /** What a setting wants first; a schedule inside of it is found by its letters. */
  private static Optional<Ast.Kind> kindOf(String setting) {
    return switch (setting) {
      case "loss" -> Optional.of(Ast.Kind.LOSS);
      case "metrics" -> Optional.of(Ast.Kind.METRIC);
      case "optimizer" -> Optional.of(Ast.Kind.OPTIMIZER);
      default -> Optional.empty();
    };
  }
}
