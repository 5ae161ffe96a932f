package dev.nnlang.compiler.cli;

import dev.nnlang.runtime.file.Json;
import dev.nnlang.runtime.gpu.DeviceInfo;
import dev.nnlang.runtime.gpu.Devices;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nn devices}: what {@code --device} can be. */
@Command(name = "devices", description = "List the devices that networks can run on.")
final class DevicesCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Override
  public Integer call() {
    int cores = Runtime.getRuntime().availableProcessors();
    output.result(
        Json.object().with("event", "device").with("device", "cpu").with("units", cores),
        "%-10s %s, %s".formatted("cpu", "this machine", count(cores, "core")));
    var found = Devices.list();
    found.devices().forEach(this::show);
    for (var why : found.missing()) {
      output.result(Json.object().with("event", "missing").with("why", why), why);
    }
    return ExitStatus.DONE.code();
  }

  private void show(DeviceInfo device) {
    output.result(
        Json.object()
            .with("event", "device")
            .with("device", device.name().toString())
            .with("model", device.model())
            .with("version", device.version())
            .with("memory", device.memory())
            .with("units", device.units()),
        "%-10s %s, %.1f GB, %s (%s)"
            .formatted(
                device.name(),
                device.model(),
                device.memory() / 1e9,
                count(device.units(), "compute unit"),
                device.version()));
  }

  private static String count(int number, String what) {
    return String.format(Locale.ROOT, "%d %s%s", number, what, number == 1 ? "" : "s");
  }
}
