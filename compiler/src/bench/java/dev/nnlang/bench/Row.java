package dev.nnlang.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One line of the table: what is timed, whoever does it. */
public sealed interface Row {
  /** Where the programs of the benchmarks stand, from the root of the repository. */
  Path SOURCES = Path.of("compiler", "src", "bench", "nn");

  /** A training step, or a prediction for {@code batch} examples. */
  record Net(Network network, Mode mode, int batch) implements Row {
    @Override
    public String name() {
      return switch (mode) {
        case TRAIN -> network.word() + "/train_b" + batch;
        case INFER -> network.word() + "/infer_b" + batch;
      };
    }
  }

  /** A single operation. */
  record Op(Operation operation) implements Row {
    @Override
    public String name() {
      return operation.name();
    }
  }

  /** What is asked of a network. */
  enum Mode {
    TRAIN,
    INFER
  }

  /** As in the table and on the command line: {@code mlp/train_b128}, {@code product/64x64x64}. */
  String name();

  /** Networks first, then operations. */
  static List<Row> all() {
    var rows = new ArrayList<Row>();
    for (var network : Network.values()) {
      rows.add(new Net(network, Mode.TRAIN, network.batch()));
      rows.add(new Net(network, Mode.INFER, 1));
      rows.add(new Net(network, Mode.INFER, Network.MOST_EXAMPLES));
    }
    Operation.all().forEach(operation -> rows.add(new Op(operation)));
    return rows;
  }

  /** The row of this name. */
  static Row named(String name) {
    return all().stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  /**
   * The rows whose name begins with one of the words, separated by commas; {@code all} is every
   * row, {@code networks} those that are no single operation.
   */
  static List<Row> selected(String words) {
    var wanted = Arrays.asList(words.split(","));
    return all().stream()
        .filter(
            row ->
                wanted.contains("all")
                    || wanted.contains("networks") && row instanceof Net
                    || wanted.contains("operations") && row instanceof Op
                    || wanted.stream().anyMatch(row.name()::startsWith))
        .toList();
  }
}
