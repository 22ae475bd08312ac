package io.redshank.app.config;

import io.redshank.broker.ClientLimits;
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
 * @param limits what clients may do and cost at a listener that does not say otherwise
 * @param maxRetainedMessages how many topics may have a retained message; 0 for any number
 * @param topics the rules about topics
 * @param sysInterval how often what is said under {@code $SYS} is brought up to date; zero: nothing is said there
 */
public record MqttConfig(
        List<ListenerConfig> listeners,
        AnonymousAccess anonymous,
        ClientLimits limits,
        int maxRetainedMessages,
        TopicRules topics,
        Duration sysInterval) {
    public MqttConfig {
        listeners = List.copyOf(listeners);
    }

    static MqttConfig from(Section mqtt) {
        try (mqtt) {
            AnonymousAccess anonymous = AnonymousAccess.from(mqtt);
            ClientLimits common = LimitsReader.read(mqtt, ClientLimits.STANDARD);
            return new MqttConfig(
                    listeners(mqtt, anonymous, common),
                    anonymous,
                    common,
                    mqtt.number("max_retained_messages", 0, Integer.MAX_VALUE, 0),
                    TopicRulesReader.read(mqtt.section("topics")),
                    mqtt.duration("sys_interval", Duration.ZERO, Duration.ofDays(1), Duration.ofSeconds(10)));
        }
    }

    private static List<ListenerConfig> listeners(Section mqtt, AnonymousAccess anonymous, ClientLimits common) {
        List<ListenerConfig> listeners = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Section section : mqtt.sections("listeners")) {
            ListenerConfig listener = ListenerConfig.from(section, common);
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
