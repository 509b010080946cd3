package io.wattle.host;

import io.wattle.lattice.provider.HostData;
import io.wattle.providers.process.ProviderProcess;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** What {@code wattle provider NAME} does, for tests that know nothing of the command line. */
final class ProviderMain {
  private ProviderMain() {}

  public static void main(String[] args) throws Exception {
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    ProviderProcess.run(
        HostData.ofLine(line),
        FirstPartyProviders.all().stream()
            .filter(factory -> factory.kind().equals(args[0]))
            .findFirst()
            .orElseThrow());
  }
}
