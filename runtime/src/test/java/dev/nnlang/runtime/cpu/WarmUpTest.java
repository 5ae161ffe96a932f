package dev.nnlang.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is called before a first run, and for how long. */
class WarmUpTest {
  @Test
  void eachPartOfAClassIsWarmedOnce() {
    var calls = new AtomicInteger();
    var part = new WarmUp.Part(String.class, "once", calls::incrementAndGet);
    assertTrue(WarmUp.isNew(String.class, "once"));
    WarmUp.run(List.of(part, part));
    int count = calls.get();
    assertTrue(count > 0);
    assertFalse(WarmUp.isNew(String.class, "once"));
    WarmUp.run(List.of(part));
    assertEquals(count, calls.get());
  }

  @Test
  void whatFailsIsLeftAsItIs() {
    var calls = new AtomicInteger();
    WarmUp.Call fails =
        () -> {
          calls.incrementAndGet();
          throw new IndexOutOfBoundsException("an index that nobody has computed yet");
        };
    WarmUp.run(List.of(new WarmUp.Part(Integer.class, "fails", fails)));
    assertEquals(1, calls.get());
  }

  @Test
  void whatIsFastIsCalledNoMore() {
    var calls = new AtomicInteger();
    WarmUp.Call fast =
        () -> {
          calls.incrementAndGet();
          return 1_000_000_000;
        };
    WarmUp.run(List.of(new WarmUp.Part(Short.class, "fast", fast)));
    assertTrue(calls.get() < 10, calls + " calls");
  }

  @Test
  void whatNeverGetsFastIsGivenUp() {
    var calls = new AtomicInteger();
    WarmUp.Call sleeps =
        () -> {
          calls.incrementAndGet();
          try {
            Thread.sleep(1);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return 1;
        };
    WarmUp.run(List.of(new WarmUp.Part(Long.class, "sleeps", sleeps)));
    assertTrue(calls.get() < 1_000, calls + " calls");
  }
}
