package io.redshank.app.config;

/**
 * What is published to {@code $delayed/<seconds>/<topic>}.
 *
 * @param enabled whether that is published later, rather than at once to a topic of this very name
 * @param maxMessages how many messages may wait at a time
 */
public record DelayedConfig(boolean enabled, int maxMessages) {
    static DelayedConfig from(Section delayed) {
        try (delayed) {
            return new DelayedConfig(
                    delayed.flag("enabled", true), delayed.number("max_messages", 1, 100_000_000, 100_000));
        }
    }
}
