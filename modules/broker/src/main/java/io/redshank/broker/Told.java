package io.redshank.broker;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What members of a shared subscription had from another owner, by what they have told: that is not dealt out again when it is found in
 * the logs. Confined to the owner's event loop.
 */
final class Told {
    /** Of a message, whose it is; null if it is settled. */
    record Part(GroupOrder.@Nullable Holder holder) {}

    private final Map<MessageId, Part> parts = new HashMap<>();

    /** A member has the message. */
    void holds(MessageId id, GroupOrder.Holder holder) {
        parts.put(id, new Part(holder));
    }

    /** The message need not be dealt out. */
    void settled(MessageId id) {
        parts.put(id, new Part(null));
    }

    /** A member is done with a message, if it is one that it had. */
    void settled(MessageId id, ClientId client, long epoch) {
        if (isHeld(id, client, epoch)) {
            settled(id);
        }
    }

    /** A member does not have the message any more. */
    void letGo(MessageId id, ClientId client, long epoch) {
        if (isHeld(id, client, epoch)) {
            parts.remove(id);
        }
    }

    private boolean isHeld(MessageId id, ClientId client, long epoch) {
        Part part = parts.get(id);
        return part != null && part.holder() != null && part.holder().is(client, epoch);
    }

    /** Members on these nodes have nothing any more. */
    void lose(Predicate<NodeName> nodes) {
        parts.values()
                .removeIf(part ->
                        part.holder() != null && nodes.test(part.holder().node()));
    }

    /** What is known of a message, which is then not asked for again; null if nothing. */
    @Nullable
    Part take(MessageId id) {
        return parts.remove(id);
    }

    void clear() {
        parts.clear();
    }
}
