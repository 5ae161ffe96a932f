package dev.nnlang.runtime.gpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device with memory of its own. All that is asked of it is done in order; for one thread at a
 * time, which holds the device's monitor: sessions do, from the first copy of a run to the last.
 * Every method may throw a {@link DeviceFailure}.
 */
public interface Device extends AutoCloseable {
  DeviceInfo info();

  /** A piece of the device's memory; what it holds is undefined. */
  interface Memory extends AutoCloseable {
    long bytes();

    /**
     * A part of it, which is closed before it.
     *
     * @param from bytes from its start, a multiple of {@link #ALIGNMENT}
     */
    Memory part(long from, long bytes);

    @Override
    void close();
  }

  /** Every piece of memory lies at a multiple of so many bytes, as far as a driver can ask. */
  long ALIGNMENT = 512;

  /** Kernels that were built for the device, and stay so as long as it is open. */
  interface Kernels {
    /**
     * A kernel with all that it is run with.
     *
     * @param groups how many work-groups, at least 1
     * @param width of a work-group
     * @param height of a work-group
     */
    Work work(String kernel, long groups, int width, int height, List<Argument> arguments);
  }

  /** What a kernel is given. */
  sealed interface Argument {
    record Buffer(Memory memory) implements Argument {}

    record Number(int value) implements Argument {}
  }

  /** One run of a kernel, to be asked for as often as wanted. */
  interface Work extends AutoCloseable {
    void enqueue();

    @Override
    void close();
  }

  /**
   * All that {@code body} asks for, kernels and copies within the device, as one piece of work: a
   * driver that can takes it in one call, and sees what may run beside each other.
   */
  Work recorded(Runnable body);

  Memory allocate(long bytes);

  /** The driver's own products, where it has such. */
  default Optional<Products> products() {
    return Optional.empty();
  }

  /** Bytes that are allocated now. */
  long allocated();

  /**
   * Builds kernels in the common form of both drivers' languages; each only once, whatever it is
   * called and whichever program asks for it.
   *
   * @param title for messages
   * @param head what stands before kernels
   * @param kernels their texts, by the names that those give to them
   */
  Kernels build(String title, String head, Map<String, String> kernels);

  /** Copies from the host; the host's memory may be changed as soon as this returns. */
  void upload(Memory to, MemorySegment from);

  /** Waits for all that was asked for, then copies to the host. */
  void download(MemorySegment to, Memory from);

  /** Copies within the device. */
  void copy(Memory to, Memory from, long bytes);

  /** Waits for all that was asked for. */
  void finish();

  @Override
  void close();
}
