package dev.nnlang.compiler.codegen.jvm;

import dev.nnlang.compiler.codegen.jvm.Code.Local;
import dev.nnlang.compiler.equation.Axis;
import dev.nnlang.compiler.equation.Expr;
import dev.nnlang.compiler.equation.Node;
import dev.nnlang.compiler.schedule.Access;
import dev.nnlang.compiler.schedule.Kernel;
import dev.nnlang.compiler.schedule.ReadAhead;
import dev.nnlang.compiler.schedule.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.objectweb.asm.Opcodes;

/**
 * Emits what a nest reads ahead ({@link ReadAhead}). Java has no instruction to fetch without
 * reading: numbers are read and added up, and the sum is left where nobody looks, so that HotSpot
 * does not drop the reads. Added up as reals: that is one instruction with its read, where integers
 * would take a register that is needed.
 */
final class NextRows {
  /** In a thread's memory for lanes: who reads there has written before. */
  private static final int NOWHERE = 0;

  private final KernelScope scope;
  private final Code code;
  private final Polys polys;
  private final Kernel.Nest nest;
  private final List<Node> reads = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private Local sum;

  /** A row of the next work item: its array, and where its first element is. */
  private record Row(Local array, Local start) {}

  /** For one nest, at its beginning. */
  NextRows(KernelScope scope, Kernel.Nest nest) {
    this.scope = scope;
    this.code = scope.code;
    this.polys = new Polys(scope);
    this.nest = nest;
    // With one lane there are no vectors to wait for, but as many numbers to read.
    if (VectorCode.of(scope).lanes() > 1) {
      sweeps().forEach(sweep -> reads.addAll(sweep.ahead()));
    }
    if (!reads.isEmpty()) {
      VectorCode.of(scope).real(0);
      sum = code.keep(scope.precision.kind());
    }
  }

  /**
   * At the beginning of a work item: finds the rows of the next one, or its own where there is no
   * next one, or it is not the one that its last index has next.
   */
  void find(Local item, Local to) {
    rows.clear();
    if (reads.isEmpty()) {
      return;
    }
    var axis = nest.parallel().getLast();
    code.load(item).constant(1).op(Opcodes.IADD).load(to).op(Opcodes.ISUB).truth(Opcodes.IFLT);
    if (nest.parallel().size() > 1) {
      code.load(scope.index(axis.index())).constant(1).op(Opcodes.IADD);
      polys.asInt(axis.extent());
      code.op(Opcodes.ISUB).truth(Opcodes.IFLT).op(Opcodes.IAND);
    }
    var isNext = code.keep(Kind.INT);
    for (var node : reads) {
      rows.add(next((Expr.Read) node.expr(), axis, isNext));
    }
  }

  private Row next(Expr.Read read, Axis axis, Local isNext) {
    var place = Access.place(read.tensor(), read.subscripts());
    code.load(isNext);
    polys.asInt(place.coefficient(axis.index()));
    code.op(Opcodes.IMUL);
    new Values(scope, List.of()).address(read.tensor(), Access.start(place, runs()));
    code.op(Opcodes.IADD);
    return new Row(scope.array(read.tensor()), code.keep(Kind.INT));
  }

  private List<Axis> runs() {
    return sweeps().flatMap(sweep -> sweep.run().stream()).toList();
  }

  private Stream<Stage.Sweep> sweeps() {
    return nest.stages().stream()
        .filter(Stage.Sweep.class::isInstance)
        .map(Stage.Sweep.class::cast);
  }

  /** In the sweep: reads a number of each row, at an index of the run. */
  void read(Local index) {
    var kind = scope.precision.kind();
    for (var row : rows) {
      code.load(sum).load(row.array).load(row.start).load(index).op(Opcodes.IADD);
      code.op(kind.arrayLoad).op(kind == Kind.FLOAT ? Opcodes.FADD : Opcodes.DADD).store(sum);
    }
  }

  /** Behind all work items. */
  void end() {
    if (!reads.isEmpty()) {
      code.load(VectorCode.of(scope).memory()).constant(NOWHERE).load(sum);
      code.op(scope.precision.kind().arrayStore);
    }
  }
}
