package io.redshank.broker;

import java.util.Set;

/**
 * WebSocket of a listener.
 *
 * @param path the path that clients ask for, without a query
 * @param origins the origins of web pages that may connect, such as {@code https://example.org}; {@code *} stands for all
 */
public record WebSocketOptions(String path, Set<String> origins) {
    /** Stands for every origin. */
    public static final String ANY = "*";

    public WebSocketOptions {
        origins = Set.copyOf(origins);
    }
}
