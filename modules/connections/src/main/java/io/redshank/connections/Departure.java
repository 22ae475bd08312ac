package io.redshank.connections;

import io.redshank.events.ClientDisconnected;
import io.redshank.model.ClientId;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection, and what it was.
 *
 * @param visit null if this instance does not know it; then it was an ordinary one
 */
record Departure(ClientDisconnected event, Visits.@Nullable Visit visit) {
    ClientId client() {
        return event.client();
    }

    /** Whether it has a say in its client's session: one that was refused before it came that far has none. */
    boolean touchesSession() {
        return visit == null || !visit.refused || visit.touched;
    }

    /** Whether the session ends with it, as asked for, or because nobody was told that there is one. */
    boolean endsSession() {
        boolean unknownToClient = visit != null && visit.refused && visit.created;
        return touchesSession() && (event.expirySeconds() == 0 || unknownToClient);
    }
}
