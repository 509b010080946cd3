package io.wattle.lattice.json;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import org.jspecify.annotations.Nullable;

/**
 * Gives the map of unknown fields a name nobody sends: a peer's field that happens to be called
 * {@code extra} is an unknown field like any other.
 */
final class ExtraFields extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;
  private static final PropertyName NOBODY_SENDS = PropertyName.construct("\u0000extra");

  @Override
  public @Nullable PropertyName findNameForDeserialization(Annotated member) {
    return member.hasAnnotation(JsonAnySetter.class)
        ? NOBODY_SENDS
        : super.findNameForDeserialization(member);
  }
}
