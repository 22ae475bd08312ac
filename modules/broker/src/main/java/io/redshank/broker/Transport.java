package io.redshank.broker;

import org.jspecify.annotations.Nullable;

/**
 * What MQTT is spoken over.
 *
 * @param proxyProtocol whether a proxy in front tells each client's address in a PROXY protocol header, version 1 or 2
 * @param tls null for connections in the clear
 * @param webSocket null where MQTT is spoken without WebSocket
 */
public record Transport(
        boolean proxyProtocol,
        @Nullable TlsOptions tls,
        @Nullable WebSocketOptions webSocket) {
    /** Plain TCP. */
    public static final Transport TCP = new Transport(false, null, null);

    /** Whether the certificates of clients say what their user names are. */
    boolean namesUsers() {
        return tls != null && tls.clients() == TlsOptions.ClientCertificates.REQUIRED_AS_USERNAME;
    }

    /** How addresses of such a listener begin: tcp, tls, ws or wss. */
    public String scheme() {
        if (webSocket == null) {
            return tls == null ? "tcp" : "tls";
        }
        return tls == null ? "ws" : "wss";
    }
}
