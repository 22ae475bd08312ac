package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessageReturned;
import io.redshank.events.MessageSettled;
import io.redshank.events.ShareFound;
import io.redshank.events.ShareJoined;
import io.redshank.events.ShareLeft;
import io.redshank.events.ShareOpened;
import io.redshank.model.ClientId;
import io.redshank.model.MessageClock;
import io.redshank.model.NodeName;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared subscription that an instance owns: live only, or {@linkplain KeptGroup kept}, which Redis is asked for when its first member
 * joins. Confined to the instance's event loop.
 */
final class OwnedGroup {
    private static final Logger log = LoggerFactory.getLogger(OwnedGroup.class);
    private static final long RETRY_MILLIS = 1000;
    /** How much of what comes before it is known whether the subscription is kept may wait. */
    private static final int MOST_EARLY = 1000;

    private final BrokerInstance instance;
    private final SharedGroup group;
    private final Told told = new Told();
    private final Deque<MessageAccepted> early = new ArrayDeque<>();
    private Future<?> asked = Future.succeededFuture();
    private boolean known;
    private boolean ended;
    private @Nullable KeptGroup kept;

    OwnedGroup(BrokerInstance instance, SharedGroup group) {
        this.instance = instance;
        this.group = group;
    }

    SharedGroup group() {
        return group;
    }

    /** Whether there is nothing to be done for it. */
    boolean isEmpty() {
        return kept == null ? group.isEmpty() : group.size() == 0;
    }

    boolean isKept() {
        return kept != null;
    }

    /** A client is a member from now on; complete when that is known in Redis if its session persists. */
    Future<Answer> join(ShareJoined joined) {
        group.join(joined);
        GroupOrder.Holder holder = new GroupOrder.Holder(
                joined.client(), joined.epoch(), joined.instance().node());
        joined.keeps().forEach(id -> told.holds(id, holder));
        if (kept != null) {
            kept.onJoined();
        }
        return known && !joined.persists()
                ? Future.succeededFuture(Answer.DONE)
                : ask(joined.persists() ? joined.client() : null);
    }

    /** A member has left, or has had something come back. */
    void leave(ShareLeft left) {
        boolean persisted = group.persists(left.client(), left.epoch());
        group.leave(left.client(), left.epoch());
        left.unsettled().forEach(message -> group.letGo(left.client(), left.epoch(), message.id()));
        KeptGroup log = kept;
        if (log == null) {
            left.kept().forEach(id -> told.letGo(id, left.client(), left.epoch()));
        } else {
            left.kept().forEach(id -> log.takeBack(id, left.client(), left.epoch()));
            if (persisted) {
                log.lookSoon();
            }
        }
    }

    /** A message for the group, which is where this says in the order of its topic. */
    void route(MessageAccepted accepted, TopicOrder.Place place) {
        KeptGroup log = kept;
        if (!known) {
            if (early.size() >= MOST_EARLY) {
                early.remove();
            }
            early.add(accepted);
        } else if (log == null || !accepted.stored()) {
            group.assign(accepted.message());
        } else {
            log.onLive(accepted, place);
        }
    }

    /** Messages of a topic may not have come. */
    void readAgain(TopicName topic) {
        if (kept != null) {
            kept.readAgain(topic);
        }
    }

    void onReturned(MessageReturned returned) {
        KeptGroup log = kept;
        if (returned.era() == 0) {
            group.onReturned(returned.client(), returned.epoch(), returned.attempt(), returned.message());
        } else if (log != null) {
            group.passOver(returned.client(), returned.epoch());
            log.takeBack(returned.message().id(), returned.client(), returned.epoch());
        }
    }

    void settle(MessageSettled settled) {
        group.onSettled(settled.client(), settled.epoch(), settled.message(), settled.acknowledged());
        if (kept != null) {
            kept.settle(settled.message(), settled.client(), settled.epoch());
        } else {
            told.settled(settled.message(), settled.client(), settled.epoch());
        }
    }

    /** Another owner has begun since this era. */
    void onOvertaken(long era) {
        if (kept != null && kept.era() == era) {
            ask(group.persistingMember()).onFailure(never -> log.debug("Not asked [filter={}]", group.filter()));
        }
    }

    /** Nodes are gone; answers what is left to members by whoever owns it. */
    List<ShareLeft> lose(Predicate<NodeName> gone) {
        List<ShareLeft> lost = group.lose(gone);
        if (kept == null) {
            told.lose(gone);
        } else {
            kept.lose(gone);
        }
        return lost;
    }

    /** Another instance owns it, or it has no members. */
    void end() {
        ended = true;
        if (kept != null) {
            kept.endForNow();
        }
    }

    /** Asks Redis what is kept, first by one question after the other, and again until there is an answer. */
    private Future<Answer> ask(@Nullable ClientId persisting) {
        Promise<Answer> answered = Promise.promise();
        if (known) {
            return answer(persisting, answered);
        }
        asked = asked.transform(before -> answer(persisting, answered));
        return answered.future();
    }

    private Future<Answer> answer(@Nullable ClientId persisting, Promise<Answer> answered) {
        if (ended) {
            answered.complete(Answer.DONE);
            return answered.future();
        }
        long now = System.currentTimeMillis();
        instance.outbox
                .request(
                        EventTypes.SHARE_OPENED,
                        Concern.ACKS,
                        new ShareOpened(
                                group.filter().whole(),
                                instance.self().toString(),
                                kept == null ? 0 : kept.era(),
                                persisting,
                                MessageClock.endOf(now - 1),
                                now))
                .onSuccess(found -> {
                    onFound(found);
                    answered.complete(Answer.DONE);
                })
                .onFailure(failure -> {
                    log.warn(
                            "Place of a shared subscription not known, trying again [filter={}, cause={}]",
                            group.filter().whole(),
                            failure.getMessage());
                    instance.vertx.setTimer(
                            RETRY_MILLIS,
                            again -> answer(persisting, answered)
                                    .onFailure(never -> log.debug("Not asked [filter={}]", group.filter())));
                });
        return answered.future();
    }

    private void onFound(ShareFound found) {
        if (ended) {
            return;
        }
        known = true;
        KeptGroup before = kept;
        if (found.era() == 0) {
            kept = null;
            if (before != null) {
                before.end();
                before.forgetBookmarks();
            }
            told.clear();
        } else if (before == null || before.era() != found.era()) {
            if (before != null) {
                before.end();
            }
            group.beginAnew();
            kept = new KeptGroup(instance, group, found, told, this::onOver);
        }
        for (MessageAccepted next = early.poll(); next != null; next = early.poll()) {
            route(next, TopicOrder.Place.NEXT);
        }
    }

    /** What is kept has another owner, or is gone: it is asked for again, and it is kept again if there is a reason. */
    private void onOver(long era) {
        ask(group.persistingMember()).onFailure(never -> log.debug("Not asked [filter={}]", group.filter()));
    }
}
