package dev.nnlang.compiler.cli;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the module's descriptor, and into the jar's manifest. */
final class Version implements IVersionProvider {

  Version() {}

  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Version.class.getModule().getDescriptor())
            .flatMap(ModuleDescriptor::rawVersion)
            .or(() -> Optional.ofNullable(Version.class.getPackage().getImplementationVersion()))
            .orElse("(not packaged)");
    return new String[] {"nn " + version};
  }
}
