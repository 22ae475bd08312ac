package io.redshank.broker;

import io.redshank.events.AcksAwaited;
import io.redshank.events.Answer;
import io.redshank.events.AppendedLookup;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.TopicPage;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the subscriptions with wildcards of a session that persists what the logs hold for them: at its resume, and when its
 * client is too slow for what is live. Confined to the connection's event loop.
 */
final class WildcardReading {
    /*
     * Why nothing is lost or doubled, in bounded memory
     *
     * Which topics there are to read is told by an index of topics by the time of their last append. While it is walked, from the
     * time up to which the session is known to have everything, any topic may have something older than what is live. So a
     * live message then only puts its topic on the agenda, and comes from the log; so does one that finds no place in the
     * client's queue. The subscriptions are live before the index is read, so a topic that moves in the index while that is
     * walked, in whatever direction, is on the agenda anyway. If the agenda has no room, the walk begins again from that message's
     * time when it is through.
     *
     * A topic may be read any number of times: reading begins at its bookmark, once all acknowledgements are written, and skips
     * what is sent, or waits to be, and not behind the bookmark (AckOrder). From before the first page on, CatchUp holds what is
     * live. A few topics are read at once.
     */
    private static final Logger log = LoggerFactory.getLogger(WildcardReading.class);
    /** How far the clocks of nodes may be apart, and the bus behind. */
    static final long MARGIN_MILLIS = 10_000;

    private static final int MAX_AGENDA = 1000;
    private static final int TOPICS_AT_ONCE = 10;
    private static final long RETRY_MILLIS = 1000;
    private static final long NEVER = Long.MAX_VALUE;

    private final Session session;
    private final BrokerInstance instance;
    private final CatchUps catchUps;
    /** Each subscription with wildcards that gets what logs hold, and behind which id. */
    private final Map<TopicFilter, MessageId> starts = new HashMap<>();
    /** Topics that have to be read. */
    private final Set<TopicName> agenda = new LinkedHashSet<>();

    private boolean walking;
    private long walkSince;
    private long walkUntil;
    private @Nullable String cursor;
    /** The time of the first message whose topic found no room on the agenda. */
    private long missedMillis = NEVER;

    /** Up to when everything had been sent when the connection began. */
    private long resumedSince = System.currentTimeMillis();

    private boolean atWork;
    /** Up to when everything has been sent, while there is something to read. */
    private long behindSince;

    WildcardReading(Session session, BrokerInstance instance, CatchUps catchUps) {
        this.session = session;
        this.instance = instance;
        this.catchUps = catchUps;
    }

    /** A subscription with wildcards gets what is stored behind this id. */
    void started(TopicFilter filter, MessageId start) {
        starts.put(filter, start);
    }

    /** A subscription has ended, or gets nothing from logs any more. */
    void ended(TopicFilter filter) {
        if (starts.remove(filter) != null) {
            catchUps.stopUnwanted();
        }
    }

    /**
     * Reads all that was stored since this time, in milliseconds since 1970: once other nodes send what is published from then on, for
     * what they store before that comes from the log only.
     */
    void resume(long sinceMillis) {
        if (starts.isEmpty()) {
            return;
        }
        resumedSince = sinceMillis;
        behindSince = sinceMillis;
        atWork = true;
        walk(sinceMillis);
        Future.join(starts.keySet().stream().map(instance.wanted::known).toList())
                .onComplete(sent -> {
                    walk(sinceMillis);
                    session.outbound().whenRoom(this::step);
                });
    }

    /** Whether nothing is to be read. */
    boolean isCalm() {
        return !atWork;
    }

    /** Up to when the client has everything that was stored, in milliseconds since 1970, if this is underway at this time. */
    long caughtUp(long nowMillis, List<Underway> underway) {
        long caughtUp = atWork ? behindSince : nowMillis;
        for (Underway one : underway) {
            if (one.logged() && one.stage() == Underway.Stage.SENT) { // should Redis forget that it is underway
                long micros = MessageClock.microsOf(one.id());
                caughtUp = Math.min(caughtUp, micros < 0 ? resumedSince : micros / 1000);
            }
        }
        return caughtUp;
    }

    /** Whether a live message, of a topic that is not being read, will come from its log. */
    boolean takes(Message message, Granted granted) {
        boolean suspect = walking || missedMillis != NEVER;
        if (!granted.qos().isAcknowledged() || !suspect && !agenda.contains(message.topic())) {
            return false;
        }
        if (startFor(message.topic()) == null) {
            return false; // read for a subscription of the very topic
        }
        note(message);
        return true;
    }

    /** A message from a log found no place in the client's queue. Answers whether it will be read from there again. */
    boolean readsAgain(Message message) {
        if (startFor(message.topic()) == null) {
            return false;
        }
        if (!atWork) {
            behindSince = timeOf(message);
        }
        catchUps.stop(message.topic());
        note(message);
        goOn();
        return true;
    }

    /** Messages of a topic behind this one have not come live. */
    void readBehind(TopicName topic, MessageId last) {
        if (startFor(topic) == null) {
            return;
        }
        if (!atWork) {
            long micros = MessageClock.microsOf(last);
            behindSince = micros < 0 ? resumedSince : micros / 1000;
        }
        if (agenda.size() < MAX_AGENDA) {
            if (walking || missedMillis != NEVER || agenda.contains(topic)) {
                catchUps.stopToReadAgain(topic);
            } else {
                catchUps.stopToReadOn(topic, last);
            }
            agenda.add(topic);
        } else {
            catchUps.stop(topic);
            missedMillis = Math.min(missedMillis, behindSince);
        }
        goOn();
    }

    /** Reads a topic from its bookmark, what has been sent left out; what comes live until then waits, or the bookmark would pass what is read. */
    void readAgain(TopicName topic) {
        if (startFor(topic) != null) {
            catchUps.stopToReadAgain(topic);
            takeOver(topic);
        }
    }

    /** Puts a topic on the agenda that a subscription of its own was read for until now. */
    void takeOver(TopicName topic) {
        if (startFor(topic) != null) {
            behindSince = atWork ? behindSince : resumedSince;
            agenda.add(topic);
            goOn();
        }
    }

    /** The time by which a message was stored, or earlier, in milliseconds since 1970. */
    static long timeOf(Message message) {
        long micros = MessageClock.microsOf(message.id());
        return micros < 0 ? message.millis() : micros / 1000;
    }

    private void note(Message message) {
        if (agenda.size() < MAX_AGENDA) {
            agenda.add(message.topic());
        } else if (!agenda.contains(message.topic())) {
            missedMillis = Math.min(missedMillis, timeOf(message));
        }
    }

    /** The earliest start of those that match; null if none does, or if the topic has a subscription of its own that is read. */
    private @Nullable MessageId startFor(TopicName topic) {
        Granted exact = session.subscription(new TopicFilter(topic.value()));
        if (exact != null && instance.readsLog(session, exact)) {
            return null;
        }
        MessageId earliest = null;
        for (Map.Entry<TopicFilter, MessageId> start : starts.entrySet()) {
            if (start.getKey().matches(topic) && (earliest == null || earliest.isAfter(start.getValue()))) {
                earliest = start.getValue();
            }
        }
        return earliest;
    }

    private void walk(long sinceMillis) {
        walking = true;
        cursor = null;
        walkSince = sinceMillis - MARGIN_MILLIS;
        walkUntil = System.currentTimeMillis() + MARGIN_MILLIS;
    }

    private void goOn() {
        if (!atWork) {
            atWork = true;
            session.outbound().whenRoom(this::step);
        }
    }

    /** One turn: some topics, if need be from a new page of the index. */
    private void step() {
        if (session.isEnded()) {
            session.outbound().replayed();
        } else if (!agenda.isEmpty()) {
            readSome();
        } else if (walking) {
            lookUp();
        } else if (missedMillis != NEVER) {
            walk(missedMillis);
            missedMillis = NEVER;
            lookUp();
        } else {
            atWork = false;
            catchUps.onCalm();
            session.outbound().replayed();
        }
    }

    private void lookUp() {
        List<TopicFilter> filters = List.copyOf(starts.keySet());
        instance.outbox
                .request(
                        EventTypes.APPENDED_LOOKUP,
                        Concern.MESSAGES,
                        new AppendedLookup(session.client(), filters, walkSince, walkUntil, cursor))
                .onSuccess(this::onTopics)
                .onFailure(this::onFailure);
    }

    private void onTopics(TopicPage page) {
        cursor = page.cursor();
        walking = cursor != null;
        page.topics().stream().filter(topic -> startFor(topic) != null).forEach(agenda::add);
        step();
    }

    private void onFailure(Throwable failure) {
        log.warn(
                "Topics of stored messages not read, trying again [client={}, cause={}]",
                session.client(),
                failure.getMessage());
        session.outbound().replayed();
        session.later(RETRY_MILLIS, () -> session.outbound().whenRoom(this::step));
    }

    private void readSome() {
        List<CatchUp> some = new ArrayList<>();
        for (Iterator<TopicName> topics = agenda.iterator(); topics.hasNext() && some.size() < TOPICS_AT_ONCE; ) {
            TopicName topic = topics.next();
            topics.remove();
            MessageId start = startFor(topic);
            if (start != null) {
                some.add(catchUps.of(topic, start));
            }
        }
        readWhenAcksAreWritten(some);
    }

    /** Read before, some messages would come twice. */
    private void readWhenAcksAreWritten(List<CatchUp> some) {
        instance.outbox
                .request(EventTypes.ACKS_AWAITED, Concern.ACKS, new AcksAwaited(session.client()))
                .onSuccess(written -> read(some))
                .onFailure(away -> session.later(RETRY_MILLIS, () -> readWhenAcksAreWritten(some)));
    }

    private void read(List<CatchUp> some) {
        List<Future<Answer>> firstPages = new ArrayList<>();
        List<Future<Answer>> all = new ArrayList<>();
        for (CatchUp catchUp : some) {
            firstPages.add(catchUp.startInTurn());
            all.add(catchUp.over());
        }
        Future.join(all).onComplete(over -> session.outbound().whenRoom(this::step));
        Future.join(firstPages).onComplete(dealtWith -> session.outbound().replayed());
    }
}
