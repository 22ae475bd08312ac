package io.redshank.connections;

import io.redshank.model.ClientId;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * What we publish on the channel when a device subscribes or unsubscribes. It has the form of a command, as the layout has it,
 * so it ends with a tab, which a JSON parser skips, and by which every node knows it for a notice.
 */
record Notice(String text) {
    private static final String MARK = "\t";

    static Notice ofSubscribed(ClientId client, Subscription subscription) {
        return of(form("subscribe", subscription.filter(), client)
                .put("qos", subscription.qos().level()));
    }

    static Notice ofUnsubscribed(ClientId client, TopicFilter filter) {
        return of(form("unsubscribe", filter, client));
    }

    /** Whether a message on the channel is a notice of ours, or of another node. */
    static boolean isOne(Buffer message) {
        return message.length() > 0 && message.getByte(message.length() - 1) == '\t';
    }

    private static Notice of(JsonObject form) {
        return new Notice(form.encode() + MARK);
    }

    private static JsonObject form(String type, TopicFilter filter, ClientId client) {
        return new JsonObject().put("type", type).put("topic", filter.value()).put("clientid", client.value());
    }
}
