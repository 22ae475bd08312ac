package io.redshank.broker;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The last steps of acknowledged messages to the socket: in order, and not before what each has to wait for. Holds no more than the
 * window does. Confined to the connection's event loop.
 */
final class Departures {
    private static final class Waiting {
        final Outgoing outgoing;
        final int packetId;
        boolean ready;
        boolean refused;

        Waiting(Outgoing outgoing, int packetId, boolean ready) {
            this.outgoing = outgoing;
            this.packetId = packetId;
            this.ready = ready;
        }
    }

    private final Session session;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    Departures(Session session) {
        this.session = session;
    }

    /** Sends a message once it may go, and those before it have gone; not at all if what it waits for fails. */
    void send(Outgoing outgoing, int packetId, long now, @Nullable Future<?> allowed) {
        if (allowed == null && waiting.isEmpty()) {
            session.socket().publish(outgoing, false, packetId, now);
            return;
        }
        Waiting last = new Waiting(outgoing, packetId, allowed == null);
        waiting.add(last);
        if (allowed != null) {
            allowed.onComplete(done -> {
                last.ready = true;
                last.refused = done.failed();
                goOn();
            });
        }
    }

    private void goOn() {
        if (session.isEnded()) {
            waiting.clear();
        }
        for (Waiting head = waiting.peek(); head != null && head.ready; head = waiting.peek()) {
            waiting.remove();
            if (head.refused) {
                continue;
            }
            boolean expires = head.outgoing.message().properties().expirySeconds() != null;
            session.socket().publish(head.outgoing, false, head.packetId, expires ? System.currentTimeMillis() : 0);
        }
    }
}
