package io.redshank.broker.topics;

import com.google.re2j.Matcher;
import io.redshank.model.ClientId;
import io.redshank.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * Puts other topics in the place of those that match.
 *
 * @param action which packets it is for
 * @param source the topics that it is for
 * @param match what such a topic must look like; if it does not, it stays as it is
 * @param to what it becomes
 */
public record RewriteRule(Action action, TopicFilter source, TopicPattern match, TopicTemplate to) {
    /** Which packets a rule is for. */
    public enum Action {
        /** PUBLISH, and the will in CONNECT. */
        PUBLISH,
        /** SUBSCRIBE and UNSUBSCRIBE. */
        SUBSCRIBE,
        /** All of them. */
        ALL
    }

    /** Rejects a target with a wildcard for what is published. */
    public RewriteRule {
        if (action != Action.SUBSCRIBE && to.hasWildcard()) {
            throw new InvalidRuleException("a wildcard is for the action subscribe only");
        }
    }

    boolean isFor(Action wanted) {
        return action == wanted || action == Action.ALL;
    }

    /** Whether this rule decides on the topic for a client of this user name. */
    boolean takes(TopicFilter topic, @Nullable String username) {
        boolean nameless = username == null || username.isEmpty();
        return source.covers(topic) && !(nameless && to.namesTheUser());
    }

    /** What becomes of a topic that it takes. */
    String applied(String topic, ClientId client, @Nullable String username) {
        Matcher found = match.find(topic);
        return found == null ? topic : to.filled(client, username, found::group);
    }
}
