package dev.nnlang.compiler.cli;

import dev.nnlang.compiler.MemoryMap;
import dev.nnlang.runtime.file.Json;
import java.util.ArrayList;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code nn explain --memory}: a program's buffers, over the kernels and over the memory. */
final class MemoryChart {
  /** Columns of the chart; with more kernels, several have one column. */
  private static final int MOST_COLUMNS = 48;

  private final MemoryMap map;
  private final int columns;
  private final int kernelsInColumn;
  private final StringBuilder text = new StringBuilder();

  private MemoryChart(MemoryMap map) {
    this.map = map;
    int kernels = Math.max(1, map.kernels().size());
    this.kernelsInColumn = Math.ceilDiv(kernels, MOST_COLUMNS);
    this.columns = Math.ceilDiv(kernels, kernelsInColumn);
  }

  /** As text: a line for each buffer, those that lie in the same place below each other. */
  static String of(MemoryMap map) {
    return new MemoryChart(map).draw();
  }

  private String draw() {
    var sizes =
        map.sizes().entrySet().stream()
            .map(e -> ", " + e.getKey() + " = " + number(e.getValue()))
            .collect(Collectors.joining());
    text.append("memory of ").append(map.program()).append(sizes).append(", reals of 32 bits\n");
    for (var name : map.assumed()) {
      text.append("  note: ").append(name).append(" is only known when data are read, and taken");
      text.append(" to be 1; --size ").append(name).append("=N takes another\n");
    }
    for (var storage : MemoryMap.Storage.values()) {
      storage(storage);
    }
    peak();
    outside();
    return text.toString();
  }

  private void storage(MemoryMap.Storage storage) {
    var buffers = map.buffers().stream().filter(b -> b.storage() == storage).toList();
    if (buffers.isEmpty()) {
      return;
    }
    long sum = buffers.stream().mapToLong(MemoryMap.Buffer::bytes).sum();
    text.append('\n').append(word(storage)).append(": an arena of ");
    text.append(number(map.arenas().get(storage))).append(" bytes for ");
    text.append(buffers.size()).append(buffers.size() == 1 ? " buffer" : " buffers of ");
    text.append(buffers.size() == 1 ? "" : number(sum)).append('\n');
    int width = "bytes".length();
    int places = "at".length();
    for (var buffer : buffers) {
      width = Math.max(width, number(buffer.bytes()).length());
      places = Math.max(places, number(buffer.at()).length());
    }
    line("bytes", width, "at", places, columnTitle(), "buffer, kernels");
    for (var buffer : buffers) {
      var life = buffer.first() + " .. " + last(buffer);
      line(
          number(buffer.bytes()),
          width,
          number(buffer.at()),
          places,
          bar(buffer),
          buffer.name() + ", " + life);
    }
  }

  private String last(MemoryMap.Buffer buffer) {
    return buffer.last() < map.kernels().size() ? Integer.toString(buffer.last()) : "end";
  }

  private void line(String bytes, int width, String at, int places, String bar, String what) {
    text.append("  ").append(" ".repeat(width - bytes.length())).append(bytes);
    text.append("  ").append(" ".repeat(places - at.length())).append(at);
    text.append("  |").append(bar).append("|  ").append(what).append('\n');
  }

  private String columnTitle() {
    var title = kernelsInColumn == 1 ? "time" : "time, " + kernelsInColumn + " kernels a column";
    return title.length() > columns
        ? " ".repeat(columns)
        : title + " ".repeat(columns - title.length());
  }

  private String bar(MemoryMap.Buffer buffer) {
    int first = buffer.first() / kernelsInColumn;
    int last = Math.min(buffer.last(), map.kernels().size() - 1) / kernelsInColumn;
    return " ".repeat(first) + "#".repeat(last - first + 1) + " ".repeat(columns - 1 - last);
  }

  /** How full it is over time, in tenths of the most, and where that is. */
  private void peak() {
    int peak = map.peak();
    if (peak < 0) {
      return;
    }
    long most = map.alive().get(peak);
    text.append("\nmost alive: ").append(number(most)).append(" bytes, at kernel ").append(peak);
    text.append(" (").append(map.kernels().get(peak)).append(")\n");
    if (most == 0) {
      return;
    }
    text.append("  tenths  |");
    for (int c = 0; c < columns; c++) {
      long highest = 0;
      int end = Math.min(map.alive().size(), (c + 1) * kernelsInColumn);
      for (int k = c * kernelsInColumn; k < end; k++) {
        highest = Math.max(highest, map.alive().get(k));
      }
      long tenths = Math.ceilDiv(10 * highest, most);
      text.append(tenths == 0 ? ' ' : tenths == 10 ? '*' : (char) ('0' + tenths));
    }
    text.append("|\n");
  }

  private void outside() {
    if (!map.inPlace().isEmpty()) {
      text.append("\nwritten in place, without a buffer: ");
      text.append(
          map.inPlace().entrySet().stream()
              .map(e -> e.getKey() + " over " + e.getValue())
              .collect(Collectors.joining(", ")));
      text.append('\n');
    }
    var given = new ArrayList<String>();
    map.given().forEach((role, bytes) -> given.add(role.words() + " " + number(bytes)));
    if (!given.isEmpty()) {
      text.append("\noutside of the arenas, bytes: ").append(String.join(", ", given)).append('\n');
    }
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** The same for programs. */
  static Json.Members json(MemoryMap map) {
    var sizes = Json.object();
    for (var size : map.sizes().entrySet()) {
      sizes = sizes.with(size.getKey(), size.getValue());
    }
    var buffers = new ArrayList<Json>();
    for (var buffer : map.buffers()) {
      buffers.add(
          Json.object()
              .with("name", buffer.name())
              .with("storage", word(buffer.storage()))
              .with("bytes", buffer.bytes())
              .with("at", buffer.at())
              .with("first", buffer.first())
              .with("last", buffer.last())
              .with(
                  "shares",
                  Json.texts(
                      map.buffers().stream()
                          .filter(buffer::shares)
                          .map(MemoryMap.Buffer::name)
                          .toList())));
    }
    var arenas = Json.object();
    for (var arena : map.arenas().entrySet()) {
      arenas = arenas.with(word(arena.getKey()), arena.getValue());
    }
    var given = Json.object();
    for (var role : map.given().entrySet()) {
      given = given.with(role.getKey().name().toLowerCase(Locale.ROOT), role.getValue());
    }
    var inPlace = Json.object();
    for (var each : map.inPlace().entrySet()) {
      inPlace = inPlace.with(each.getKey(), each.getValue());
    }
    return Json.object()
        .with("event", "memory")
        .with("program", map.program())
        .with("sizes", sizes)
        .with("assumed", Json.texts(map.assumed()))
        .with("kernels", Json.texts(map.kernels()))
        .with("arenas", arenas)
        .with("buffers", new Json.Items(buffers))
        .with("alive", new Json.Items(map.alive().stream().<Json>map(Json::of).toList()))
        .with("peak", map.peak())
        .with("in_place", inPlace)
        .with("given", given);
  }

  private static String word(MemoryMap.Storage storage) {
    return storage.name().toLowerCase(Locale.ROOT);
  }
}
