package io.redshank.redis;

import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How connections to a pool are encrypted, sentinels included. Files are read at each connect, so that a renewed one needs no restart.
 *
 * @param authorities certificates by which the server's has to be signed; null for those that Java trusts
 * @param certificate that of the client, if the server asks for one
 * @param key of the client's certificate
 * @param verifiesHost whether the server's certificate has to name the address that was connected to
 */
public record RedisTls(
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean verifiesHost) {
    NetClientOptions applyTo(NetClientOptions options) {
        options.setSsl(true).setHostnameVerificationAlgorithm(verifiesHost ? "HTTPS" : "");
        if (authorities != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(authorities.toString()));
        }
        if (certificate != null && key != null) {
            options.setKeyCertOptions(
                    new PemKeyCertOptions().setCertPath(certificate.toString()).setKeyPath(key.toString()));
        }
        return options;
    }
}
