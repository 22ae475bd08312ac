package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import org.jspecify.annotations.Nullable;

/**
 * A client was let in; its CONNACK waits for the {@link SessionFound} that answers this.
 *
 * @param epoch rises with each connection of the same client id, so that late news of an older one is known as such
 * @param millis when, in milliseconds since 1970
 * @param cleanStart whether the client wants to begin anew
 * @param expirySeconds how long its session outlives the connection; 0 if not at all
 * @param will what is to be published if the node that serves it is killed, by whoever clears up after that; null if nothing
 */
public record ClientConnected(
        ClientId client,
        @Nullable String username,
        NodeName node,
        long epoch,
        long millis,
        boolean cleanStart,
        long expirySeconds,
        @Nullable LastWill will)
        implements LifecycleEvent {
    @Override
    public long weight() {
        return Weight.of(client, username) + Weight.of(will);
    }
}
