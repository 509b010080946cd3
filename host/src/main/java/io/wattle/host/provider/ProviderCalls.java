package io.wattle.host.provider;

import io.wattle.host.link.LinkTable;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.link.InterfaceName;
import io.wattle.lattice.link.Revocation;

/** A provider's way out: to the targets of its links and nowhere else, under its own name. */
final class ProviderCalls implements CallHandler {
  private final String provider;
  private final LinkTable links;
  private final CallHandler router;

  ProviderCalls(String provider, LinkTable links, CallHandler router) {
    this.provider = provider;
    this.links = links;
    this.router = router;
  }

  @Override
  public CallReply handle(CallRequest request) throws CallException, InterruptedException {
    CallTarget target = request.target();
    CallContext given = request.context();
    if (!linked(target)) {
      String instance = InterfaceName.linked(target.instance());
      throw new CallException(
          CallException.Kind.NOT_FOUND,
          links
              .revoked(provider, given.linkName(), instance)
              .map(revoked -> Revocation.text(instance, revoked.by()))
              .orElse(
                  "no link from "
                      + provider
                      + " to "
                      + target.id()
                      + " for "
                      + target.instance()
                      + " (any more)"));
    }
    CallContext own =
        given.sourceId().equals(provider)
            ? given
            : new CallContext(provider, given.linkName(), given.deadline(), given.headers());
    return router.handle(new CallRequest(target, own, request.parameters(), request.async()));
  }

  private boolean linked(CallTarget target) {
    String instance = InterfaceName.linked(target.instance());
    return links.from(provider).stream()
        .anyMatch(link -> link.target().equals(target.id()) && link.carries(link.name(), instance));
  }
}
