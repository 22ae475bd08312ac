package io.redshank.app.config;

import java.util.Map;

/** What MQTT is spoken over at a listener. */
enum ListenerType {
    TCP(false, false, 1883),
    TLS(true, false, 8883),
    WS(false, true, 8083),
    WSS(true, true, 8084);

    static final Map<String, ListenerType> BY_NAME = Map.of("tcp", TCP, "tls", TLS, "ws", WS, "wss", WSS);

    private final boolean tls;
    private final boolean webSocket;
    private final int defaultPort;

    ListenerType(boolean tls, boolean webSocket, int defaultPort) {
        this.tls = tls;
        this.webSocket = webSocket;
        this.defaultPort = defaultPort;
    }

    boolean isTls() {
        return tls;
    }

    boolean isWebSocket() {
        return webSocket;
    }

    int defaultPort() {
        return defaultPort;
    }
}
