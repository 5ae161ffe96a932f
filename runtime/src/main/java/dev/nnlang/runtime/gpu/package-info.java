/**
 * Devices that kernels run on beside the processor: found, filled, and run in order.
 *
 * <p>In: a {@link dev.nnlang.runtime.gpu.DeviceProgram}, which is a text of kernels with the list
 * of their launches. Out: its sessions on a {@link dev.nnlang.runtime.gpu.Device}.
 *
 * <p>Invariants: no library of ours and none at link time: the system's OpenCL or CUDA driver is
 * looked for when somebody asks for a device, so a missing one costs nothing; whatever goes wrong
 * there is a {@link dev.nnlang.runtime.gpu.DeviceFailure} with a problem in words. Parameters,
 * states and data sets stay on the device from run to run; a tensor that the host asks for is
 * brought back then ({@link dev.nnlang.runtime.tensor.Tensor.Mirror}).
 *
 * <p>All sessions of a device share its queue and the memory that copies go through, so a run holds
 * the device's monitor from its first copy to its last, as does everything else that a session asks
 * of it: sessions may have a thread each.
 *
 * <p>A session's run is one piece of work once all is in place ({@code Device.recorded}): one graph
 * on CUDA, where {@code CudaUploads} copies what the host gives ahead of it. Where somebody wants
 * to know what each launch takes ({@code LaunchTimes}), one waits for the other instead.
 *
 * <p>A {@link dev.nnlang.runtime.gpu.Product} is the driver's own library's, where there is one
 * ({@code CudaProducts}), else it is kernels as all else.
 *
 * <p>Start at {@code Devices}, then {@code Device} and {@code DeviceSession}; {@code OpenCl} and
 * {@code Cuda} are what is called of the two drivers, {@code OpenClDevice} and {@code CudaDevice}
 * what is made of it.
 */
package dev.nnlang.runtime.gpu;
