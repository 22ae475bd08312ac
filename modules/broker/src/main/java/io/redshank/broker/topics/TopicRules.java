package io.redshank.broker.topics;

import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All rules about topics.
 *
 * @param rewrites in the order of the configuration
 * @param automatic what each client is subscribed to
 * @param refused what nobody may subscribe to
 */
public record TopicRules(List<RewriteRule> rewrites, List<AutoSubscription> automatic, List<TopicFilter> refused) {
    /** No rules. */
    public static final TopicRules NONE = new TopicRules(List.of(), List.of(), List.of());

    private static final Logger log = LoggerFactory.getLogger(TopicRules.class);

    /** Keeps copies of the lists. */
    public TopicRules {
        rewrites = List.copyOf(rewrites);
        automatic = List.copyOf(automatic);
        refused = List.copyOf(refused);
    }

    /** Whether nobody may subscribe to this filter: all that it matches is refused. */
    public boolean refuses(TopicFilter filter) {
        return !refused.isEmpty() && refused.stream().anyMatch(rule -> rule.covers(filter));
    }

    /** What this client is subscribed to without asking. */
    public List<Subscription> automaticFor(ClientId client, @Nullable String username) {
        List<Subscription> subscriptions = new ArrayList<>(automatic.size());
        for (AutoSubscription rule : automatic) {
            if (!rule.isFor(username)) {
                log.debug("Not subscribed for want of a user name [client={}, topic={}]", client, rule.topic());
                continue;
            }
            try {
                subscriptions.add(rule.of(client, username));
            } catch (MalformedMqttException malformed) {
                log.debug(
                        "Not subscribed [client={}, topic={}, cause={}]", client, rule.topic(), malformed.getMessage());
            }
        }
        return subscriptions;
    }
}
