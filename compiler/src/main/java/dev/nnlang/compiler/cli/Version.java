package dev.nnlang.compiler.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest carries; run from a folder of classes there is none. */
final class Version implements IVersionProvider {

  Version() {}

  @Override
  public String[] getVersion() {
    String built = Version.class.getPackage().getImplementationVersion();
    return new String[] {"nn " + (built == null ? "(unpacked)" : built)};
  }
}
