import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.io.PrintWriter;
import java.util.stream.Stream;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes of the class path where there is no Maven; status 1 if one fails. */
final class RunTests {
  private RunTests() {}

  public static void main(String[] classes) {
    var listener = new SummaryGeneratingListener();
    for (var name : classes) {
      var tests = request().selectors(Stream.of(selectClass(name)).toList()).build();
      LauncherFactory.create().execute(tests, listener);
      var summary = listener.getSummary();
      System.out.printf(
          "%s: %d passed, %d failed, %d skipped, %.1f s%n",
          name.substring(name.lastIndexOf('.') + 1),
          summary.getTestsSucceededCount(),
          summary.getTotalFailureCount(),
          summary.getTestsSkippedCount() + summary.getContainersSkippedCount(),
          (summary.getTimeFinished() - summary.getTimeStarted()) / 1e3);
      if (summary.getTotalFailureCount() > 0) {
        summary.printFailuresTo(new PrintWriter(System.out, true), 5);
        failed = true;
      }
    }
    System.exit(failed ? 1 : 0);
  }

  private static boolean failed;
}
