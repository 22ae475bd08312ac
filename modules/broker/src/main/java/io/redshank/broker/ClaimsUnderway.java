package io.redshank.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.model.ClientId;
import java.util.HashMap;
import java.util.Map;

/**
 * The claims of one instance that are not answered yet. A grant can be overtaken: by the time it arrives here, the id may have
 * been granted to another connection already. Confined to one event loop.
 */
final class ClaimsUnderway {
    private static final class Waiting {
        int claims;
        long evictedEpoch;
    }

    private final Map<ClientId, Waiting> waiting = new HashMap<>();

    /** A claim is sent. */
    void claimed(ClientId client) {
        waiting.computeIfAbsent(client, absent -> new Waiting()).claims++;
    }

    /** A claim is answered, or has failed; answers up to which epoch the id has been taken away meanwhile, 0 if not at all. */
    @CanIgnoreReturnValue
    long answered(ClientId client) {
        Waiting of = waiting.get(client);
        if (of == null) {
            return 0;
        }
        if (--of.claims == 0) {
            waiting.remove(client);
        }
        return of.evictedEpoch;
    }

    /** The id is taken away from a connection that is not known here, or not yet. */
    void evicted(ClientId client, long epoch) {
        Waiting of = waiting.get(client);
        if (of != null) {
            of.evictedEpoch = Math.max(of.evictedEpoch, epoch);
        }
    }
}
