package io.wattle.controlplane.plan;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to do now, and how it stands.
 *
 * @param actions in the order in which they shall be sent
 * @param wanted keys of everything that is not as it should be, also of what is under way or waits
 *     for its next try; what was tried for other keys can be forgotten
 * @param prepare what hosts may compile ahead, for the time when they have to run it
 * @param retryAt when the first failed action may be tried again, null if none waits
 */
public record Plan(
    List<Action> actions,
    Set<String> wanted,
    List<AppStatus> apps,
    Set<Prepare> prepare,
    @Nullable Instant retryAt) {
  public Plan {
    actions = List.copyOf(actions);
    prepare = Set.copyOf(prepare);
    wanted = Set.copyOf(wanted);
    apps = List.copyOf(apps);
  }

  /** An image that a host may have to run one day. */
  public record Prepare(String hostId, String image) {}
}
