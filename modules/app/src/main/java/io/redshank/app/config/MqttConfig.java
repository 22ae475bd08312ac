package io.redshank.app.config;

import io.redshank.broker.topics.TopicRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where MQTT clients are served, who may come, and what is kept for one of them at most.
 *
 * @param anonymous where clients without credentials are let in
 * @param sessionExpiry how long a persisting session of MQTT 3.x is kept after its client has gone
 * @param maxInflight how many QoS 1 and 2 messages may be on their way to one client
 * @param maxQueuedMessages how many messages wait in memory for one connected client
 * @param maxQueuedBytes how many bytes they may have together
 * @param topics the rules about topics
 */
public record MqttConfig(
        List<ListenerConfig> listeners,
        AnonymousAccess anonymous,
        Duration sessionExpiry,
        int maxInflight,
        int maxQueuedMessages,
        long maxQueuedBytes,
        TopicRules topics) {
    private static final int MOST_IN_FLIGHT = 65_535;

    public MqttConfig {
        listeners = List.copyOf(listeners);
    }

    static MqttConfig from(Section mqtt) {
        try (mqtt) {
            AnonymousAccess anonymous = AnonymousAccess.from(mqtt);
            return new MqttConfig(
                    listeners(mqtt, anonymous),
                    anonymous,
                    mqtt.duration("session_expiry", Duration.ZERO, Duration.ofDays(3650), Duration.ofDays(30)),
                    mqtt.number("max_inflight", 1, MOST_IN_FLIGHT, 512),
                    mqtt.number("max_queued_messages", 1, 10_000_000, 10_000),
                    mqtt.size("max_queued_bytes", 1 << 10, 1L << 40, 16L << 20),
                    TopicRulesReader.read(mqtt.section("topics")));
        }
    }

    private static List<ListenerConfig> listeners(Section mqtt, AnonymousAccess anonymous) {
        List<ListenerConfig> listeners = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Section section : mqtt.sections("listeners")) {
            ListenerConfig listener = ListenerConfig.from(section);
            if (anonymous == AnonymousAccess.LOOPBACK && !listener.isLoopback()) {
                section.refuse(
                        "host",
                        "a loopback address, or any address with \"allow_anonymous\": true under mqtt"
                                + " (this version has no authentication)");
            }
            if (listener.port() != 0 && !taken.add(listener.uri())) {
                String again = listener.uri() + " again";
                mqtt.problems().add(section.path(), again, "each address and port once");
            }
            listeners.add(listener);
        }
        return listeners;
    }
}
