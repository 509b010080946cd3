package io.wattle.runtime.engine.endive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** What {@code -XX:MaxTrivialSize=40} exempts from the number of nodes that HotSpot inlines. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        FlatSupport.class,
        MarkedSupport.class,
        ArrayMemory.class,
        FlatMemory.class,
        MarkedMemory.class
      })
  void whatAnAccessCallsIsSmall(Class<?> of) throws IOException {
    try (InputStream in = of.getResourceAsStream(of.getSimpleName() + ".class")) {
      Map<String, Integer> sizes = DispatchPass.sizes(Objects.requireNonNull(in).readAllBytes());
      sizes
          .keySet()
          .removeIf(
              name -> !name.matches("memory(Read|Write).*|[gs]et\\d+|at|longer|check(Entry)?"));
      assertThat(sizes).isNotEmpty();
      assertThat(sizes.values()).allMatch(size -> size <= 40);
    }
  }
}
