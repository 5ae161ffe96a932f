package dev.nnlang.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyChunkIsDoneOnce(int threads) {
    try (var workers = new Workers(threads)) {
      for (int round = 0; round < 300; round++) {
        int count = round % 37;
        var done = new AtomicIntegerArray(count);
        workers.run(count, done::incrementAndGet);
        for (int i = 0; i < count; i++) {
          assertEquals(1, done.get(i), "chunk " + i + " of " + count);
        }
      }
    }
  }

  @Test
  void whatAThreadLeavesAnotherTakes() {
    try (var workers = new Workers(2)) {
      var by = new Thread[10];
      // The first thread's share are chunks 0 to 4: it is stuck in one until all others are done,
      // and those begin when it is, or the other thread could take that one, too.
      var done = new AtomicIntegerArray(10);
      var begun = new CountDownLatch(1);
      workers.run(
          10,
          i -> {
            by[i] = Thread.currentThread();
            if (i == 0) {
              begun.countDown();
            } else {
              await(begun);
            }
            while (i == 0 && sum(done) < 9) {
              Thread.onSpinWait();
            }
            done.set(i, 1);
          });
      for (int i = 2; i < 10; i++) {
        assertSame(by[1], by[i]);
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int sum(AtomicIntegerArray values) {
    int sum = 0;
    for (int i = 0; i < values.length(); i++) {
      sum += values.get(i);
    }
    return sum;
  }

  @Test
  void threadsThatSleepAreWoken() throws Exception {
    try (var workers = new Workers(3)) {
      for (int round = 0; round < 5; round++) {
        var done = new AtomicIntegerArray(1);
        workers.run(30, _ -> done.incrementAndGet(0));
        assertEquals(30, done.get(0));
        Thread.sleep(20);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 19})
  void aFailureIsThrownOnceAllHaveEnded(int chunk) {
    var failure = new IllegalStateException("chunk " + chunk);
    try (var workers = new Workers(3)) {
      Workers.Job job =
          i -> {
            if (i == chunk) {
              throw failure;
            }
          };
      assertSame(failure, assertThrows(RuntimeException.class, () -> workers.run(20, job)));
      var done = new AtomicIntegerArray(20);
      workers.run(20, done::incrementAndGet);
      assertEquals(20, sum(done));
    }
  }
}
