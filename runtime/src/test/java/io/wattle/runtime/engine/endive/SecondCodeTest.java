package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@link SecondCode} puts in place of another has all that the other has. */
class SecondCodeTest {
  private static Set<String> methods(Class<?> of) {
    return Arrays.stream(of.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .map(SecondCodeTest::signature)
        .collect(Collectors.toSet());
  }

  private static String signature(Method method) {
    return method.getReturnType()
        + " "
        + method.getName()
        + Arrays.toString(method.getParameterTypes());
  }

  @Test
  void everyHelperIsThereForMarkedMemoriesToo() {
    assertThat(methods(MarkedSupport.class)).isEqualTo(methods(GuestSupport.class));
  }
}
