package io.redshank.broker;

import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAccepted;
import io.redshank.events.ShareCaughtUp;
import io.redshank.events.ShareEnded;
import io.redshank.events.ShareFound;
import io.redshank.events.ShareMoved;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.TopicName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deals out the stored messages of a shared subscription that is kept, because sessions that persist have a part in it: from the place
 * that it has in the logs, in one era. Confined to the owner's event loop.
 */
final class KeptGroup {
    /*
     * Why nothing is lost, and nothing at QoS 2 doubled, whatever node dies
     *
     * Bookmarks move only past what members have acknowledged, and whoever deals out next begins behind them. Two owners at once do
     * no harm: each moves the bookmarks past what it knows to be settled. At QoS 2 the one point of order is Redis: a member's node
     * claims each message before it is sent, and with the claim it is in the session's exchanges, which outlive that node. A claim
     * fails if another one has the message, or if another owner has begun since the message was assigned. So when an owner begins,
     * it is told of all claims there will ever be of former eras, and those messages it leaves out.
     */
    private static final Logger log = LoggerFactory.getLogger(KeptGroup.class);
    /** What is settled ahead of bookmarks and what is not, together, before members have to wait for the oldest. */
    private static final int MOST_AHEAD = 100_000;

    private static final long BLOCKED_MILLIS = 50;
    /** In this time the members of an owner before have told what they have of it. */
    private static final long HAND_OVER_MILLIS = 250;

    private static final long CAUGHT_UP_MILLIS = 10_000;
    private static final long LOOK_MILLIS = 500;
    private static final long NO_TIMER = -1;

    private final BrokerInstance instance;
    private final SharedGroup group;
    private final long era;
    private final Told told;
    /** Answers the era that another one has begun, or 0 when it is not kept any more. */
    private final LongConsumer onOver;

    private final GroupOrder order = new GroupOrder();
    private final GroupReading reading;
    private final Set<MessageId> given;
    private final Deque<Message> waiting = new ArrayDeque<>();
    private final List<MessageId> over = new ArrayList<>();
    private long caughtUpMillis;
    private boolean blocked;
    private boolean unblocking;
    private boolean scheduled;
    private boolean full;
    private boolean ended;
    private long timer = NO_TIMER;

    KeptGroup(BrokerInstance instance, SharedGroup group, ShareFound found, Told told, LongConsumer onOver) {
        this.instance = instance;
        this.group = group;
        this.era = found.era();
        this.told = told;
        this.onOver = onOver;
        this.given = new HashSet<>(found.given());
        this.caughtUpMillis = found.caughtUpMillis();
        MessageId start = new MessageId(found.start().isEmpty() ? "0" : found.start());
        this.reading = new GroupReading(instance, group.filter(), start, this::deal, this::schedule);
        if (found.fresh()) {
            told.clear();
        } else {
            reading.suspectAll();
            instance.wanted
                    .known(group.filter().topics())
                    .onComplete(sent -> beginAfter(found.fromAnother() ? HAND_OVER_MILLIS : 1));
        }
        tellAgain();
    }

    private void beginAfter(long millis) {
        instance.vertx.setTimer(millis, due -> {
            if (!ended) {
                reading.begin(caughtUpMillis);
            }
        });
    }

    long era() {
        return era;
    }

    /** A stored message has come, and before it all that precede it but for a gap. */
    void onLive(MessageAccepted accepted, TopicOrder.Place place) {
        boolean afterGap = place == TopicOrder.Place.AFTER_A_GAP;
        if (place == TopicOrder.Place.LATE || reading.takes(accepted, afterGap)) {
            return;
        }
        if (deal(accepted.message())) {
            reading.passed(accepted.message());
        } else {
            reading.behind(accepted.message());
        }
    }

    /** Messages of a topic may not have come. */
    void readAgain(TopicName topic) {
        reading.readAgain(topic);
    }

    /** Members may have room now. */
    void onJoined() {
        blocked = false;
        schedule();
    }

    /** A member is done with a message. Answers whether it was one of these. */
    void settle(MessageId id, ClientId client, long epoch) {
        if (order.settle(id, client, epoch)) {
            blocked = false;
            schedule();
        } else {
            told.settled(id, client, epoch);
        }
    }

    /** A member does not have a message after all: another one gets it. */
    void takeBack(MessageId id, ClientId client, long epoch) {
        Message message = order.takeBack(id, client, epoch);
        if (message == null) {
            told.letGo(id, client, epoch);
        } else {
            waiting.add(message);
            schedule();
        }
    }

    /** Nodes are gone, and with them the members there. */
    void lose(Predicate<NodeName> nodes) {
        told.lose(nodes);
        waiting.addAll(order.takeBack(nodes));
        schedule();
    }

    /** Another instance may have begun, or the last session that persists has left: finds that out soon. */
    void lookSoon() {
        instance.vertx.setTimer(LOOK_MILLIS, due -> tellCaughtUp());
    }

    /** Deals out nothing any more; tells how far it has come. What members have told of what they have goes on to another one. */
    void end() {
        flush();
        order.tell(told);
        ended = true;
        reading.end();
        instance.vertx.cancelTimer(timer);
    }

    /** The same when there are no members: what is kept may be over, too. */
    void endForNow() {
        flush();
        ended = true;
        reading.end();
        instance.vertx.cancelTimer(timer);
        ShareCaughtUp last = caughtUp();
        instance.vertx.setTimer(
                LOOK_MILLIS,
                due -> instance.outbox
                        .request(EventTypes.SHARE_CAUGHT_UP, Concern.ACKS, last)
                        .onSuccess(now -> {
                            if (now == 0) {
                                forgetBookmarks();
                            }
                        })
                        .onFailure(this::onNotTold));
    }

    /** The subscription is not kept any more: its bookmarks go. */
    void forgetBookmarks() {
        Set<TopicName> topics = new HashSet<>(reading.topics());
        if (!group.filter().topics().hasWildcard()) {
            topics.add(group.filter().topics().asTopic());
        }
        instance.outbox.send(
                EventTypes.SHARE_ENDED,
                Concern.ACKS,
                new ShareEnded(group.filter().whole(), new ArrayList<>(topics)));
    }

    private boolean deal(Message message) {
        MessageId id = message.id();
        if (order.has(id)) {
            return true;
        }
        if (given.remove(id)) {
            order.addSettled(message);
            schedule();
            return true;
        }
        Told.Part part = told.take(id);
        if (part != null) {
            takeOver(message, part);
            return true;
        }
        if (blocked || !waiting.isEmpty() || isFull()) {
            return false;
        }
        if (!group.hasRoom()) {
            block();
            return false;
        }
        order.add(message);
        if (!group.deal(message, era, order)) {
            waiting.add(message);
            block();
        }
        return true;
    }

    private void takeOver(Message message, Told.Part part) {
        GroupOrder.Holder holder = part.holder();
        if (holder == null) {
            order.addSettled(message);
            schedule();
        } else {
            order.add(message);
            order.give(message.id(), holder);
        }
    }

    private boolean isFull() {
        boolean now = order.size() >= MOST_AHEAD;
        if (now && !full) {
            log.warn(
                    "Members of a shared subscription wait until one of them acknowledges [filter={}]",
                    group.filter().whole());
        }
        full = now;
        return now;
    }

    private void block() {
        blocked = true;
        if (!unblocking) {
            unblocking = true;
            instance.vertx.setTimer(BLOCKED_MILLIS, due -> {
                unblocking = false;
                blocked = false;
                schedule();
            });
        }
    }

    private void schedule() {
        if (!scheduled && !ended) {
            scheduled = true;
            instance.vertx.runOnContext(turn -> {
                scheduled = false;
                if (!ended) {
                    goOn();
                }
            });
        }
    }

    private void goOn() {
        for (Message next = waiting.peek(); next != null && !blocked; next = waiting.peek()) {
            if (group.deal(next, era, order)) {
                waiting.poll();
            } else {
                block();
            }
        }
        reading.goOn();
        if (reading.isCalm()) {
            over.addAll(given); // what was not found is behind the bookmarks, or in no log any more
            given.clear();
            told.clear();
        }
        flush();
    }

    private void flush() {
        order.takeMoved()
                .forEach((topic, moved) -> instance.outbox.send(
                        EventTypes.SHARE_MOVED,
                        Concern.ACKS,
                        new ShareMoved(group.filter().whole(), topic, moved.bookmark(), moved.given())));
    }

    private ShareCaughtUp caughtUp() {
        if (reading.isCalm()) {
            caughtUpMillis = order.settledUpTo(System.currentTimeMillis());
        }
        ShareCaughtUp caughtUp = new ShareCaughtUp(group.filter().whole(), era, caughtUpMillis, over);
        over.clear();
        return caughtUp;
    }

    private void tellAgain() {
        timer = instance.vertx.setTimer(CAUGHT_UP_MILLIS, due -> {
            tellCaughtUp();
            tellAgain();
        });
    }

    private void tellCaughtUp() {
        if (ended) {
            return;
        }
        instance.outbox
                .request(EventTypes.SHARE_CAUGHT_UP, Concern.ACKS, caughtUp())
                .onSuccess(now -> {
                    if (!ended && now != era) {
                        onOver.accept(now);
                    }
                })
                .onFailure(this::onNotTold);
    }

    private void onNotTold(Throwable failure) {
        log.debug(
                "Place of a shared subscription not told [filter={}, cause={}]",
                group.filter().whole(),
                failure.getMessage());
    }
}
