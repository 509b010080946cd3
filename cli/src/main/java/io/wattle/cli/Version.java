package io.wattle.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: ours, and the Java it runs on. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"wattle " + version(), "java   " + Runtime.version()};
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
