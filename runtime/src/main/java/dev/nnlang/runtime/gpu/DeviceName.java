package dev.nnlang.runtime.gpu;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a user calls a device: {@code opencl}, {@code opencl:1}, {@code cuda:0}.
 *
 * @param number from 0, in the order of the driver
 */
public record DeviceName(Driver driver, int number) {
  /** Who runs the device. */
  public enum Driver {
    OPENCL("OpenCL"),
    CUDA("CUDA");

    private final String spoken;

    Driver(String spoken) {
      this.spoken = spoken;
    }

    /** As its makers write it. */
    public String spoken() {
      return spoken;
    }

    /** As on the command line. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern FORM = Pattern.compile("(opencl|cuda)(?::([0-9]{1,4}))?");

  /** Empty for anything else. */
  public static Optional<DeviceName> parse(String text) {
    var found = FORM.matcher(text);
    if (!found.matches()) {
      return Optional.empty();
    }
    var driver = Driver.valueOf(found.group(1).toUpperCase(Locale.ROOT));
    return Optional.of(
        new DeviceName(driver, found.group(2) == null ? 0 : Integer.parseInt(found.group(2))));
  }

  @Override
  public String toString() {
    return driver.word() + ":" + number;
  }
}
