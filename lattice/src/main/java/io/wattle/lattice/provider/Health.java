package io.wattle.lattice.provider;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a provider's process answers when it is asked how it is (section 7.4). */
public record Health(boolean healthy, @Nullable String message) {
  /** As a provider says it: why it is not healthy, or nothing. */
  public static Health of(Optional<String> problem) {
    return new Health(problem.isEmpty(), problem.orElse(null));
  }

  /** Why it is not healthy, empty when it is. */
  public Optional<String> problem() {
    return healthy
        ? Optional.empty()
        : Optional.of(message == null ? "it says that it is not healthy" : message);
  }
}
