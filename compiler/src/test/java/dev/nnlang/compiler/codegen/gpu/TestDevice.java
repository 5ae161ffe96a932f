package dev.nnlang.compiler.codegen.gpu;

import dev.nnlang.runtime.gpu.Device;
import dev.nnlang.runtime.gpu.DeviceName;
import dev.nnlang.runtime.gpu.Devices;
import dev.nnlang.runtime.problem.ProblemException;
import java.util.Optional;

/**
 * The device that tests run on: {@code -Dnn.test.device}, else the first of OpenCL, which on a
 * machine without a GPU is PoCL. Where there is none the tests are skipped, and say so.
 */
public final class TestDevice {
  private static final String NAME = System.getProperty("nn.test.device", "opencl");
  private static final Optional<Device> DEVICE = find();

  private TestDevice() {}

  private static Optional<Device> find() {
    try {
      return Optional.of(Devices.open(DeviceName.parse(NAME).orElseThrow()));
    } catch (ProblemException missing) {
      System.out.println("device: SKIPPED what runs on one: " + missing.problem().message());
      return Optional.empty();
    }
  }

  public static boolean present() {
    return DEVICE.isPresent();
  }

  public static Device get() {
    return DEVICE.orElseThrow();
  }
}
