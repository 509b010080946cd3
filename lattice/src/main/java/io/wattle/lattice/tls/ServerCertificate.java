package io.wattle.lattice.tls;

import java.nio.file.Path;

/**
 * What a server shows and how it proves it.
 *
 * @param chain its certificate and the authority's, PEM
 * @param key its private key, PEM, for its owner's eyes only
 */
public record ServerCertificate(Path chain, Path key) {}
