package io.redshank.hooks;

import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the hook table.
 *
 * @param path where it stands in the configuration, for error lines and counters
 * @param topic the topics it is for; null for all
 * @param pool the name of the Redis pool it works on
 * @param expiredSeconds how long what it stores is kept; always above 0
 * @param fetch how much it reads, if it reads logs
 * @param retention how much it lets logs hold, if it writes them
 */
public record HookEntry(
        String path,
        Hook hook,
        @Nullable TopicFilter topic,
        Action action,
        String pool,
        long expiredSeconds,
        FetchRules fetch,
        Retention retention) {
    public HookEntry {
        if (expiredSeconds <= 0) {
            throw new IllegalArgumentException(path + ": expired_time must be above 0, was " + expiredSeconds);
        }
    }

    /** One that says nothing special. */
    public HookEntry(
            String path, Hook hook, @Nullable TopicFilter topic, Action action, String pool, long expiredSeconds) {
        this(path, hook, topic, action, pool, expiredSeconds, FetchRules.PLAIN, Retention.UNLIMITED);
    }

    /** Whether this entry is for messages on this topic. */
    public boolean appliesTo(TopicName name) {
        return topic == null || topic.matches(name);
    }

    /** Whether this entry is for all that this subscription asks for. */
    public boolean appliesTo(TopicFilter subscription) {
        return topic == null || topic.covers(subscription);
    }

    /** Whether it does this. */
    public boolean does(BackendFunction function) {
        return action instanceof FunctionAction known && known.function() == function;
    }
}
