package io.redshank.connections;

import io.redshank.events.Received;
import io.redshank.events.SessionMemory;
import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.Underway;
import io.redshank.redis.Keys;
import io.redshank.redis.SessionFields;
import io.redshank.redis.UnderwayText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a session remembers from its connection before. At QoS 2 that is in hashes of its own, which are right at all times; at QoS
 * 1 it is what was written when the connection ended. Did that end with its node, the bookmarks say what the client has.
 */
final class MemoryLookup {
    private static final String NOT_CERTAIN = "?";

    private final StoredSession session;
    private final List<Underway> underway = new ArrayList<>();
    private final Map<Integer, Received> received = new TreeMap<>();

    MemoryLookup(StoredSession session) {
        this.session = session;
        if (!session.isConnected()) {
            underway.addAll(UnderwayText.read(session.fields().getOrDefault(SessionFields.OUT, "")));
            readIds(session.fields().getOrDefault(SessionFields.IN, "")).forEach(this::add);
        }
    }

    /** Asks for the rest, which is there when the commands are done. */
    void read(String sessionPool, List<String> logPools, EventCommands commands) {
        ClientId client = session.client();
        commands.readHash(sessionPool, "session", Keys.inflight(client), this::takeInflight);
        logPools.forEach(pool -> commands.readHash(pool, "session", Keys.received(client), this::takeReceived));
    }

    SessionMemory memory() {
        underway.sort(Comparator.comparingLong(Underway::number));
        return new SessionMemory(session.caughtUpMillis(), underway, List.copyOf(received.values()));
    }

    private void takeInflight(Map<String, String> hash) {
        hash.values().forEach(text -> {
            Underway one = UnderwayText.readOne(text);
            if (one != null && one.qos() == Qos.EXACTLY_ONCE) {
                underway.add(one);
            }
        });
    }

    private void takeReceived(Map<String, String> hash) {
        hash.forEach((packetId, text) -> {
            boolean certain = !text.startsWith(NOT_CERTAIN);
            String id = certain ? text : text.substring(NOT_CERTAIN.length());
            if (!id.isEmpty()) {
                readIds(packetId).forEach(number -> add(new Received(number, new MessageId(id), certain)));
            }
        });
    }

    private void add(int packetId) {
        add(new Received(packetId, null, true));
    }

    /** What is known from the end of the connection is certain. */
    private void add(Received one) {
        received.merge(
                one.packetId(),
                one,
                (before, now) -> new Received(now.packetId(), now.id(), before.stored() || now.stored()));
    }

    private static List<Integer> readIds(String text) {
        List<Integer> packetIds = new ArrayList<>();
        for (String id : text.split(" ", -1)) {
            try {
                packetIds.add(Integer.parseInt(id));
            } catch (NumberFormatException notAnId) {
                continue; // an empty text has none
            }
        }
        return packetIds;
    }
}
