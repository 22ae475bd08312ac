package io.redshank.connections;

import io.redshank.model.ClientId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The connections that this instance knows of, the newest of each client. Confined to one context. */
final class Visits {
    private final Map<ClientId, Visit> newest = new HashMap<>();

    /** One connection, from the event that announces it to the one that ends it. */
    static final class Visit {
        final long epoch;
        /** The client was not let in: what came of its session is to be undone only as far as it was done. */
        boolean refused;
        /** Its session may have been written. */
        boolean touched;
        /** There was no session before. */
        boolean created;

        private Visit(long epoch) {
            this.epoch = epoch;
        }
    }

    /** A connection begins; null if a newer one of the client is known. */
    @Nullable
    Visit begin(ClientId client, long epoch) {
        if (isOutdated(client, epoch)) {
            return null;
        }
        Visit visit = new Visit(epoch);
        newest.put(client, visit);
        return visit;
    }

    /** Whether a newer connection of the client is known than that of this epoch. */
    boolean isOutdated(ClientId client, long epoch) {
        Visit known = newest.get(client);
        return known != null && known.epoch > epoch;
    }

    /** The connection of this epoch, if it is known here. */
    @Nullable
    Visit find(ClientId client, long epoch) {
        Visit known = newest.get(client);
        return known != null && known.epoch == epoch ? known : null;
    }

    /** The connection has ended. */
    void end(ClientId client, long epoch) {
        newest.computeIfPresent(client, (id, known) -> known.epoch == epoch ? null : known);
    }
}
