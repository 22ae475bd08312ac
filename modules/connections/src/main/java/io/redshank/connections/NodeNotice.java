package io.redshank.connections;

import io.redshank.model.ClientId;
import io.redshank.redis.Registration;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What one node tells another on that one's channel in Redis: a doorbell, which may be lost.
 *
 * @param incarnation the run of the node whose broker instance is to end a connection; with the others below only then
 * @param instance the broker instance
 * @param epoch the connection; 0 if none is to end, and whoever waits for the client is to look again
 */
record NodeNotice(ClientId client, long incarnation, int instance, long epoch) {
    private static final String EVICT = "evict";
    private static final String PROMPT = "prompt";

    /** What this claim waits for may have happened. */
    static NodeNotice prompt(ClientId client) {
        return new NodeNotice(client, 0, 0, 0);
    }

    /** This connection is to end, for another one has claimed the client id. */
    static NodeNotice evict(ClientId client, Registration.Holder holder) {
        return new NodeNotice(client, holder.incarnation(), holder.instance(), holder.epoch());
    }

    boolean isEviction() {
        return epoch > 0;
    }

    String text() {
        return isEviction()
                ? EVICT + " " + incarnation + " " + instance + " " + epoch + " " + client.value()
                : PROMPT + " " + client.value();
    }

    /** Null if it is none; another version may say what this one does not know. */
    static @Nullable NodeNotice read(Buffer message) {
        String text = message.toString();
        try {
            if (text.startsWith(PROMPT + " ")) {
                return prompt(new ClientId(text.substring(PROMPT.length() + 1)));
            }
            String[] parts = text.split(" ", 5);
            return parts.length == 5 && parts[0].equals(EVICT)
                    ? new NodeNotice(
                            new ClientId(parts[4]),
                            Long.parseLong(parts[1]),
                            Integer.parseInt(parts[2]),
                            Long.parseLong(parts[3]))
                    : null;
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }
}
