package io.redshank.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a listener, from PEM files that are looked at again while it serves.
 *
 * @param certificate the certificate of this server, followed by those between it and its authority
 * @param key its private key
 * @param authorities who signs the certificates of clients; null if no client is asked for one
 * @param versions the versions of TLS that are spoken, in the words of Java: TLSv1.2, TLSv1.3
 * @param reloadInterval how often the files are looked at
 */
public record TlsOptions(
        Path certificate,
        Path key,
        @Nullable Path authorities,
        ClientCertificates clients,
        List<String> versions,
        Duration reloadInterval) {
    /** Whether clients show a certificate, and what it is good for. */
    public enum ClientCertificates {
        /** They are not asked. */
        NONE,
        /** They are asked, and may have none; one that they have must be valid. */
        REQUESTED,
        /** Nobody is let in without. */
        REQUIRED,
        /** Nobody is let in without, and its common name is the user name, whatever the CONNECT says. */
        REQUIRED_AS_USERNAME
    }

    public TlsOptions {
        versions = List.copyOf(versions);
    }
}
