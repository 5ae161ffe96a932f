package dev.nnlang.runtime.gpu;

/**
 * What a driver tells of a device.
 *
 * @param name by which it is asked for
 * @param model what its maker calls it
 * @param version of the driver
 * @param memory in bytes
 * @param units compute units, or multiprocessors
 * @param doubles whether it computes in 64 bits, which our draws need
 */
public record DeviceInfo(
    DeviceName name, String model, String version, long memory, int units, boolean doubles) {}
