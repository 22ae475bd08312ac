package io.redshank.events;

import java.util.List;

/** All that is counted, named once. Names are those that dashboards know from EMQX, as far as it counts the same. */
public enum Count {
    /** Bytes of MQTT packets, without TLS and WebSocket around them. */
    BYTES_RECEIVED(1, "bytes.received", Kind.TOTAL),
    BYTES_SENT(2, "bytes.sent", Kind.TOTAL),
    /** Payload bytes of PUBLISH packets. */
    PAYLOAD_RECEIVED(3, "payload.received", Kind.TOTAL),
    PAYLOAD_SENT(4, "payload.sent", Kind.TOTAL),
    /** Messages that found no place on the way to a client. */
    MESSAGES_DROPPED(5, "messages.dropped", Kind.TOTAL),
    /** Connections opened, whether or not a CONNECT followed. */
    SOCKETS_OPENED(6, "sockets.opened", Kind.TOTAL),
    /** Sessions that ended because their time was over. */
    SESSIONS_EXPIRED(7, "session.expired", Kind.TOTAL),
    /** Clients that are connected. */
    CONNECTIONS(8, "connections", Kind.LEVEL),
    /** Sessions in Redis that have no connection, and a time at which they end. */
    SESSIONS_DISCONNECTED(9, "sessions.disconnected", Kind.SHARED_LEVEL),
    /** Subscriptions of connected clients, without shared ones. */
    SUBSCRIPTIONS(10, "subscriptions", Kind.LEVEL),
    /** Messages sent to clients that have not acknowledged them. */
    INFLIGHT(11, "inflight", Kind.LEVEL),
    /** Retained messages in Redis. */
    RETAINED(12, "retained", Kind.SHARED_LEVEL),
    /** Bytes of the heap in use. */
    HEAP_USED(13, "heap.used", Kind.LEVEL),
    /** Shared subscriptions of connected clients: as many as clients have, not as there are groups. */
    SHARED_SUBSCRIPTIONS(14, "subscriptions.shared", Kind.LEVEL),
    /** Bookmarks that were not in their log any more when it was read, so that reading began at the oldest message above. */
    BOOKMARKS_MISSING(15, "bookmarks.missing", Kind.TOTAL),
    /** Those of them that said nothing of their place either, so that all of the log was read. */
    BOOKMARKS_LOST(16, "bookmarks.lost", Kind.TOTAL),
    /** Messages of logs that were behind a bookmark and too many, or too old, to be given to its client. */
    BACKLOG_SKIPPED(17, "backlog.skipped", Kind.TOTAL),
    /** Messages that were taken out of logs that had more than they may have. */
    TRIMMED(18, "messages.trimmed", Kind.TOTAL),
    /** Broadcasts of this node that a node, or of any node that a listener on this one, was too slow to take. */
    BROADCASTS_LOST(19, "broadcasts.lost", Kind.TOTAL),

    CONNECT_RECEIVED(Codes.RECEIVED | 1, "packets.connect.received", Kind.TOTAL),
    PUBLISH_RECEIVED(Codes.RECEIVED | 3, "packets.publish.received", Kind.TOTAL),
    PUBACK_RECEIVED(Codes.RECEIVED | 4, "packets.puback.received", Kind.TOTAL),
    PUBREC_RECEIVED(Codes.RECEIVED | 5, "packets.pubrec.received", Kind.TOTAL),
    PUBREL_RECEIVED(Codes.RECEIVED | 6, "packets.pubrel.received", Kind.TOTAL),
    PUBCOMP_RECEIVED(Codes.RECEIVED | 7, "packets.pubcomp.received", Kind.TOTAL),
    SUBSCRIBE_RECEIVED(Codes.RECEIVED | 8, "packets.subscribe.received", Kind.TOTAL),
    UNSUBSCRIBE_RECEIVED(Codes.RECEIVED | 10, "packets.unsubscribe.received", Kind.TOTAL),
    PINGREQ_RECEIVED(Codes.RECEIVED | 12, "packets.pingreq.received", Kind.TOTAL),
    DISCONNECT_RECEIVED(Codes.RECEIVED | 14, "packets.disconnect.received", Kind.TOTAL),
    AUTH_RECEIVED(Codes.RECEIVED | 15, "packets.auth.received", Kind.TOTAL),

    CONNACK_SENT(Codes.SENT | 2, "packets.connack.sent", Kind.TOTAL),
    PUBLISH_SENT(Codes.SENT | 3, "packets.publish.sent", Kind.TOTAL),
    PUBACK_SENT(Codes.SENT | 4, "packets.puback.sent", Kind.TOTAL),
    PUBREC_SENT(Codes.SENT | 5, "packets.pubrec.sent", Kind.TOTAL),
    PUBREL_SENT(Codes.SENT | 6, "packets.pubrel.sent", Kind.TOTAL),
    PUBCOMP_SENT(Codes.SENT | 7, "packets.pubcomp.sent", Kind.TOTAL),
    SUBACK_SENT(Codes.SENT | 9, "packets.suback.sent", Kind.TOTAL),
    UNSUBACK_SENT(Codes.SENT | 11, "packets.unsuback.sent", Kind.TOTAL),
    PINGRESP_SENT(Codes.SENT | 13, "packets.pingresp.sent", Kind.TOTAL),
    DISCONNECT_SENT(Codes.SENT | 14, "packets.disconnect.sent", Kind.TOTAL),
    AUTH_SENT(Codes.SENT | 15, "packets.auth.sent", Kind.TOTAL);

    /** How codes are given. */
    public static final class Codes {
        /** Added to the number of a packet type, it gives the code for packets of that type received. */
        public static final int RECEIVED = 0x20;

        /** The same for packets sent. */
        public static final int SENT = 0x30;

        /** One more than the highest code. */
        public static final int END = 0x40;

        private Codes() {}
    }

    /** How a count is to be read, and joined with those of others. */
    public enum Kind {
        /** Only rises, from 0 at the start of a node; those of all that count are added up. */
        TOTAL,
        /** How much there is now; those of all that count are added up. */
        LEVEL,
        /** How much there is now in what all nodes share: whoever counts it, counts the same. */
        SHARED_LEVEL
    }

    private static final List<Count> ALL = List.of(values());
    private static final List<Count> ALL_RECEIVED = between(Codes.RECEIVED, Codes.SENT);
    private static final List<Count> ALL_SENT = between(Codes.SENT, Codes.END);

    private final int code;
    private final String label;
    private final Kind kind;

    Count(int code, String label, Kind kind) {
        this.code = code;
        this.label = label;
        this.kind = kind;
    }

    /** The number on the wire, from 1 to {@link Codes#END} - 1; never used again for another count. */
    public int code() {
        return code;
    }

    /** The name in metrics, with dots. */
    public String label() {
        return label;
    }

    /** How to read it. */
    public Kind kind() {
        return kind;
    }

    /** The counts of packets that clients send, one for each type. */
    public static List<Count> packetsReceived() {
        return ALL_RECEIVED;
    }

    /** The counts of packets that clients are sent, one for each type. */
    public static List<Count> packetsSent() {
        return ALL_SENT;
    }

    static Count of(int code) {
        return ALL.stream()
                .filter(count -> count.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown count " + code));
    }

    private static List<Count> between(int least, int end) {
        return ALL.stream()
                .filter(count -> count.code >= least && count.code < end)
                .toList();
    }
}
