package io.redshank.broker;

import io.redshank.events.Received;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The packet ids of one client's QoS 2 messages between PUBLISH and PUBREL: the same id again is the same message again
 * [MQTT-4.3.3-10], on the session's next connection too [MQTT-4.4.0-1]. Confined to the connection's event loop.
 */
final class ReceivedAtQos2 {
    private static final long STORED_WITHIN_MILLIS = 10_000;

    private final Vertx vertx;
    private final Set<Integer> received = new HashSet<>();
    /** Those of connections before. */
    private final Map<Integer, Received> before = new HashMap<>();
    /** Those of which it is not known yet whether their message is stored. */
    private final Set<Integer> pending = new HashSet<>();

    private @Nullable Promise<Void> settled;

    ReceivedAtQos2(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Takes over what the session's last connection has left. */
    void restore(List<Received> earlier) {
        earlier.forEach(one -> before.put(one.packetId(), one));
    }

    boolean contains(int packetId) {
        return received.contains(packetId) || before.containsKey(packetId);
    }

    /**
     * What has come with this packet id on a connection before, if something is left to be done for it: it may not be stored, or
     * not as retained. It counts as one of this connection from now on.
     */
    @Nullable
    Received takeUnfinished(int packetId, boolean retained) {
        Received earlier = before.get(packetId);
        if (earlier == null || earlier.id() == null || earlier.stored() && !retained) {
            return null;
        }
        return before.remove(packetId);
    }

    /** A message has come, and is going to be stored. */
    void add(int packetId) {
        received.add(packetId);
        pending.add(packetId);
    }

    /** The message is stored, or is not, and then its id is free. */
    void settle(int packetId, boolean stored) {
        if (!stored) {
            received.remove(packetId);
        }
        pending.remove(packetId);
        if (pending.isEmpty() && settled != null) {
            settled.tryComplete();
        }
    }

    /** PUBREL: the id is free; answers whether it was in use. */
    boolean release(int packetId) {
        boolean now = received.remove(packetId);
        boolean then = before.remove(packetId) != null;
        return now || then;
    }

    /** How many are in use of what the client may send; those of connections before do not count (MQTT 5, 4.9). */
    int count() {
        return received.size();
    }

    /**
     * All that are in use, once it is known of each message whether it is stored, or once that was waited for long enough: a
     * message that is stored only later comes twice then, if the client sends it again.
     */
    Future<List<Received>> whenStored() {
        Promise<Void> known = Promise.promise();
        if (pending.isEmpty()) {
            known.complete();
        } else {
            settled = known;
            long timer = vertx.setTimer(STORED_WITHIN_MILLIS, late -> known.tryComplete());
            known.future().onComplete(stored -> vertx.cancelTimer(timer));
        }
        return known.future().map(stored -> inUse());
    }

    private List<Received> inUse() {
        Set<Integer> all = new TreeSet<>(received);
        all.removeAll(pending);
        List<Received> inUse = new ArrayList<>(before.values());
        all.forEach(packetId -> inUse.add(new Received(packetId, null, true)));
        return inUse;
    }
}
