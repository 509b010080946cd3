package io.wattle.host.identity;

import java.util.List;
import java.util.random.RandomGenerator;

/** Names people can say, {@code quiet-reed}: an adjective and a noun. They need not be unique. */
final class FriendlyNames {
  private static final List<String> ADJECTIVES =
      List.of(
          "amber", "ancient", "autumn", "bold", "brave", "bright", "brisk", "calm", "clear", "cool",
          "crisp", "curious", "deep", "dusky", "eager", "early", "fair", "fine", "fleet", "fresh",
          "gentle", "gilded", "glad", "golden", "green", "hardy", "hidden", "humble", "keen",
          "kind", "late", "light", "lively", "lone", "lucid", "mellow", "merry", "mild", "misty",
          "noble", "old", "pale", "patient", "plain", "proud", "quick", "quiet", "rapid", "russet",
          "shy", "silent", "silver", "slender", "slow", "soft", "spare", "steady", "still", "stout",
          "swift", "tall", "tidy", "true", "vivid", "warm", "wild", "winter", "wise", "young");
  private static final List<String> NOUNS =
      List.of(
          "alder", "ash", "aspen", "bank", "bark", "beech", "birch", "bramble", "branch", "briar",
          "brook", "cedar", "clover", "copse", "creek", "dale", "dell", "dune", "elder", "elm",
          "fen", "fern", "field", "finch", "fir", "ford", "glade", "glen", "gorse", "grove",
          "hazel", "heath", "hedge", "heron", "hill", "holly", "ivy", "lake", "larch", "lark",
          "leaf", "linden", "marsh", "meadow", "moor", "moss", "oak", "orchard", "otter", "owl",
          "pine", "pond", "poplar", "reed", "ridge", "river", "robin", "rowan", "rush", "sedge",
          "shore", "spring", "stone", "stream", "thicket", "thorn", "vale", "wattle", "willow",
          "wren", "yew");

  private FriendlyNames() {}

  static String pick(RandomGenerator random) {
    return ADJECTIVES.get(random.nextInt(ADJECTIVES.size()))
        + "-"
        + NOUNS.get(random.nextInt(NOUNS.size()));
  }
}
