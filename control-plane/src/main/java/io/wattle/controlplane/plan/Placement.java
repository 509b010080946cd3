package io.wattle.controlplane.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which host runs how many instances of a component, for which share. A host serves one share,
 * because it knows a component once. What runs stays where it is; new instances go evenly to the
 * least loaded hosts; a share gives a host up only to one that has no other. A host that is shunned
 * gets something new only when no other fits.
 */
final class Placement {
  /** How many instances of which share a host runs. */
  record Assigned(Share share, long count) {}

  /** A share of the manifest; two that say the same are still two. */
  private static final class Slot {
    final Share share;
    final List<ObservedHost> eligible;
    boolean crowdedOut;

    Slot(Share share, List<ObservedHost> eligible) {
      this.share = share;
      this.eligible = eligible;
    }
  }

  private final List<Slot> slots;
  private final Comparator<ObservedHost> order;
  private final Predicate<ObservedHost> shunned;

  /** The share each host serves, by host id; hosts without one are free. */
  private final Map<String, Slot> owners = new HashMap<>();

  private final Map<String, Long> counts = new HashMap<>();

  /**
   * @param eligible hosts that fit a share and may be used
   * @param load of a host, for the choice between equal ones
   * @param shunned whether a host just refused, or does not answer
   */
  Placement(
      List<Share> shares,
      Function<Share, List<ObservedHost>> eligible,
      ToIntFunction<ObservedHost> load,
      Predicate<ObservedHost> shunned) {
    this.slots = shares.stream().map(s -> new Slot(s, eligible.apply(s))).toList();
    this.shunned = shunned;
    this.order =
        Comparator.comparing(shunned::test).thenComparingInt(load).thenComparing(ObservedHost::id);
  }

  /** Says that a host runs instances; the name of their share decides when two fit. */
  void running(ObservedHost host, long count, @Nullable String shareName) {
    slots.stream()
        .filter(s -> s.share.allows(host))
        .min(Comparator.comparing((Slot s) -> !s.share.name().equals(shareName)))
        .ifPresent(
            slot -> {
              owners.put(host.id(), slot);
              counts.put(host.id(), count);
            });
  }

  /** Every host with what it shall run; hosts that shall run nothing are not in it, or with 0. */
  Map<String, Assigned> place() {
    List<Slot> narrowestFirst =
        slots.stream().sorted(Comparator.comparingInt((Slot s) -> s.eligible.size())).toList();
    for (Slot slot : narrowestFirst) {
      if (slot.share.instances() > 0 && owned(slot).isEmpty()) {
        slot.crowdedOut = !claim(slot, new HashSet<>());
      }
    }
    Map<String, Assigned> result = new TreeMap<>();
    narrowestFirst.forEach(slot -> spread(slot, result));
    return result;
  }

  /** Shares that fit no host at all. */
  List<Share> homeless() {
    return slots.stream()
        .filter(s -> s.share.instances() > 0 && s.eligible.isEmpty())
        .map(s -> s.share)
        .toList();
  }

  /**
   * Shares that fit some host, but all of those serve other shares. Known after {@link #place()}.
   */
  List<Share> crowdedOut() {
    return slots.stream()
        .filter(s -> s.crowdedOut && !s.eligible.isEmpty())
        .map(s -> s.share)
        .toList();
  }

  /**
   * Hosts that would fit a share and run none of it while others run two or more. Known after
   * {@link #place()}.
   */
  List<ObservedHost> idle() {
    List<ObservedHost> idle = new ArrayList<>();
    for (Slot slot : slots) {
      if (owned(slot).stream().anyMatch(h -> count(h) > 1)) {
        slot.eligible.stream()
            .filter(h -> !owners.containsKey(h.id()) && !shunned.test(h))
            .forEach(idle::add);
      }
    }
    return idle;
  }

  private List<ObservedHost> owned(Slot slot) {
    return slot.eligible.stream().filter(h -> owners.get(h.id()) == slot).toList();
  }

  /** Finds a host for a share that has none; others may have to move for it. */
  private boolean claim(Slot slot, Set<String> asked) {
    List<ObservedHost> fitting = slot.eligible.stream().sorted(order).toList();
    for (ObservedHost host : fitting) {
      if (!owners.containsKey(host.id())) {
        return give(host, slot);
      }
    }
    for (ObservedHost host : fitting) {
      Slot other = owners.get(host.id());
      if (other != null
          && other != slot
          && (other.share.instances() == 0 || owned(other).size() > 1)) {
        return give(host, slot);
      }
    }
    for (ObservedHost host : fitting) {
      Slot other = owners.get(host.id());
      if (other != null && other != slot && asked.add(host.id()) && claim(other, asked)) {
        return give(host, slot);
      }
    }
    return false;
  }

  private boolean give(ObservedHost host, Slot slot) {
    owners.put(host.id(), slot);
    counts.put(host.id(), 0L);
    return true;
  }

  private void spread(Slot slot, Map<String, Assigned> result) {
    long wanted = slot.share.instances();
    List<ObservedHost> candidates = new ArrayList<>(owned(slot));
    if (candidates.stream().mapToLong(this::count).sum() < wanted) {
      slot.eligible.stream().filter(h -> !owners.containsKey(h.id())).forEach(candidates::add);
    }
    // An owner without instances has just been chosen, as the best there was.
    if (candidates.stream().anyMatch(h -> !shunned.test(h))) {
      candidates.removeIf(h -> shunned.test(h) && count(h) == 0);
    }
    candidates.sort(order);
    long[] after = Level.to(wanted, candidates.stream().map(this::count).toList());
    for (int i = 0; i < after.length; i++) {
      String host = candidates.get(i).id();
      if (after[i] > 0) {
        owners.put(host, slot);
      }
      if (owners.get(host) == slot) {
        counts.put(host, after[i]);
        result.put(host, new Assigned(slot.share, after[i]));
      }
    }
  }

  private long count(ObservedHost host) {
    return counts.getOrDefault(host.id(), 0L);
  }
}
