import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import java.io.PrintWriter;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes of the class path where there is no Maven; status 1 if one fails. */
final class RunTests {
  private static final int LINES_OF_A_TRACE = 5;

  private RunTests() {}

  public static void main(String[] classes) {
    long failed = 0;
    for (var name : classes) {
      var listener = new SummaryGeneratingListener();
      var tests = request().selectors(selectClass(name)).build();
      LauncherFactory.create().execute(tests, listener);
      var summary = listener.getSummary();
      System.out.printf(
          "%s: %d passed, %d failed, %d skipped, %.1f s%n",
          name.substring(name.lastIndexOf('.') + 1),
          summary.getTestsSucceededCount(),
          summary.getTotalFailureCount(),
          summary.getTestsSkippedCount() + summary.getContainersSkippedCount(),
          (summary.getTimeFinished() - summary.getTimeStarted()) / 1e3);
      summary.printFailuresTo(new PrintWriter(System.out, true), LINES_OF_A_TRACE);
      failed += summary.getTotalFailureCount();
    }
    System.exit(failed > 0 ? 1 : 0);
  }
}
