package io.redshank.app.config;

import io.redshank.broker.TlsFiles;
import io.redshank.broker.TlsOptions;
import io.redshank.broker.TlsOptions.ClientCertificates;
import io.redshank.broker.Transport;
import io.redshank.broker.UnusableTlsException;
import io.redshank.broker.WebSocketOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what is spoken between TCP and MQTT at a listener. The keys of what its type has not are unknown keys. */
final class TransportReader {
    private static final String PEM = "a PEM file";
    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");
    private static final Pattern PATH = Pattern.compile("/[^?#\\s]*");
    private static final Pattern ORIGIN = Pattern.compile("\\*|null|[a-z][a-z0-9+.-]*://[^/\\s]+");
    private static final Map<String, ClientCertificates> CLIENT_CERTIFICATES = Map.of(
            "none", ClientCertificates.NONE,
            "request", ClientCertificates.REQUESTED,
            "required", ClientCertificates.REQUIRED);

    private TransportReader() {}

    static Transport transport(Section listener, ListenerType type) {
        return new Transport(
                listener.flag("proxy_protocol", false),
                type.isTls() ? tls(listener) : null,
                type.isWebSocket() ? webSocket(listener) : null);
    }

    private static @Nullable TlsOptions tls(Section listener) {
        ClientCertificates clients = clients(listener);
        Path certificate = file(listener, "certfile", true);
        Path key = file(listener, "keyfile", true);
        Path authorities = file(listener, "cafile", clients != ClientCertificates.NONE);
        List<String> versions = versions(listener);
        Duration reload =
                listener.duration("reload_interval", Duration.ofSeconds(1), Duration.ofDays(1), Duration.ofSeconds(30));
        boolean complete = authorities != null || clients == ClientCertificates.NONE;
        if (certificate == null || key == null || !complete) {
            return null; // which is an error, and said to be one
        }
        TlsOptions options = new TlsOptions(certificate, key, authorities, clients, versions, reload);
        check(listener, options);
        return options;
    }

    private static ClientCertificates clients(Section listener) {
        ClientCertificates asked = listener.oneOf("client_certificates", CLIENT_CERTIFICATES, ClientCertificates.NONE);
        if (listener.optionalText("username_from_certificate").isEmpty()) {
            return asked;
        }
        listener.checkWord("username_from_certificate", "cn", "\"cn\"");
        if (asked != ClientCertificates.REQUIRED) { // who has no certificate could use the name of who has one
            listener.refuse("username_from_certificate", "nothing, or \"client_certificates\": \"required\" beside it");
        }
        return ClientCertificates.REQUIRED_AS_USERNAME;
    }

    private static @Nullable Path file(Section listener, String key, boolean needed) {
        String written = listener.text(key, "");
        if (written.isEmpty()) {
            if (needed) {
                listener.refuse(key, PEM);
            }
            return null;
        }
        try {
            return Path.of(written);
        } catch (InvalidPathException impossible) {
            listener.refuse(key, PEM);
            return null;
        }
    }

    private static List<String> versions(Section listener) {
        List<String> versions = listener.texts("tls_versions");
        if (!VERSIONS.containsAll(versions)) {
            listener.refuse("tls_versions", "an array of " + String.join(", ", VERSIONS));
        }
        return versions.isEmpty() ? VERSIONS : versions;
    }

    private static void check(Section listener, TlsOptions options) {
        try {
            new TlsFiles(options).check();
        } catch (UnusableTlsException unusable) {
            listener.problems().add(listener.pathOf(unusable.part().key()), unusable.found(), unusable.allowed());
        }
    }

    private static WebSocketOptions webSocket(Section listener) {
        String path = listener.text("path", "/mqtt");
        if (!PATH.matcher(path).matches()) {
            listener.refuse("path", "a path such as /mqtt, without a query");
        }
        boolean any = listener.raw("allowed_origins") == null;
        Set<String> origins = any ? Set.of(WebSocketOptions.ANY) : new HashSet<>(listener.texts("allowed_origins"));
        if (!origins.stream().allMatch(origin -> ORIGIN.matcher(origin).matches())) {
            listener.refuse("allowed_origins", "an array of origins such as https://example.org:8443, or of \"*\"");
        }
        return new WebSocketOptions(path, origins);
    }
}
