package io.wattle.cli.lattice;

import io.wattle.cli.base.Answer;
import io.wattle.cli.base.Table;
import io.wattle.cli.connect.WatchableCommand;
import io.wattle.lattice.LatticeConnection;
import io.wattle.lattice.control.ControlClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** What signed components and providers say of themselves. */
@Command(
    name = "claims",
    description = "Show the claims of signed components and providers.",
    footer = {"", "Unsigned ones, which hosts run as well, have none."})
final class GetClaimsCommand extends WatchableCommand {
  @Override
  protected Answer look(LatticeConnection lattice) throws InterruptedException {
    List<Map<String, String>> claims = new ArrayList<>(new ControlClient(lattice).claims());
    claims.sort(Comparator.comparing(claim -> any(claim, "name") + any(claim, "sub", "subject")));
    Table table = Table.of("NAME", "VERSION", "REVISION", "SUBJECT", "ISSUER", "TAGS");
    for (Map<String, String> claim : claims) {
      table.row(
          any(claim, "name"),
          any(claim, "version"),
          any(claim, "rev", "revision"),
          any(claim, "sub", "subject"),
          any(claim, "iss", "issuer"),
          any(claim, "tags"));
    }
    return Answer.of(claims.isEmpty() ? "no claims" : table.toString()).with("claims", claims);
  }

  private static String any(Map<String, String> claim, String... keys) {
    for (String key : keys) {
      String value = claim.get(key);
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return "";
  }
}
