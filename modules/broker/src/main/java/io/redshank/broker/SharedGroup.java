package io.redshank.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.ShareJoined;
import io.redshank.events.ShareLeft;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.SharedFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shared subscription, a group's name and a filter, with its members that are connected: each message goes to one of them. A
 * member that has no room is passed over for a while. Confined to the event loop of the broker instance that owns it.
 */
final class SharedGroup {
    private static final Logger log = LoggerFactory.getLogger(SharedGroup.class);
    private static final long PASS_OVER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** How often a message may be offered, beyond twice to each member. */
    private static final int SPARE_TRIES = 10;

    /** What became of a message that was handed to a member. */
    enum Outcome {
        /** It is the member's, until that says otherwise. */
        TAKEN,
        /** It is on its way to a member on another node. */
        SENT,
        /** The member has no room. */
        FULL,
        /** The member is none any more. */
        GONE
    }

    /** The way to the members. */
    interface Hand {
        /** Hands a message to a member, after so many others that had no room; in this era if the subscription is kept, else 0. */
        Outcome over(SharedFilter filter, SharedMember member, int tries, long era, Message message);
    }

    private static final long NOT_KEPT = 0;
    /** How much a member of a subscription that is kept may have to acknowledge: what is not given to it stays in its log. */
    private static final int MOST_IN_FLIGHT = 200;

    private final SharedFilter filter;
    private final MemberChoice choice;
    private final Hand hand;
    private final List<SharedMember> members = new ArrayList<>();
    private final HeldMessages held = new HeldMessages();
    private long passOverUntil;
    private boolean passingOver;
    private long dropped;

    SharedGroup(SharedFilter filter, SharedStrategy strategy, Hand hand) {
        this.filter = filter;
        this.choice = MemberChoice.by(strategy);
        this.hand = hand;
    }

    SharedFilter filter() {
        return filter;
    }

    /** Whether it has no members, and nothing is on its way to former ones. */
    boolean isEmpty() {
        return members.isEmpty() && held.isEmpty();
    }

    /** How many members there are. */
    int size() {
        return members.size();
    }

    /** Adds a member, or replaces what it said before, also by an earlier connection. */
    void join(ShareJoined joined) {
        SharedMember joining = put(joined);
        joined.holds().forEach(message -> held.hold(joining, message));
    }

    private SharedMember put(ShareJoined joined) {
        for (int i = 0; i < members.size(); i++) {
            SharedMember member = members.get(i);
            if (member.client().equals(joined.client())) {
                if (member.epoch() == joined.epoch()) {
                    member.say(joined);
                } else {
                    members.set(i, new SharedMember(joined));
                }
                return members.get(i);
            }
        }
        SharedMember fresh = new SharedMember(joined);
        members.add(fresh);
        return fresh;
    }

    /** Removes the member of this very connection; answers whether it was one. */
    @CanIgnoreReturnValue
    boolean leave(ClientId client, long epoch) {
        SharedMember member = find(client, epoch);
        return member != null && members.remove(member);
    }

    /** The member does not have the message, whether it is one still or not. */
    void letGo(ClientId client, long epoch, MessageId message) {
        held.letGo(client, epoch, message);
    }

    /** Nodes are gone, and with them their members; answers what those had and have not settled. */
    List<ShareLeft> lose(Predicate<NodeName> gone) {
        members.removeIf(member -> gone.test(member.instance().node()));
        return held.take(filter.whole(), gone);
    }

    /** Another instance owns this now, and has been told by the former members what they hold. */
    void forgetFormer() {
        held.letGoExcept(members);
    }

    /** Gives a message to one member, or drops it if there is none that takes it. */
    void assign(Message message) {
        assign(message, 0);
    }

    /** Whether there is a member that seems to have room for what is in a log. */
    boolean hasRoom() {
        long now = passingOver ? System.nanoTime() : 0;
        for (SharedMember member : members) {
            if (hasRoom(member, now)) {
                return true;
            }
        }
        return false;
    }

    private List<SharedMember> withRoom() {
        long now = passingOver ? System.nanoTime() : 0;
        for (SharedMember member : members) {
            if (!hasRoom(member, now)) {
                return members.stream().filter(one -> hasRoom(one, now)).toList();
            }
        }
        return members;
    }

    /** What members have is of another order: none of it counts for how much they may be given now. */
    void beginAnew() {
        members.forEach(SharedMember::beginAnew);
    }

    private boolean hasRoom(SharedMember member, long now) {
        return member.inFlight() < MOST_IN_FLIGHT && !(passingOver && member.isPassedOver(now));
    }

    /** Gives a message of the order to one member, in this era; answers false if none has room. */
    boolean deal(Message message, long era, GroupOrder order) {
        for (List<SharedMember> ready = withRoom(); !ready.isEmpty(); ready = withRoom()) {
            int tries = order.refusals(message.id());
            SharedMember member = choice.of(ready, message);
            member.assigned(message.qos());
            order.give(message.id(), GroupOrder.Holder.of(member));
            Outcome outcome = hand.over(filter, member, tries, era, message);
            if (outcome == Outcome.TAKEN || outcome == Outcome.SENT) {
                return true;
            }
            order.refused(message.id());
            if (outcome == Outcome.FULL) {
                passOver(member);
            } else {
                members.remove(member);
            }
        }
        return false;
    }

    /** The member of this very connection has no room: others come first for a while. */
    void passOver(ClientId client, long epoch) {
        SharedMember member = find(client, epoch);
        if (member != null) {
            passOver(member);
        }
    }

    /** A client of a session that persists, if one is a member. */
    @Nullable
    ClientId persistingMember() {
        return members.stream()
                .filter(SharedMember::persists)
                .map(SharedMember::client)
                .findFirst()
                .orElse(null);
    }

    /** Whether the member of this very connection has a session that persists. */
    boolean persists(ClientId client, long epoch) {
        SharedMember member = find(client, epoch);
        return member != null && member.persists();
    }

    /** The member has no room after all: gives the message to another one. */
    void onReturned(ClientId client, long epoch, int tries, Message message) {
        held.letGo(client, epoch, message.id());
        SharedMember member = find(client, epoch);
        if (member != null) {
            passOver(member);
        }
        assign(message, tries + 1);
    }

    /** A message is a member's; it may have acknowledged it. */
    void onSettled(ClientId client, long epoch, MessageId message, boolean acknowledged) {
        held.letGo(client, epoch, message);
        SharedMember member = find(client, epoch);
        if (member != null && acknowledged) {
            member.settled();
        }
    }

    /** How many messages no member had room for. */
    long dropped() {
        return dropped;
    }

    private void assign(Message message, int triesBefore) {
        int tries = triesBefore;
        for (SharedMember member = next(message, tries); member != null; member = next(message, tries)) {
            member.assigned(message.qos());
            switch (hand.over(filter, member, tries, NOT_KEPT, message)) {
                case TAKEN -> {
                    return;
                }
                case SENT -> {
                    if (member.acknowledges(message.qos())) {
                        held.hold(member, message);
                    }
                    return;
                }
                case FULL -> {
                    passOver(member);
                    tries++;
                }
                case GONE -> members.remove(member);
            }
        }
        drop();
    }

    /** Who is to get a message; if nobody seems to have room, one is asked nevertheless. */
    private @Nullable SharedMember next(Message message, int tries) {
        if (members.isEmpty() || tries > 2 * members.size() + SPARE_TRIES) {
            return null;
        }
        List<SharedMember> ready = ready();
        if (ready.isEmpty()) {
            return tries == 0 ? choice.of(members, message) : null;
        }
        return choice.of(ready, message);
    }

    private List<SharedMember> ready() {
        if (!passingOver) {
            return members;
        }
        long now = System.nanoTime();
        passingOver = passOverUntil - now > 0;
        return members.stream().filter(member -> !member.isPassedOver(now)).toList();
    }

    private void passOver(SharedMember member) {
        member.settled();
        passingOver = true;
        passOverUntil = System.nanoTime() + PASS_OVER_NANOS;
        member.passOverUntil(passOverUntil);
    }

    private @Nullable SharedMember find(ClientId client, long epoch) {
        for (SharedMember member : members) {
            if (member.epoch() == epoch && member.client().equals(client)) {
                return member;
            }
        }
        return null;
    }

    private void drop() {
        if (members.isEmpty()) {
            log.debug("Message for a shared subscription without members dropped [filter={}]", filter.whole());
        } else if (dropped++ == 0) {
            log.warn(
                    "Members of a shared subscription take messages too slowly, dropping some [filter={}, members={}]",
                    filter.whole(),
                    members.size());
        }
    }
}
