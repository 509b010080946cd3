# Wattle as an image: `docker build -t wattle .`, then `docker run wattle --help`. See compose.yaml.
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
RUN ./mvnw -B -q -Dmaven.test.skip=true -Dexec.skip -pl cli -am package \
  && mkdir -p /wattle/lib && cp cli/target/cli-*.jar /wattle/wattle.jar && cp cli/target/lib/*.jar /wattle/lib/

FROM eclipse-temurin:25-jre
RUN useradd --system --create-home --home-dir /data --uid 10001 wattle
COPY --from=build /wattle /wattle
# Identity, compile cache and logs; a volume keeps them.
ENV WATTLE_HOME=/data
USER wattle
VOLUME /data
# The flags are those of ./wattle: docs/architecture.md, "JVM flags".
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
  "-XX:-DontCompileHugeMethods", "-XX:-ClipInlining", "-XX:MaxTrivialSize=40", "-XX:+UseCompactObjectHeaders", "-XX:TrimNativeHeapInterval=5000", "-XX:MaxRAMPercentage=50", "-jar", "/wattle/wattle.jar"]
CMD ["--help"]
