package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.runtime.gpu.Device;
import dev.nnlang.runtime.gpu.DeviceInfo;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/** Another device, which does all but what a test makes differently; it stays open. */
abstract class WrappedDevice implements Device {
  final Device device;

  WrappedDevice(Device device) {
    this.device = device;
  }

  @Override
  public Kernels build(String title, String head, Map<String, String> kernels) {
    return device.build(title, head, kernels);
  }

  @Override
  public DeviceInfo info() {
    return device.info();
  }

  @Override
  public Work recorded(Runnable body) {
    return device.recorded(body);
  }

  @Override
  public Memory allocate(long bytes) {
    return device.allocate(bytes);
  }

  @Override
  public long allocated() {
    return device.allocated();
  }

  @Override
  public void upload(Memory to, MemorySegment from) {
    device.upload(to, from);
  }

  @Override
  public void download(MemorySegment to, Memory from) {
    device.download(to, from);
  }

  @Override
  public void copy(Memory to, Memory from, long bytes) {
    device.copy(to, from, bytes);
  }

  @Override
  public void finish() {
    device.finish();
  }

  @Override
  public void close() {}
}
