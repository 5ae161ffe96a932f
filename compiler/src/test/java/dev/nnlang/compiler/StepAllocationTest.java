package dev.nnlang.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A step allocates nothing, once HotSpot has compiled its kernels. When that is depends on how busy
 * the machine is; so it is asked in a process in which kernels are compiled early, and run on only
 * when that is done.
 */
@Execution(ExecutionMode.CONCURRENT)
class StepAllocationTest {
  private static final String KERNELS = "dev.nnlang.runtime.cpu.*::*";

  private static final Pattern ALLOCATED = Pattern.compile("\\d+ bytes: .*");

  @ParameterizedTest
  @EnumSource
  @Timeout(300)
  void ofAStep(SmallNetwork network) throws Exception {
    var told =
        run(
            List.of(
                "-XX:CompileCommand=BackgroundCompilation," + KERNELS + ",false",
                "-XX:CompileCommand=CompileThresholdScaling," + KERNELS + ",0.1"),
            network,
            1500,
            50);
    assertTrue(told.contains("kernels measured: "));
    var allocating = told.lines().filter(line -> ALLOCATED.matcher(line).matches()).toList();
    assertEquals(List.of(), allocating);
  }

  /**
   * HotSpot's first compiler has room for so many values in a method. A method beyond that may be
   * left without a profile, and then the second compiler never sees it.
   */
  @ParameterizedTest
  @EnumSource
  @Timeout(300)
  void theFirstCompilerTakesEachKernel(SmallNetwork network) throws Exception {
    var told =
        run(
            List.of(
                "-XX:TieredStopAtLevel=3",
                "-XX:Tier3DelayOn=1000",
                "-XX:CompileCommand=BackgroundCompilation," + KERNELS + ",false",
                "-XX:CompileCommand=CompileThresholdScaling," + KERNELS + ",0.005",
                "-XX:+PrintCompilation"),
            network,
            10,
            1);
    assertTrue(told.contains("kernels measured: "));
    assertTrue(told.contains("dev.nnlang.runtime.cpu.Kernel_"), "no kernel was compiled");
    assertEquals(
        List.of(), told.lines().filter(line -> line.contains("out of virtual registers")).toList());
  }

  private static String run(List<String> options, SmallNetwork network, int warm, int measured)
      throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules=jdk.incubator.vector,jdk.management",
            "-cp",
            ProgramProcess.classPath(StepAllocations.class)));
    command.addAll(options);
    command.addAll(
        List.of(
            StepAllocations.class.getName(),
            network.name(),
            Integer.toString(warm),
            Integer.toString(measured)));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> told.substring(Math.max(0, told.length() - 4000)));
    return told;
  }
}
