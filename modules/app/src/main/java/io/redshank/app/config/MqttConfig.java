package io.redshank.app.config;

import io.redshank.broker.ClientLimits;
import io.redshank.broker.SharedOptions;
import io.redshank.broker.SharedStrategy;
import io.redshank.broker.topics.TopicRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where MQTT clients are served, who may come, and what is kept for one of them at most.
 *
 * @param login who may log in
 * @param anonymous where clients without credentials are let in
 * @param limits what clients may do and cost at a listener that does not say otherwise
 * @param shared shared and exclusive subscriptions
 * @param maxRetainedMessages how many topics may have a retained message; 0 for any number
 * @param topics the rules about topics
 * @param sysInterval how often what is said under {@code $SYS} is brought up to date; zero: nothing is said there
 */
public record MqttConfig(
        List<ListenerConfig> listeners,
        LoginConfig login,
        AnonymousAccess anonymous,
        ClientLimits limits,
        SharedOptions shared,
        DelayedConfig delayed,
        int maxRetainedMessages,
        TopicRules topics,
        Duration sysInterval) {
    private static final Map<String, SharedStrategy> STRATEGIES = Stream.of(SharedStrategy.values())
            .collect(Collectors.toMap(strategy -> strategy.name().toLowerCase(Locale.ROOT), strategy -> strategy));

    public MqttConfig {
        listeners = List.copyOf(listeners);
    }

    static MqttConfig from(Section mqtt) {
        try (mqtt) {
            LoginConfig login = LoginConfig.from(mqtt);
            AnonymousAccess anonymous = AnonymousAccess.from(mqtt, login);
            ClientLimits common = LimitsReader.read(mqtt, ClientLimits.STANDARD);
            return new MqttConfig(
                    listeners(mqtt, common, listener -> login.isChecked() || anonymous.isAt(listener)),
                    login,
                    anonymous,
                    common,
                    shared(mqtt),
                    DelayedConfig.from(mqtt.section("delayed")),
                    mqtt.number("max_retained_messages", 0, Integer.MAX_VALUE, 0),
                    TopicRulesReader.read(mqtt.section("topics")),
                    mqtt.duration("sys_interval", Duration.ZERO, Duration.ofDays(1), Duration.ofSeconds(10)));
        }
    }

    private static SharedOptions shared(Section mqtt) {
        boolean exclusive = mqtt.flag("exclusive_subscriptions", true);
        try (Section shared = mqtt.section("shared_subscriptions")) {
            return new SharedOptions(
                    shared.flag("enabled", true),
                    shared.oneOf("strategy", STRATEGIES, SharedStrategy.ROUND_ROBIN),
                    exclusive);
        }
    }

    private static List<ListenerConfig> listeners(
            Section mqtt, ClientLimits common, Predicate<ListenerConfig> mayBeServed) {
        List<ListenerConfig> listeners = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Section section : mqtt.sections("listeners")) {
            ListenerConfig listener = ListenerConfig.from(section, common);
            if (!mayBeServed.test(listener)) {
                section.refuse(
                        "host",
                        "a loopback address, or any address with users or \"allow_anonymous\": true under mqtt");
            }
            if (listener.port() != 0 && !taken.add(listener.host() + " " + listener.port())) {
                String again = listener.uri() + " again";
                mqtt.problems().add(section.path(), again, "each address and port once");
            }
            listeners.add(listener);
        }
        return listeners;
    }
}
