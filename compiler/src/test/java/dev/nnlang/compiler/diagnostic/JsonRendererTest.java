package dev.nnlang.compiler.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nnlang.compiler.source.SourceFile;
import dev.nnlang.compiler.source.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonRendererTest {
  private record Fact(String code, Span at, Report report) implements Problem {}

  @Test
  void hasTheFieldsOfLr74OnOneLine() {
    SourceFile file = new SourceFile("a \"b\".nn", "x = 1\ny = 2\n");
    Report report =
        Report.of("a \\ title", file.span(6, 7), "label\nof two lines")
            .with(file.span(0, 1), "other\u2028side")
            .help("mend");
    assertEquals(
        """
        {"code":"E0301","severity":"error","message":"a \\\\ title: label\\nof two lines",\
        "file":"a \\"b\\".nn","line":2,"column":1,"endLine":2,"endColumn":2,"help":"mend",\
        "related":[{"message":"other\\u2028side","file":"a \\"b\\".nn","line":1,"column":1}]}
        """,
        JsonRenderer.render(List.of(new Fact("E0301", file.span(6, 7), report))));
  }
}
