package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.RequestProblem;
import dev.nnlang.compiler.diagnostic.NearNames;
import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.Parser;
import dev.nnlang.runtime.file.Json;
import dev.nnlang.stdlib.StandardLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nn doc}: what the library, or a file, declares, with its documentation. */
@Command(
    name = "doc",
    description = "Show what the standard library, or a file, declares; or one declaration.")
final class DocCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(
      arity = "0..2",
      paramLabel = "FILE|NAME",
      description = "A .nn file (without: the library), and the name of a declaration.")
  private List<String> arguments = List.of();

  /** One declaration as people read it. */
  private record Entry(
      String file, String name, String signature, Optional<String> doc, String source) {}

  @Override
  public Integer call() {
    var rest = new ArrayList<>(arguments);
    var entries = new ArrayList<Entry>();
    if (!rest.isEmpty()
        && (rest.getFirst().endsWith(".nn") || Files.exists(Path.of(rest.getFirst())))) {
      var file = rest.removeFirst();
      entries.addAll(entries(ProgramFiles.read(Path.of(file))));
    } else {
      StandardLibrary.files()
          .forEach(f -> entries.addAll(entries(new SourceFile(f.name(), f.text()))));
    }
    if (rest.isEmpty()) {
      list(entries);
      return ExitStatus.DONE.code();
    }
    var name = rest.getLast();
    var found = entries.stream().filter(e -> e.name().equals(name)).toList();
    if (found.isEmpty()) {
      var names = entries.stream().map(Entry::name).toList();
      throw new Reported(
          new RequestProblem.NoSuchName(
              "(documentation)", "declaration", name, NearNames.near(name, names), List.of()));
    }
    found.forEach(this::show);
    return ExitStatus.DONE.code();
  }

  private static List<Entry> entries(SourceFile file) {
    var entries = new ArrayList<Entry>();
    for (var declaration : Parser.parse(file).value().declarations()) {
      switch (declaration) {
        case Ast.Function f -> entries.add(entry(file, f.name(), f.doc(), f.span(), bodyOf(f)));
        case Ast.Data d ->
            entries.add(entry(file, d.name(), d.doc(), d.span(), d.body().span().start()));
        case Ast.Train t ->
            entries.add(entry(file, t.name(), t.doc(), t.span(), t.data().span().end()));
        case Ast.DimDef d -> entries.add(entry(file, d.name(), d.doc(), d.span(), d.span().end()));
        case Ast.EnumDim d -> entries.add(entry(file, d.name(), d.doc(), d.span(), d.span().end()));
        case Ast.ConstDef c ->
            entries.add(entry(file, c.name(), c.doc(), c.span(), c.span().end()));
        case Ast.Use _, Ast.Missing _ -> {}
      }
    }
    return entries;
  }

  private static int bodyOf(Ast.Function f) {
    return switch (f.body()) {
      case Ast.Block block -> block.span().start();
      case Ast.Single single -> single.value().span().end();
    };
  }

  private static Entry entry(
      SourceFile file, Ast.Name name, Optional<Ast.Doc> doc, Span span, int headEnd) {
    int start = doc.map(d -> Math.max(d.span().end(), span.start())).orElse(span.start());
    var head = file.text().substring(start, Math.max(headEnd, start));
    var whole = file.text().substring(start, Math.max(span.end(), start)).strip();
    var signature = head.replaceAll("\\s+", " ").strip();
    return new Entry(file.name(), name.text(), signature, doc.map(Ast.Doc::text), whole);
  }

  private void list(List<Entry> entries) {
    if (output.json) {
      entries.forEach(e -> output.out().println(asJson(e)));
      return;
    }
    var file = "";
    for (var entry : entries) {
      if (!entry.file().equals(file)) {
        file = entry.file();
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

  /** The first sentence, as far as there is room for it. */
  private static String shortened(String doc, int room) {
    var text = doc.replaceAll("\\s+", " ").strip();
    int end = text.indexOf(". ");
    var sentence = end < 0 ? text : text.substring(0, end + 1);
    return sentence.length() <= room ? sentence : sentence.substring(0, room - 1) + "…";
  }

  private void show(Entry entry) {
    if (output.json) {
      output.out().println(asJson(entry));
      return;
    }
    output.out().println(output.paint(Output.Ink.BOLD, entry.signature()));
    output.out().println(output.paint(Output.Ink.DIM, entry.file()));
    entry.doc().ifPresent(d -> output.out().println("\n" + d));
    output.out().println("\n" + entry.source().indent(4));
  }

  private static Json asJson(Entry entry) {
    var json =
        Json.object()
            .with("name", entry.name())
            .with("file", entry.file())
            .with("signature", entry.signature());
    if (entry.doc().isPresent()) {
      json = json.with("doc", entry.doc().get());
    }
    return json.with("source", entry.source());
  }
}
