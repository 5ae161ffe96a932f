package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.program.Carry;
import dev.nnlang.runtime.program.Executable;
import dev.nnlang.runtime.program.Session;
import dev.nnlang.runtime.program.Signature;
import dev.nnlang.runtime.program.Slot;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program as kernels of a device. They are built when a session first runs. */
public final class DeviceProgram implements Executable {
  private final Device device;
  private final Signature signature;
  private final List<Slot> slots;
  private final String head;
  private final Map<String, String> kernels;
  private final List<Command> commands;
  private final List<Carry> carries;
  private final Map<String, Integer> outputs;
  private final List<String> gathered;

  /**
   * @param slots every tensor that is not local to one kernel
   * @param head what stands before kernels
   * @param kernels their texts, by name
   * @param commands in the order in which they are given
   * @param carries the updates that are not made in place
   * @param outputs the slot of each output, by its name
   * @param gathered names of the tensors that are read at computed places, by the number with which
   *     kernels report them, from 1
   */
  public DeviceProgram(
      Device device,
      Signature signature,
      List<Slot> slots,
      String head,
      Map<String, String> kernels,
      List<Command> commands,
      List<Carry> carries,
      Map<String, Integer> outputs,
      List<String> gathered) {
    this.device = device;
    this.signature = signature;
    this.slots = List.copyOf(slots);
    this.head = head;
    this.kernels = Collections.unmodifiableMap(new LinkedHashMap<>(kernels));
    this.commands = List.copyOf(commands);
    this.carries = List.copyOf(carries);
    this.outputs = Map.copyOf(outputs);
    this.gathered = List.copyOf(gathered);
  }

  @Override
  public Signature signature() {
    return signature;
  }

  /** Threads are the device's own affair. */
  @Override
  public Session open(int threads) {
    return new DeviceSession(this, Optional.empty());
  }

  /** A session whose runs add to {@code times}: it waits for each launch. */
  public Session timed(LaunchTimes times) {
    return new DeviceSession(this, Optional.of(times));
  }

  Device device() {
    return device;
  }

  List<Slot> slots() {
    return slots;
  }

  List<Command> commands() {
    return commands;
  }

  List<Carry> carries() {
    return carries;
  }

  List<String> gathered() {
    return gathered;
  }

  int output(String name) {
    var slot = outputs.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("no output " + name);
    }
    return slot;
  }

  Device.Kernels kernels() {
    return device.build(signature.name(), head, kernels);
  }
}
