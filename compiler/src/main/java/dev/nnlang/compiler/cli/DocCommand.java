package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.RequestProblem;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.stdlib.StandardLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nn doc}: what the library, or a file, declares, with its documentation. */
@Command(
    name = "doc",
    description = "Show what the standard library, or a file, declares; or one declaration.")
final class DocCommand implements Callable<Integer> {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** A clause or more before the last, which has no end yet. */
  private static final Pattern CLAUSES = Pattern.compile("(.*)[,:;] .*");

  @Mixin private Output output;

  @Parameters(
      arity = "0..2",
      paramLabel = "FILE|NAME",
      description = "A .nn file (without: the library), and the name of a declaration.")
  private List<String> arguments = List.of();

  @Option(
      names = "--html",
      paramLabel = "DIR",
      description = "Write pages for a browser there: formulas typeset, search, sources.")
  private Optional<Path> html = Optional.empty();

  @Override
  public Integer call() {
    var rest = new ArrayList<>(arguments);
    var entries = new ArrayList<DocEntry>();
    var heading = "The library of nnlang";
    if (!rest.isEmpty()
        && (rest.getFirst().endsWith(".nn") || Files.exists(Path.of(rest.getFirst())))) {
      var file = rest.removeFirst();
      heading = Path.of(file).getFileName().toString();
      entries.addAll(DocEntry.of(ProgramFiles.read(Path.of(file))));
    } else {
      StandardLibrary.files()
          .forEach(f -> entries.addAll(DocEntry.of(new SourceFile(f.name(), f.text()))));
    }
    if (html.isPresent() && rest.isEmpty()) {
      var page = new HtmlLibrary(heading, entries).write(html.get());
      output.result(
          Json.object().with("event", "made").with("file", page.toString()), "wrote " + page);
      return ExitStatus.DONE.code();
    }
    if (rest.isEmpty()) {
      list(entries);
      return ExitStatus.DONE.code();
    }
    var name = rest.getLast();
    var found = entries.stream().filter(e -> e.name().equals(name)).toList();
    if (found.isEmpty()) {
      var names = entries.stream().map(DocEntry::name).toList();
      throw new Reported(
          new RequestProblem.NoSuchName(
              "(documentation)", "declaration", name, NearNames.near(name, names), List.of()));
    }
    found.forEach(this::show);
    return ExitStatus.DONE.code();
  }

  private void list(List<DocEntry> entries) {
    if (output.json) {
      entries.forEach(e -> output.out().println(asJson(e)));
      return;
    }
    var file = "";
    for (var entry : entries) {
      if (!entry.file().name().equals(file)) {
        file = entry.file().name();
        output
            .out()
            .println(
                (entry == entries.getFirst() ? "" : "\n") + output.paint(Output.Ink.BOLD, file));
      }
      int room = Math.max(20, output.width() - 32);
      var summary = entry.doc().map(d -> shortened(d, room)).orElse("");
      var line = "  %-28s %s".formatted(entry.name(), output.paint(Output.Ink.DIM, summary));
      output.out().println(line.stripTrailing());
    }
    output.out().println("\nnn doc NAME shows one of them whole.");
  }

  /** The first sentence up to its formula, as far as there is room for it. */
  static String shortened(String doc, int room) {
    var text = doc.replaceAll("\\s+", " ").strip();
    int end = text.indexOf(". ");
    var whole = end < 0 ? text : text.substring(0, end + 1);
    var words = beforeFormula(whole);
    var sentence = words.isEmpty() ? whole : words;
    return sentence.length() <= room ? sentence : sentence.substring(0, room - 1) + "…";
  }

  /** What comes before the clause that gives the formula. */
  private static String beforeFormula(String sentence) {
    var span = CODE.matcher(sentence);
    while (span.find()) {
      if (MathMl.formula(span.group(1)).isPresent()) {
        var before = sentence.substring(0, span.start());
        var clauses = CLAUSES.matcher(before);
        return clauses.matches() ? clauses.group(1) : before.strip();
      }
    }
    return sentence;
  }

  private void show(DocEntry entry) {
    if (output.json) {
      output.out().println(asJson(entry));
      return;
    }
    output.out().println(output.paint(Output.Ink.BOLD, entry.signature()));
    output.out().println(output.paint(Output.Ink.DIM, entry.file().name()));
    entry.doc().ifPresent(d -> output.out().println("\n" + d));
    output.out().println("\n" + entry.source().indent(4));
  }

  private static Json asJson(DocEntry entry) {
    var json =
        Json.object()
            .with("name", entry.name())
            .with("file", entry.file().name())
            .with("signature", entry.signature());
    if (entry.doc().isPresent()) {
      json = json.with("doc", entry.doc().get());
    }
    return json.with("source", entry.source());
  }
}
