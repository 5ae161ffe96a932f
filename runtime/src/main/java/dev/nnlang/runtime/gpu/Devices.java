package dev.nnlang.runtime.gpu;

import dev.nnlang.runtime.problem.Problem;
import dev.nnlang.runtime.problem.ProblemCode;
import dev.nnlang.runtime.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The devices of this machine. Drivers are looked for when this is first asked, and a device that
 * was opened stays open until the process ends.
 */
public final class Devices {
  private static final Map<DeviceName, Device> OPEN = new HashMap<>();

  private Devices() {}

  /**
   * What there is.
   *
   * @param devices that can be opened
   * @param missing for each driver that has none, why
   */
  public record Found(List<DeviceInfo> devices, List<String> missing) {}

  /** All devices of all drivers. */
  public static synchronized Found list() {
    var devices = new ArrayList<DeviceInfo>();
    var missing = new ArrayList<String>();
    for (var driver : DeviceName.Driver.values()) {
      var some = infos(driver);
      devices.addAll(some);
      if (some.isEmpty()) {
        missing.add(none(driver));
      }
    }
    return new Found(List.copyOf(devices), List.copyOf(missing));
  }

  /** The device of this name, or a problem that says what there is instead. */
  public static synchronized Device open(DeviceName name) throws ProblemException {
    var known = OPEN.get(name);
    if (known != null) {
      return known;
    }
    var infos = infos(name.driver());
    if (infos.isEmpty()) {
      throw missing(none(name.driver()));
    }
    if (name.number() >= infos.size()) {
      throw missing(
          "there is no device %s: %s has %s"
              .formatted(
                  name,
                  name.driver().spoken(),
                  infos.size() == 1
                      ? "one device, " + infos.getFirst().name()
                      : infos.size() + " devices, 0 to " + (infos.size() - 1)));
    }
    var info = infos.get(name.number());
    if (!info.doubles()) {
      throw missing("%s (%s) does not compute in 64 bits".formatted(name, info.model()));
    }
    var device =
        switch (name.driver()) {
          case OPENCL -> {
            var opencl = OpenCl.find().orElseThrow();
            yield new OpenClDevice(opencl, opencl.devices().get(name.number()), info);
          }
          case CUDA -> CudaDevice.open(Cuda.find().orElseThrow(), info);
        };
    OPEN.put(name, device);
    return device;
  }

  /** Whether this machine has the library that plain products are for on CUDA. */
  public static String products() {
    return CublasLt.find().isPresent()
        ? "cuBLASLt is installed here"
        : "cuBLASLt is not installed here, so kernels compute all products: looked for "
            + NativeLibrary.looked(CublasLt.PROPERTY, CublasLt.names());
  }

  private static ProblemException missing(String message) {
    return Problem.of(ProblemCode.DEVICE_MISSING, message)
        .mend("nn devices lists what there is; --device cpu needs no driver")
        .thrown();
  }

  /** A driver's devices; none where it does not work. */
  private static List<DeviceInfo> infos(DeviceName.Driver driver) {
    try {
      return ask(driver);
    } catch (NativeLibrary.Missing | Cuda.Failure | OpenCl.Failure _) {
      return List.of();
    }
  }

  private static List<DeviceInfo> ask(DeviceName.Driver driver) {
    return switch (driver) {
      case OPENCL -> OpenCl.find().map(Devices::infos).orElse(List.of());
      case CUDA -> Cuda.find().map(Cuda::infos).orElse(List.of());
    };
  }

  private static List<DeviceInfo> infos(OpenCl opencl) {
    var infos = new ArrayList<DeviceInfo>();
    for (var device : opencl.devices()) {
      infos.add(opencl.info(device, infos.size()));
    }
    return infos;
  }

  /** Why a driver has no device. */
  private static String none(DeviceName.Driver driver) {
    try {
      ask(driver);
    } catch (NativeLibrary.Missing old) {
      return "the driver for %s is too old: it has no %s"
          .formatted(driver.spoken(), old.getMessage());
    } catch (Cuda.Failure | OpenCl.Failure failed) {
      return "the driver for %s is installed, and does not start: %s"
          .formatted(driver.spoken(), failed.getMessage());
    }
    var looked =
        switch (driver) {
          case OPENCL -> library(OpenCl.find(), OpenCl.PROPERTY, OpenCl.NAMES);
          case CUDA -> library(Cuda.find(), Cuda.PROPERTY, Cuda.NAMES);
        };
    return looked
        .map(where -> "there is no driver for %s: looked for %s".formatted(driver.spoken(), where))
        .orElse("%s is installed, and has no device".formatted(driver.spoken()));
  }

  /** Where a library was looked for in vain. */
  private static Optional<String> library(Optional<?> found, String property, List<String> names) {
    return found.isPresent()
        ? Optional.empty()
        : Optional.of(NativeLibrary.looked(property, names));
  }
}
