package dev.nnlang.compiler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nnlang.compiler.Cases;
import dev.nnlang.compiler.MemoryMap;
import dev.nnlang.compiler.equation.EquationParser;
import dev.nnlang.compiler.equation.Nodes;
import dev.nnlang.compiler.equation.RandomPrograms;
import dev.nnlang.compiler.schedule.Schedule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The memory plan as text, and that it is one: what is alive at once never overlaps. */
class MemoryChartTest {
  @TestFactory
  Stream<DynamicTest> charts() {
    return Cases.in(
        "cli/memory",
        text -> {
          var program = EquationParser.parse(text, new Nodes());
          return MemoryChart.of(MemoryMap.of(Schedule.plan(program), Map.of("batch", 8L)));
        });
  }

  @Test
  void whatIsAliveAtOnceNeverOverlaps() {
    var faults = new ArrayList<String>();
    int sharing = 0;
    for (long seed = 0; seed < 300; seed++) {
      var each = RandomPrograms.program(seed);
      var map = MemoryMap.of(Schedule.plan(each.program()), new HashMap<>(each.dims()));
      assertEquals(List.of(), map.assumed(), "every size is given: seed " + seed);
      for (var a : map.buffers()) {
        for (var b : map.buffers()) {
          if (a.shares(b)) {
            sharing++;
            if (a.first() <= b.last() && b.first() <= a.last()) {
              faults.add("seed " + seed + ": " + a + ", " + b);
            }
          }
        }
        assertTrue(a.at() + a.bytes() <= map.arenas().get(a.storage()), a.toString());
      }
    }
    assertEquals(List.of(), faults);
    assertTrue(sharing > 100, "buffers that share memory: " + sharing);
  }
}
