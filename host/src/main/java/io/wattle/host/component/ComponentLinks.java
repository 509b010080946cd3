package io.wattle.host.component;

import io.wattle.host.link.LinkTable;
import io.wattle.lattice.call.CallContext;
import io.wattle.lattice.call.CallException;
import io.wattle.lattice.call.CallHandler;
import io.wattle.lattice.call.CallReply;
import io.wattle.lattice.call.CallRequest;
import io.wattle.lattice.call.CallTarget;
import io.wattle.lattice.link.InterfaceName;
import io.wattle.lattice.link.Link;
import io.wattle.lattice.link.Revocation;
import io.wattle.runtime.Task;
import java.util.Map;
import java.util.Optional;

/**
 * The ways out of one component: a call goes where its links say at that moment, or nowhere
 * (section 5.2 of the lattice reference; deny by default).
 */
final class ComponentLinks {
  private final String component;
  private final LinkTable links;
  private final CallHandler calls;
  private final LinkNames chosen = new LinkNames();

  ComponentLinks(String component, LinkTable links, CallHandler calls) {
    this.component = component;
    this.links = links;
    this.calls = request -> call(calls, request);
  }

  /** Where the invocation's calls to an instance go. */
  Route route(Task task, String instance) throws CallException {
    String name = chosen.forInterface(task, InterfaceName.unversioned(instance));
    Optional<Link> link = links.route(component, name, instance);
    if (link.isEmpty()) {
      throw new CallException(CallException.Kind.NOT_FOUND, missing(instance, name));
    }
    CallContext context = new CallContext(component, name, task.deadline(), task.headers());
    return new Route(link.get().target(), context);
  }

  /** Whether there is a link of this name. */
  boolean has(String instance, String linkName) {
    return links.route(component, linkName, instance).isPresent();
  }

  /** Calls an instance as it is named by the component. */
  CallReply call(Task task, String instance, String function, byte[] parameters)
      throws CallException, InterruptedException {
    Route route = route(task, instance);
    return calls.handle(
        new CallRequest(
            new CallTarget(route.target(), instance, function),
            route.context(),
            parameters,
            Map.of()));
  }

  /** Lets the invocation's calls to an interface take links of another name. */
  void choose(Task task, String unversioned, String linkName) {
    chosen.choose(task, unversioned, linkName);
  }

  /** The way itself, for callers that make their own requests. */
  CallHandler calls() {
    return calls;
  }

  /**
   * A target that was not there to take a call may be one that the link leads to no more: its call
   * goes where the link leads now. Nothing was done with it.
   */
  private CallReply call(CallHandler next, CallRequest request)
      throws CallException, InterruptedException {
    try {
      return next.handle(request);
    } catch (CallException e) {
      if (e.kind() != CallException.Kind.NOT_FOUND || !request.async().isEmpty()) {
        throw e;
      }
      CallTarget target = request.target();
      Optional<Link> now =
          links
              .route(
                  component, request.context().linkName(), InterfaceName.linked(target.instance()))
              .filter(link -> !link.target().equals(target.id()));
      if (now.isEmpty()) {
        throw e;
      }
      return next.handle(
          new CallRequest(
              new CallTarget(now.get().target(), target.instance(), target.function()),
              request.context(),
              request.parameters(),
              request.async()));
    }
  }

  private String missing(String instance, String name) {
    String unversioned = InterfaceName.unversioned(instance);
    Optional<Revocation> revoked = links.revoked(component, name, unversioned);
    if (revoked.isPresent()) {
      return Revocation.text(unversioned, revoked.get().by());
    }
    int colon = unversioned.indexOf(':');
    int slash = unversioned.indexOf('/');
    String text = "no link from " + component + " for " + unversioned + " (link name " + name + ")";
    if (colon < 0 || slash < colon) {
      return text + "; a function of the world itself cannot be linked";
    }
    return text
        + ": wattle link put "
        + component
        + " TARGET "
        + unversioned.substring(0, colon)
        + " "
        + unversioned.substring(colon + 1, slash)
        + " --interface "
        + unversioned.substring(slash + 1)
        + (name.equals(Link.DEFAULT_NAME) ? "" : " --link-name " + name);
  }

  /** A target, and what goes with a call to it. */
  record Route(String target, CallContext context) {}
}
