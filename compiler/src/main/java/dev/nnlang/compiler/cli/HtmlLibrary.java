package dev.nnlang.compiler.cli;

import static dev.nnlang.compiler.cli.MathMl.escaped;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.syntax.Ast;
import dev.nnlang.compiler.syntax.DocText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The library, or a file, as pages for a browser: one with every declaration, its formulas typeset,
 * and a search; and one for each source file, to which it links. They need no network and no other
 * file.
 */
final class HtmlLibrary {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private final String heading;
  private final List<DocEntry> entries;
  private final Set<String> names;

  HtmlLibrary(String heading, List<DocEntry> entries) {
    this.heading = heading;
    this.entries = List.copyOf(entries);
    this.names = entries.stream().map(DocEntry::name).collect(Collectors.toUnmodifiableSet());
  }

  /** Writes {@code index.html} and {@code source/}; gives the page to open. */
  Path write(Path folder) {
    var index = folder.resolve("index.html");
    for (var file : files()) {
      write(folder.resolve("source").resolve(page(file)), source(file));
    }
    write(
        index,
        template("library.html")
            .replace("{{heading}}", escaped(heading))
            .replace("{{nav}}", nav())
            .replace("{{body}}", body()));
    return index;
  }

  private static void write(Path file, String text) {
    TextFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String template(String name) {
    try (var in = HtmlLibrary.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the template cannot be read", unreadable);
    }
  }

  private List<SourceFile> files() {
    return entries.stream().map(DocEntry::file).distinct().toList();
  }

  private List<DocEntry> of(SourceFile file) {
    return entries.stream().filter(e -> e.file() == file).toList();
  }

  private static String bare(SourceFile file) {
    return Path.of(file.name()).getFileName().toString();
  }

  private static String page(SourceFile file) {
    return bare(file) + ".html";
  }

  private static String title(SourceFile file) {
    return bare(file).replace(".nn", "");
  }

  private String nav() {
    var text = new StringBuilder();
    for (var file : files()) {
      text.append("<details open><summary>").append(escaped(title(file))).append("</summary><ul>");
      for (var entry : of(file)) {
        text.append(
            "<li data-name=\"%s\"><a href=\"#%s\">%s</a></li>"
                .formatted(escaped(entry.name()), id(entry), escaped(entry.name())));
      }
      text.append("</ul></details>\n");
    }
    return text.toString();
  }

  private static String id(DocEntry entry) {
    return escaped(entry.name());
  }

  private String body() {
    var text = new StringBuilder();
    for (var file : files()) {
      text.append("<h2>").append(escaped(title(file))).append("</h2>\n");
      of(file).forEach(entry -> text.append(section(file, entry)));
    }
    return text.toString();
  }

  private String section(SourceFile file, DocEntry entry) {
    var doc = entry.doc().orElse("");
    var parts = DocText.of(doc).parts();
    var math = entry.declaration() instanceof Ast.Function f ? String.join("\n", MathMl.of(f)) : "";
    return """
        <section id="%s" data-text="%s">
        <h3><code>%s</code><a class="source" href="source/%s#L%d">source</a></h3>
        %s<div class="math">%s</div>
        %s<details><summary>in the language</summary><pre>%s</pre></details>
        </section>
        """
        .formatted(
            id(entry),
            escaped((entry.name() + " " + doc).toLowerCase(Locale.ROOT)),
            escaped(entry.signature()),
            escaped(page(file)),
            entry.declaration().span().line(),
            html(parts.stream().takeWhile(p -> !(p instanceof DocText.Program))),
            math,
            html(parts.stream().dropWhile(p -> !(p instanceof DocText.Program))),
            escaped(entry.source()));
  }

  private String html(Stream<DocText.Part> parts) {
    return parts
        .map(
            part ->
                switch (part) {
                  case DocText.Paragraph p -> "<p>" + inline(p.text()) + "</p>\n";
                  case DocText.Fact f ->
                      "<p class=\"fact\"><b>%s</b> %s</p>\n"
                          .formatted(escaped(f.label()), inline(f.text()));
                  case DocText.Program p -> "<pre>" + escaped(p.text()) + "</pre>\n";
                })
        .collect(Collectors.joining());
  }

  /** Between backquotes stand formulas, names of declarations, and other code. */
  private String inline(String text) {
    var line = text.replace('\n', ' ');
    var html = new StringBuilder();
    int done = 0;
    for (var span = CODE.matcher(line); span.find(); done = span.end()) {
      html.append(escaped(line.substring(done, span.start()))).append(code(span.group(1)));
    }
    return html.append(escaped(line.substring(done))).toString();
  }

  private String code(String text) {
    var code = "<code>" + escaped(text) + "</code>";
    return names.contains(text)
        ? "<a href=\"#%s\">%s</a>".formatted(escaped(text), code)
        : MathMl.formula(text).orElse(code);
  }

  private String source(SourceFile file) {
    var lines = file.text().lines().toList();
    var text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(
          "<span id=\"L%d\">%4d  %s</span>\n".formatted(i + 1, i + 1, escaped(lines.get(i))));
    }
    return template("source.html")
        .replace("{{heading}}", escaped(heading))
        .replace("{{title}}", escaped(bare(file)))
        .replace("{{body}}", text);
  }
}
