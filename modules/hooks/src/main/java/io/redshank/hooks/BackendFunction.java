package io.redshank.hooks;

import java.util.Locale;
import java.util.Optional;

/** What a hook can do by itself, without commands being spelled out. */
public enum BackendFunction {
    /** Writes {@code mqtt:client:…} and {@code mqtt:node:…}. */
    ON_CLIENT_CONNECTED,
    /** Marks the client offline. */
    ON_CLIENT_DISCONNECTED,
    /** Subscribes the client to what {@code mqtt:sub:…} lists. */
    ON_SUBSCRIBE_LOOKUP,
    /** Appends a message to its topic's log. */
    ON_MESSAGE_PUBLISH,
    /** Keeps a retained message. */
    ON_MESSAGE_RETAIN,
    /** Forgets a topic's retained message when an empty one arrives. */
    ON_RETAIN_DELETE,
    /** Sends a new subscriber what is retained. */
    ON_RETAIN_LOOKUP,
    /** Sends a subscriber all that is left in a log whose messages go to one client each. */
    ON_MESSAGE_FETCH_FOR_QUEUE,
    /** Sends a subscriber what lies behind its bookmark. */
    ON_MESSAGE_FETCH_FOR_PUBSUB,
    /** Deletes a message that one client has acknowledged. */
    ON_MESSAGE_ACKED_FOR_QUEUE,
    /** Moves the client's bookmark. */
    ON_MESSAGE_ACKED_FOR_PUBSUB,
    /** Keeps only the newest message of a topic. */
    ON_MESSAGE_STORE_KEEP_LATEST,
    /** Sends a subscriber the newest message of a topic. */
    ON_MESSAGE_FETCH_FOR_KEEP_LATEST,
    /** Forgets the newest message once it has been acknowledged. */
    ON_MESSAGE_ACKED_FOR_KEEP_LATEST;

    private final String configName = name().toLowerCase(Locale.ROOT);

    /** The name in a configuration file, for example {@code on_client_connected}. */
    public String configName() {
        return configName;
    }

    /** The function of this name. */
    public static Optional<BackendFunction> named(String configName) {
        for (BackendFunction function : values()) {
            if (function.configName.equals(configName)) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }
}
