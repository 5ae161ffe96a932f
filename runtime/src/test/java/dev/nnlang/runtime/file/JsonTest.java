package dev.nnlang.runtime.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void writesAndReadsBack() {
    var value =
        Json.object()
            .with("event", "epoch")
            .with("text", "a \"b\"\\\n\t\u0001\u2028\uD83D\uDE00\u00e9")
            .with("none", new Json.Null())
            .with("list", new Json.Items(List.of(Json.of(1), new Json.Truth(true), Json.object())));
    assertEquals(Optional.of(value), Json.parse(value.toString()));
    assertEquals(
        "{\"event\":\"epoch\",\"text\":\"a \\\"b\\\"\\\\\\n\\t\\u0001\\u2028\\ud83d\\ude00\u00e9\","
            + "\"none\":null,\"list\":[1,true,{}]}",
        value.toString());
  }

  @Test
  void numbersReadBackToTheSameValue() {
    var random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        var read = (Json.Number) Json.parse(Json.of(value).toString()).orElseThrow();
        assertEquals(Double.doubleToLongBits(value), Double.doubleToLongBits(read.real()));
      }
    }
    assertEquals("40", Json.of(40.0).toString());
    assertEquals("-0.0", Json.of(-0.0).toString());
    assertEquals("\"NaN\"", Json.of(Double.NaN).toString());
    assertEquals("9007199254740993", Json.of(9007199254740993L).toString());
  }

  @Test
  void refusesWhatIsNotJson() {
    for (var text :
        List.of(
            "",
            "{",
            "[1,]",
            "{\"a\" 1}",
            "01",
            "1.",
            "+1",
            "\"\n\"",
            "\"\\x\"",
            "tru",
            "1 2",
            "[".repeat(1000))) {
      assertEquals(Optional.empty(), Json.parse(text), text);
    }
  }

  @Test
  void aLineThatWasCutOffIsLeftOut() {
    assertEquals(
        List.of(Json.object().with("a", 1), Json.object().with("a", 2)),
        Json.parseLines("{\"a\":1}\n{\"a\":2}\n{\"a\":"));
  }
}
