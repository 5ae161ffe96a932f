package dev.nnlang.compiler;

import dev.nnlang.runtime.cpu.CompiledProgram;
import dev.nnlang.runtime.cpu.KernelTimes;
import dev.nnlang.runtime.data.DataSet;
import dev.nnlang.runtime.program.Port;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.tensor.Tensor;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A process of its own: trains a small network and prints how many bytes each kernel allocates in a
 * step, once HotSpot has compiled it. In: the network, how many steps that takes, and how many are
 * measured then.
 */
final class StepAllocations {
  private StepAllocations() {}

  public static void main(String[] arguments) throws Exception {
    var network = SmallNetwork.valueOf(arguments[0]);
    int warm = Integer.parseInt(arguments[1]);
    var allocated = new KernelTimes(allocated());
    var training = network.compiled().now();
    var data = network.data(training);
    var step = ((CompiledProgram) training.programs().step()).timed(allocated);
    try (var initial = training.programs().initial().open(1);
        var session = step.open(1)) {
      initial.bind("seed", 1);
      initial.run();
      for (var port : step.signature().inputs()) {
        session.bind(port.name(), value(port, initial, data));
      }
      run(session, warm);
      allocated.clear();
      run(session, Integer.parseInt(arguments[2]));
    }
    for (var share : allocated.shares()) {
      if (share.nanos() > 0) {
        System.out.println(share.nanos() + " bytes: " + share.what());
      }
    }
    System.out.println("kernels measured: " + allocated.shares().size());
  }

  /** What this thread has allocated; a handle, since asking by reflection allocates itself. */
  private static LongSupplier allocated() throws ReflectiveOperationException {
    var threads =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    var ask =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes");
    return MethodHandleProxies.asInterfaceInstance(
        LongSupplier.class, MethodHandles.lookup().unreflect(ask).bindTo(threads));
  }

  private static Tensor value(Port port, Session initial, DataSet data) {
    return switch (port.role()) {
      case SOURCE -> data.tensor(port.name());
      case SCALAR -> Tensor.of(new long[] {1});
      case DATA -> Tensor.of(new long[50], 50);
      case PARAMETER, FROZEN, STATE -> initial.output(port.name());
      case OPTIMIZER -> Tensor.zeros(port.type(), port.shape(Map.of()));
      case OUTPUT -> throw new AssertionError(port);
    };
  }

  private static void run(Session session, int steps) {
    for (int s = 0; s < steps; s++) {
      session.run();
    }
  }
}
