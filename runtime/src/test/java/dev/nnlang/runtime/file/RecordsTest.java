package dev.nnlang.runtime.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nnlang.runtime.cpu.Step;
import dev.nnlang.runtime.data.Element;
import dev.nnlang.runtime.data.Part;
import dev.nnlang.runtime.data.ReaderCall;
import dev.nnlang.runtime.data.Split;
import dev.nnlang.runtime.problem.Place;
import dev.nnlang.runtime.program.Extent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RecordsTest {
  private static void comesBack(Record value) throws Records.Unreadable {
    assertEquals(value, Records.read(Records.write(value), value.getClass()));
  }

  @Test
  void allKindsOfPartsComeBack() throws Records.Unreadable {
    comesBack(new Place("ä.nn", Long.MAX_VALUE, -1));
    comesBack(new Split.Whole());
    comesBack(
        new Split.Shuffled(
            7,
            List.of(new Split.Share(Part.TRAIN, 0.1), new Split.Share(Part.TEST, Double.NaN)),
            Place.file("a")));
    comesBack(new Element.Index("K", new Extent.Dim("K"), List.of(new Element.Word("a", "b"))));
    comesBack(new ReaderCall.Argument(Optional.of("header"), new ReaderCall.Value.Truth(true)));
    comesBack(
        new ReaderCall.Argument(Optional.empty(), new ReaderCall.Value.Text("x".repeat(70_000))));
    comesBack(new Extent.Quotient(Extent.of(3), new Extent.Sum(List.of())));
  }

  @Test
  void arraysComeBack() throws Records.Unreadable {
    var code = new Step.Code(3, new int[] {1, -2, Integer.MAX_VALUE});
    var back = Records.read(Records.write(code), Step.Code.class);
    assertEquals(3, back.number());
    assertArrayEquals(code.slots(), back.slots());
    var nothing = new Step.Code(0, new int[0]);
    var product =
        new Step.Product(
            new Step.Factor(nothing, Optional.empty()),
            new Step.Factor(nothing, Optional.empty()),
            Step.Kept.FIXED,
            nothing,
            OptionalInt.of(4),
            Extent.of(1),
            Extent.of(2),
            Extent.of(3),
            Extent.of(4),
            "y");
    assertEquals(
        OptionalInt.of(4), Records.read(Records.write(product), Step.Product.class).direct());
  }

  @Test
  void everyDamageIsRefused() {
    var whole = Records.write(new Place("file", 1, 2));
    for (int at = 0; at < whole.length; at++) {
      var damaged = whole.clone();
      damaged[at] ^= 1;
      assertThrows(Records.Unreadable.class, () -> Records.read(damaged, Place.class));
    }
    for (int length = 0; length < whole.length; length++) {
      var cut = java.util.Arrays.copyOf(whole, length);
      assertThrows(Records.Unreadable.class, () -> Records.read(cut, Place.class));
    }
  }

  @Test
  void anotherRecordIsRefused() {
    var bytes = Records.write(new Split.Whole());
    assertThrows(Records.Unreadable.class, () -> Records.read(bytes, Place.class));
  }

  private record Foreign(Object value) {}

  @Test
  void onlyWhatIsKnownIsWritten() {
    assertThrows(IllegalArgumentException.class, () -> Records.write(new Foreign(new Object())));
  }
}
