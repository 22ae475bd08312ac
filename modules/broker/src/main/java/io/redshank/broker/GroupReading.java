package io.redshank.broker;

import io.redshank.events.AppendedLookup;
import io.redshank.events.BacklogFetch;
import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessagePage;
import io.redshank.events.TopicPage;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.SharedFilter;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the logs for a shared subscription that is kept: when its owner begins, when no member has room for what is live, and when
 * something has not come. Confined to the owner's event loop.
 */
final class GroupReading {
    /*
     * Why nothing is lost, or dealt out twice by one owner
     *
     * A topic is either live, and then all up to its last message has been dealt out, or on the agenda, or being read; then what is
     * live is let go, for it is in the log, or held while the last page is on its way, and dealt out behind that page. A topic is
     * read behind the last message that was dealt out, or, if this owner has dealt out none, behind its bookmark. Which topics have
     * something above their bookmarks is told by the index of topics; while that is walked, each topic may, and so everything live
     * comes by the agenda. The walk begins when other nodes send what they store from then on.
     */
    private static final Logger log = LoggerFactory.getLogger(GroupReading.class);
    private static final int MOST_LASTS = 20_000;
    private static final int MOST_ON_AGENDA = 10_000;
    private static final int MOST_HELD = 1000;
    private static final int TOPICS_AT_ONCE = 8;
    private static final long RETRY_MILLIS = 1000;
    private static final long NEVER = Long.MAX_VALUE;

    /** One topic that is read. */
    private static final class Open {
        final TopicName topic;
        final Deque<Message> unread = new ArrayDeque<>();
        final Deque<Message> held = new ArrayDeque<>();

        @Nullable
        String cursor;

        boolean fetching;
        boolean more = true;

        Open(TopicName topic) {
            this.topic = topic;
        }
    }

    private final BrokerInstance instance;
    private final ClientId reader;
    private final SharedFilter filter;
    private final MessageId start;
    /** Deals out the next message of its topic; false if that cannot be now. */
    private final Predicate<Message> deal;

    private final Runnable onNews;
    private final Map<TopicName, MessageId> lasts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TopicName, MessageId> eldest) {
            return size() > MOST_LASTS;
        }
    };
    private final Set<TopicName> agenda = new LinkedHashSet<>();
    private final Map<TopicName, Open> open = new LinkedHashMap<>();
    private boolean waitsToBegin;
    private boolean walking;
    private boolean lookingUp;
    private long walkSince;
    private long walkUntil;
    private @Nullable String cursor;
    /** The time of the first message whose topic found no room on the agenda. */
    private long missedMillis = NEVER;

    private boolean ended;

    /**
     * Nothing is read until it {@linkplain #begin begins}.
     *
     * @param onNews what is to be called when there is something to {@linkplain #goOn go on} with
     */
    GroupReading(
            BrokerInstance instance, SharedFilter filter, MessageId start, Predicate<Message> deal, Runnable onNews) {
        this.instance = instance;
        this.filter = filter;
        this.reader = filter.reader();
        this.start = start;
        this.deal = deal;
        this.onNews = onNews;
    }

    /** All topics may have something to be read, from now on until that is found out. */
    void suspectAll() {
        waitsToBegin = true;
    }

    /** Reads what was stored since this time, in milliseconds since 1970, and is above the bookmarks. */
    void begin(long sinceMillis) {
        waitsToBegin = false;
        if (filter.topics().hasWildcard()) {
            walk(sinceMillis);
        } else {
            agenda.add(filter.topics().asTopic());
        }
        onNews.run();
    }

    void end() {
        ended = true;
    }

    /** Whether all is dealt out that was stored, but for what is live. */
    boolean isCalm() {
        return !waitsToBegin && !walking && missedMillis == NEVER && agenda.isEmpty() && open.isEmpty();
    }

    /** The topics of which something was dealt out, as far as it is remembered. */
    Set<TopicName> topics() {
        return lasts.keySet();
    }

    /** Whether a live message comes from its log, or has been dealt out. */
    boolean takes(MessageAccepted live, boolean afterGap) {
        Message message = live.message();
        Open reading = open.get(message.topic());
        if (reading != null) {
            hold(reading, message, afterGap);
            return true;
        }
        if (agenda.contains(message.topic())) {
            return true;
        }
        MessageId last = lasts.get(message.topic());
        if (last != null
                && isComparable(last)
                && isComparable(message.id())
                && !message.id().isAfter(last)) {
            return true;
        }
        boolean unsure = waitsToBegin || walking || missedMillis != NEVER;
        if (unsure || afterGap || live.again()) {
            behind(message);
            return true;
        }
        return false;
    }

    /** A live message was dealt out. */
    void passed(Message message) {
        lasts.put(message.topic(), message.id());
    }

    /** A live message is to come from its log, and those behind it. */
    void behind(Message message) {
        if (agenda.size() < MOST_ON_AGENDA) {
            readAgain(message.topic());
        } else {
            missedMillis = Math.min(missedMillis, WildcardReading.timeOf(message));
        }
    }

    /** Something of a topic may not have come. */
    void readAgain(TopicName topic) {
        Open reading = open.get(topic);
        if (reading == null) {
            agenda.add(topic);
        } else {
            reading.more = true;
        }
        onNews.run();
    }

    private static void hold(Open reading, Message message, boolean afterGap) {
        if (afterGap || reading.held.size() >= MOST_HELD) {
            reading.held.clear();
            reading.more = true;
        } else if (!reading.more || reading.fetching) {
            reading.held.add(message);
        }
    }

    private void walk(long sinceMillis) {
        walking = true;
        cursor = null;
        walkSince = sinceMillis - WildcardReading.MARGIN_MILLIS;
        walkUntil = System.currentTimeMillis() + WildcardReading.MARGIN_MILLIS;
    }

    /** Deals out what is read, as far as that can be, and reads more. */
    void goOn() {
        if (ended || waitsToBegin) {
            return;
        }
        for (Iterator<TopicName> topics = agenda.iterator(); topics.hasNext() && open.size() < TOPICS_AT_ONCE; ) {
            TopicName topic = topics.next();
            topics.remove();
            open.put(topic, new Open(topic));
        }
        for (Open reading : List.copyOf(open.values())) {
            goOn(reading);
        }
        if (agenda.isEmpty() && open.isEmpty() && !lookingUp) {
            if (!walking && missedMillis != NEVER) {
                walk(missedMillis);
                missedMillis = NEVER;
            }
            if (walking) {
                lookUp();
            }
        } else if (!agenda.isEmpty() && open.size() < TOPICS_AT_ONCE) {
            onNews.run();
        }
    }

    private void goOn(Open reading) {
        if (reading.fetching || !dealOut(reading, reading.unread)) {
            return;
        }
        if (reading.more) {
            fetch(reading);
        } else if (dealOut(reading, reading.held) && !reading.more) {
            open.remove(reading.topic);
        }
    }

    /** Answers whether nothing is left of them. */
    private boolean dealOut(Open reading, Deque<Message> messages) {
        for (Message next = messages.peek(); next != null; next = messages.peek()) {
            MessageId last = lasts.get(reading.topic);
            boolean before = last != null
                    && isComparable(last)
                    && isComparable(next.id())
                    && !next.id().isAfter(last);
            if (!before) {
                if (!deal.test(next)) {
                    return false;
                }
                lasts.put(reading.topic, next.id());
            }
            messages.poll();
        }
        return true;
    }

    private void fetch(Open reading) {
        reading.fetching = true;
        reading.held.clear(); // all that came before this is in the page, or behind it
        reading.more = false;
        MessageId last = lasts.get(reading.topic);
        instance.outbox
                .request(
                        EventTypes.BACKLOG_FETCH,
                        Concern.MESSAGES,
                        new BacklogFetch(
                                reader,
                                new Subscription(new TopicFilter(reading.topic.value()), Qos.EXACTLY_ONCE),
                                last == null ? start : last,
                                null,
                                true,
                                reading.cursor))
                .onSuccess(page -> onRead(reading, page))
                .onFailure(failure -> onFailure(reading, failure));
    }

    private void onRead(Open reading, MessagePage page) {
        reading.fetching = false;
        reading.unread.addAll(page.messages());
        reading.cursor = page.cursor();
        reading.more |= page.more();
        onNews.run();
    }

    private void onFailure(Open reading, Throwable failure) {
        log.warn(
                "Stored messages of a shared subscription not read [filter={}, topic={}, cause={}]",
                filter.whole(),
                reading.topic,
                failure.getMessage());
        if (failure instanceof EventFailedException known && known.failure() == EventFailure.REFUSED) {
            onRead(reading, MessagePage.empty());
            return;
        }
        instance.vertx.setTimer(RETRY_MILLIS, again -> {
            reading.fetching = false;
            reading.more = true;
            onNews.run();
        });
    }

    private void lookUp() {
        lookingUp = true;
        instance.outbox
                .request(
                        EventTypes.APPENDED_LOOKUP,
                        Concern.MESSAGES,
                        new AppendedLookup(reader, List.of(filter.topics()), walkSince, walkUntil, cursor))
                .onSuccess(this::onTopics)
                .onFailure(failure -> {
                    log.warn(
                            "Topics of stored messages not read, trying again [filter={}, cause={}]",
                            filter.whole(),
                            failure.getMessage());
                    instance.vertx.setTimer(RETRY_MILLIS, again -> {
                        lookingUp = false;
                        onNews.run();
                    });
                });
    }

    private void onTopics(TopicPage page) {
        lookingUp = false;
        cursor = page.cursor();
        walking = cursor != null;
        agenda.addAll(page.topics());
        onNews.run();
    }

    private static boolean isComparable(MessageId id) {
        return id.value().length() == MessageId.LENGTH;
    }
}
