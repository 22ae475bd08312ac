package io.redshank.connections;

import io.redshank.events.SessionMemory;
import io.redshank.model.ClientId;
import io.redshank.model.ExclusiveFilter;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.MessageId;
import io.redshank.model.SharedFilter;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import io.redshank.redis.SessionFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's hash as it was read: {@code created_at}, {@code expiry}, {@code node}, {@code connected}, {@code due} while it is
 * not connected and will end, {@code will} and {@code will_due} if it has left one, a field {@code sub:…} for each subscription
 * that the client itself made with, where there is something to say, {@code options:…} and {@code start:…}, and what it
 * remembers: {@code caught_up}, {@code out}, {@code in}.
 *
 * @param fields the hash; empty if there is none
 */
record StoredSession(ClientId client, Map<String, String> fields) {
    private static final Logger log = LoggerFactory.getLogger(StoredSession.class);

    static final String CREATED_AT = SessionFields.CREATED_AT;
    static final String EXPIRY = SessionFields.EXPIRY;
    static final String NODE = SessionFields.NODE;
    /** Since when a connection holds it, in milliseconds since 1970; 0 if none does. */
    static final String CONNECTED = SessionFields.CONNECTED;

    static final String DUE = SessionFields.DUE;
    /** The id of the will that the client has left, and when that is due. */
    static final String WILL = SessionFields.WILL;

    static final String WILL_DUE = SessionFields.WILL_DUE;
    /** The time of {@link SessionMemory#caughtUpMillis}. */
    static final String CAUGHT_UP = SessionFields.CAUGHT_UP;
    /** What is underway to the client, as {@link UnderwayText} writes it. */
    static final String OUT = SessionFields.OUT;
    /** The packet ids of {@link SessionMemory#inbound}, with spaces in between. */
    static final String IN = SessionFields.IN;

    private static final String OWN = SessionFields.OWN;
    private static final String OPTIONS = SessionFields.OPTIONS;
    private static final String START = SessionFields.START;

    /** The field that says that the client itself has asked for this filter. */
    static String own(String filter) {
        return OWN + filter;
    }

    /** The field that says what the client asked for beside filter and quality; absent if nothing. */
    static String options(String filter) {
        return OPTIONS + filter;
    }

    /** The field that says up to which id a subscription has nothing to do with what is stored. */
    static String start(String filter) {
        return START + filter;
    }

    /** Whether there is a session to come back to, at this time in milliseconds since 1970. */
    boolean isAlive(long millis) {
        // What lacks this field is what a late write has left behind of a session that was lost: nothing to promise on.
        return fields.containsKey(CREATED_AT) && millis < dueMillis();
    }

    /** Whether a connection holds it, as far as Redis knows. */
    boolean isConnected() {
        return !fields.getOrDefault(CONNECTED, "0").equals("0");
    }

    /** When it ends, in milliseconds since 1970; never, while it is connected. */
    long dueMillis() {
        return millis(DUE);
    }

    /** The will that the client has left, which may be published by now; null if it has left none. */
    @Nullable
    MessageId will() {
        String id = fields.getOrDefault(WILL, "");
        return id.isEmpty() ? null : new MessageId(id);
    }

    /** When the will is due, in milliseconds since 1970. */
    long willDueMillis() {
        return millis(WILL_DUE);
    }

    /** The filters that the client itself has asked for, and the quality of each, as written. */
    Map<String, String> ownSubscriptions() {
        Map<String, String> own = new TreeMap<>();
        fields.forEach((field, value) -> {
            if (field.startsWith(OWN)) {
                own.put(field.substring(OWN.length()), value);
            }
        });
        return own;
    }

    /** What the client asked for beside filter and quality. */
    SubscriptionOptions optionsOf(TopicFilter filter) {
        String text = fields.get(options(filter.value()));
        return text == null ? SubscriptionOptions.DEFAULT : OptionsText.read(text);
    }

    /** The starts of subscriptions. */
    Map<TopicFilter, MessageId> starts() {
        Map<TopicFilter, MessageId> starts = new HashMap<>();
        fields.forEach((field, id) -> {
            if (field.startsWith(START) && !id.isEmpty()) {
                try {
                    starts.put(new TopicFilter(field.substring(START.length())), new MessageId(id));
                } catch (MalformedMqttException damaged) {
                    log.warn("Start of a subscription not readable [client={}, field={}]", client, field);
                }
            }
        });
        return starts;
    }

    /** Up to when everything stored has been sent, in milliseconds since 1970; 0 if that is not known. */
    long caughtUpMillis() {
        long caughtUp = millis(CAUGHT_UP);
        return caughtUp == Long.MAX_VALUE ? 0 : caughtUp;
    }

    private long millis(String field) {
        String millis = fields.get(field);
        try {
            return millis == null ? Long.MAX_VALUE : Long.parseLong(millis);
        } catch (NumberFormatException damaged) {
            return Long.MAX_VALUE;
        }
    }

    /** Those of its own filters that name one topic, and so have a bookmark. */
    List<TopicFilter> ownTopics() {
        return own(StoredSession::topicOf);
    }

    /** What its own filters that no other client may have match. */
    List<TopicFilter> ownExclusives() {
        return own(filter ->
                ExclusiveFilter.isOne(filter) ? ExclusiveFilter.of(filter).topics() : null);
    }

    /** Those of its own filters that it shares with others. */
    List<SharedFilter> ownShares() {
        return own(filter -> SharedFilter.isOne(filter) ? SharedFilter.of(filter) : null);
    }

    private static @Nullable TopicFilter topicOf(TopicFilter filter) {
        if (SharedFilter.isOne(filter)) {
            return null;
        }
        TopicFilter topics =
                ExclusiveFilter.isOne(filter) ? ExclusiveFilter.of(filter).topics() : filter;
        return topics.hasWildcard() ? null : topics;
    }

    private <T> List<T> own(Function<TopicFilter, @Nullable T> part) {
        List<T> parts = new ArrayList<>();
        for (String own : ownSubscriptions().keySet()) {
            try {
                T found = part.apply(new TopicFilter(own));
                if (found != null) {
                    parts.add(found);
                }
            } catch (MalformedMqttException damaged) {
                continue; // it was never granted
            }
        }
        return parts;
    }
}
