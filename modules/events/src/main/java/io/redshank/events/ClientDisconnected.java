package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection has ended, in whatever way.
 *
 * @param epoch the one of its {@link ClientConnected}
 * @param millis when, in milliseconds since 1970
 * @param expirySeconds how long its session is to be kept from now; 0 if it ends here
 * @param heldWill the id of the will that came with its {@link ClientConnected}, which is done with now; null if none did
 * @param will what is to be published if the client stays away; null if nothing, or if that is published already
 * @param memory what the session is to remember; null: what it remembers from before
 */
public record ClientDisconnected(
        ClientId client,
        @Nullable String username,
        NodeName node,
        long epoch,
        long millis,
        long expirySeconds,
        @Nullable MessageId heldWill,
        @Nullable LastWill will,
        @Nullable SessionMemory memory)
        implements LifecycleEvent {
    @Override
    public long weight() {
        return Weight.of(client, username) + Weight.of(will);
    }
}
