package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.tensor.Tensor;

/**
 * A tensor that stays on a device from run to run, for all sessions there that it is bound to. Its
 * array is brought up to date when the host asks for it, and what the host may have changed is
 * copied to the device before the next run. Sessions hold the device's monitor when they call.
 */
final class Resident implements Tensor.Mirror {
  private final Device device;
  private final Tensor tensor;
  private final Device.Memory memory;
  private int users;
  private boolean hostIsBehind;
  private boolean deviceIsBehind = true;

  private Resident(Device device, Tensor tensor) {
    this.device = device;
    this.tensor = tensor;
    this.memory = device.allocate(Math.max(1, Transfers.bytes(tensor)));
  }

  /** The tensor on this device, for one more user. */
  static Resident of(Tensor tensor, Device device) {
    if (!(tensor.mirror() instanceof Resident known && known.device == device)) {
      tensor.mirror(new Resident(device, tensor));
    }
    var resident = (Resident) tensor.mirror();
    resident.users++;
    return resident;
  }

  Device.Memory memory() {
    return memory;
  }

  /** Makes the device's values the newest, before a run reads them. */
  void beforeRun() {
    if (tensor.mirror() != this) {
      tensor.mirror(this);
      deviceIsBehind = true;
    }
    if (deviceIsBehind) {
      // The host's are the newest here: asking for them would ask this very object.
      device.upload(memory, Transfers.segment(tensor));
      deviceIsBehind = false;
    }
  }

  /** A run has changed the device's values. */
  void changed() {
    hostIsBehind = true;
  }

  @Override
  public void beforeHost(Object array) {
    synchronized (device) {
      if (hostIsBehind) {
        device.download(Transfers.segment(tensor.type(), array), memory);
        hostIsBehind = false;
      }
      deviceIsBehind = true;
    }
  }

  /** One user less; with the last one the values go home. */
  void release() {
    users--;
    if (users == 0) {
      if (tensor.mirror() == this) {
        tensor.mirror(null);
      }
      memory.close();
    }
  }
}
