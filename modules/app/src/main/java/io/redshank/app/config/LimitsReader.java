package io.redshank.app.config;

import io.redshank.broker.ClientLimits;
import io.redshank.broker.InboundLimits;
import io.redshank.broker.OutboundLimits;
import io.redshank.broker.OutboundLimits.WhenFull;
import io.redshank.broker.PacketLimits;
import io.redshank.broker.SessionLimits;
import java.time.Duration;
import java.util.Map;

/**
 * Reads what clients may do and cost. The same keys stand under {@code mqtt}, for all listeners, and in a listener, which then has
 * its own value.
 */
final class LimitsReader {
    private static final int LEAST_PACKET = 128;
    private static final int MOST_PACKET = 268_435_460; // 256 MiB less a byte behind the longest fixed header
    private static final int LEAST_CLIENT_ID = 23; // what every server must take [MQTT-3.1.3-5]
    private static final int MOST = 65_535;
    private static final int MOST_LEVELS = 128;
    private static final Duration TEN_YEARS = Duration.ofDays(3650);
    private static final Map<String, WhenFull> WHEN_FULL = Map.of(
            "drop_newest", WhenFull.DROP_NEWEST,
            "drop_oldest", WhenFull.DROP_OLDEST,
            "disconnect", WhenFull.DISCONNECT);

    private LimitsReader() {}

    static ClientLimits read(Section from, ClientLimits otherwise) {
        return new ClientLimits(
                packets(from, otherwise.packets()),
                inbound(from, otherwise.inbound()),
                outbound(from, otherwise.outbound()),
                sessions(from, otherwise.sessions()));
    }

    private static PacketLimits packets(Section from, PacketLimits otherwise) {
        return new PacketLimits(
                (int) from.size("max_packet_size", LEAST_PACKET, MOST_PACKET, otherwise.maxPacketSize()),
                from.number("max_client_id_length", LEAST_CLIENT_ID, MOST, otherwise.maxClientIdLength()),
                from.number("max_topic_length", 1, MOST, otherwise.maxTopicLength()),
                from.number("max_topic_levels", 1, MOST_LEVELS, otherwise.maxTopicLevels()),
                from.flag("validate_payload_format", otherwise.payloadFormatChecked()));
    }

    private static InboundLimits inbound(Section from, InboundLimits otherwise) {
        return new InboundLimits(
                from.number("receive_maximum", 1, MOST, otherwise.receiveMaximum()),
                from.number("topic_alias_maximum", 0, MOST, otherwise.topicAliasMaximum()),
                from.number("max_publish_rate", 0, Integer.MAX_VALUE, otherwise.messagesPerSecond()),
                from.size("max_publish_bytes_rate", 0, 1L << 40, otherwise.bytesPerSecond()),
                (int) from.size("max_retained_size", 0, Integer.MAX_VALUE, otherwise.maxRetainedSize()));
    }

    private static OutboundLimits outbound(Section from, OutboundLimits otherwise) {
        return new OutboundLimits(
                from.number("max_inflight", 1, MOST, otherwise.maxInflight()),
                from.number("max_queued_messages", 1, 10_000_000, otherwise.maxQueuedMessages()),
                from.size("max_queued_bytes", 1 << 10, 1L << 40, otherwise.maxQueuedBytes()),
                from.oneOf("when_queue_full", WHEN_FULL, otherwise.whenFull()));
    }

    private static SessionLimits sessions(Section from, SessionLimits otherwise) {
        return new SessionLimits(
                seconds(from, "session_expiry", TEN_YEARS, otherwise.expirySeconds()),
                seconds(from, "max_session_expiry", TEN_YEARS, otherwise.maxExpirySeconds()),
                from.number("max_subscriptions", 1, 1_000_000, otherwise.maxSubscriptions()),
                (int) seconds(from, "max_keep_alive", Duration.ofSeconds(MOST), otherwise.maxKeepAliveSeconds()));
    }

    private static long seconds(Section from, String key, Duration most, long otherwise) {
        return from.duration(key, Duration.ZERO, most, Duration.ofSeconds(otherwise))
                .toSeconds();
    }
}
