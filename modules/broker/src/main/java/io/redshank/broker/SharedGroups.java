package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.Instance;
import io.redshank.events.Member;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessageAssigned;
import io.redshank.events.MessageReturned;
import io.redshank.events.MessageSettled;
import io.redshank.events.ShareJoined;
import io.redshank.events.ShareLeft;
import io.redshank.events.ShareOvertaken;
import io.redshank.events.Topology;
import io.redshank.model.Message;
import io.redshank.model.NodeName;
import io.redshank.model.Qos;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The shared subscriptions that this instance owns, which are those whose filter's hash picks it. Each accepted message comes to
 * every instance; the owner of a group, and no other one, gives it to a member of the group, on whatever instance. Confined to
 * one event loop.
 */
final class SharedGroups {
    private static final Future<Answer> DONE = Future.succeededFuture(Answer.DONE);

    private final BrokerInstance instance;
    private final Map<TopicFilter, OwnedGroup> groups = new HashMap<>();
    private final SubscriptionTree<OwnedGroup> tree;
    private final Subscribers<OwnedGroup> matching;

    SharedGroups(BrokerInstance instance) {
        this.instance = instance;
        this.tree = new SubscriptionTree<>(instance.wanted::begin, instance.wanted::end);
        this.matching = new Subscribers<>(tree);
    }

    /** Whether a group that this instance owns wants the topic. */
    boolean want(TopicName topic) {
        return !groups.isEmpty() && !matching.of(topic).isEmpty();
    }

    /** Gives the message, which is where this says in the order of its topic, to one member of each group that it matches. */
    void route(MessageAccepted accepted, TopicOrder.Place place) {
        if (groups.isEmpty()) {
            return;
        }
        List<SubscriptionTree.Match<OwnedGroup>> matches =
                matching.of(accepted.message().topic());
        for (int i = 0; i < matches.size(); i++) {
            matches.get(i).subscriber().route(accepted, place);
        }
    }

    /** Messages of a topic may not have come. */
    void readAgain(TopicName topic) {
        matching.of(topic).forEach(match -> match.subscriber().readAgain(topic));
    }

    /** The client is a member from now on. */
    Future<Answer> onJoined(ShareJoined joined) {
        OwnedGroup owned = groups.get(joined.filter());
        if (owned == null) {
            SharedFilter filter = SharedFilter.of(joined.filter());
            owned = new OwnedGroup(
                    instance, new SharedGroup(filter, instance.options.shared().strategy(), this::handOver));
            groups.put(filter.whole(), owned);
            tree.put(owned, Granted.plain(filter.topics(), Qos.EXACTLY_ONCE));
        }
        TopicFilter topics = owned.group().filter().topics();
        return owned.join(joined).compose(kept -> instance.wanted.known(topics));
    }

    /** The client is no member any more; what it did not acknowledge goes to another one. */
    Future<Answer> onLeft(ShareLeft left) {
        OwnedGroup owned = groups.get(left.filter());
        if (owned != null) {
            owned.leave(left);
            if (!instance.ownerOf(left.filter()).equals(instance.self())) {
                owned.group().forgetFormer();
            }
            left.unsettled().forEach(owned.group()::assign);
            forgetIfEmpty(owned);
        }
        return DONE;
    }

    /** The member had no room. */
    Future<Answer> onReturned(MessageReturned returned) {
        OwnedGroup owned = groups.get(returned.filter());
        if (owned != null) {
            owned.onReturned(returned);
            forgetIfEmpty(owned);
        }
        return DONE;
    }

    /** A message is the member's. */
    Future<Answer> onSettled(MessageSettled settled) {
        settle(settled);
        return DONE;
    }

    /** The same from a member here. */
    void settle(MessageSettled settled) {
        OwnedGroup owned = groups.get(settled.filter());
        if (owned != null) {
            owned.settle(settled);
            if (!owned.isKept()) {
                forgetIfEmpty(owned);
            }
        }
    }

    /** Another owner has begun. */
    Future<Answer> onOvertaken(ShareOvertaken overtaken) {
        OwnedGroup owned = groups.get(overtaken.filter());
        if (owned != null) {
            owned.onOvertaken(overtaken.era());
        }
        return DONE;
    }

    /** Nodes have come or gone: what members on those that are gone had goes to others. */
    void nodesChanged(Topology before, Topology now) {
        Predicate<NodeName> gone = node -> {
            Member run = before.member(node);
            return run != null && !now.hasRun(run);
        };
        for (OwnedGroup owned : List.copyOf(groups.values())) {
            Instance owner = instance.ownerOf(owned.group().filter().whole());
            boolean owns = owner.equals(instance.self());
            for (ShareLeft left : owned.lose(gone)) {
                if (owns) {
                    left.unsettled().forEach(owned.group()::assign);
                } else {
                    instance.outbox.sendOf(EventTypes.SHARE_LEFT, Concern.BROKER, owner, left);
                }
            }
            if (!owns) {
                owned.group().forgetFormer();
            }
            if (!owns && owned.isKept()) {
                forget(owned); // its members are told by the same news, and what they have they tell the new owner
            } else {
                forgetIfEmpty(owned);
            }
        }
    }

    /** How many members all of these shared subscriptions have together. */
    long members() {
        return groups.values().stream().mapToLong(owned -> owned.group().size()).sum();
    }

    private SharedGroup.Outcome handOver(
            SharedFilter filter, SharedMember member, int tries, long era, Message message) {
        MessageAssigned assigned = new MessageAssigned(
                filter.whole(), member.client(), member.epoch(), tries, instance.self(), era, message);
        if (member.instance().equals(instance.self())) {
            return instance.sharedMembers.take(assigned);
        }
        NodeName node = member.instance().node();
        if (!instance.knows(node)) {
            return SharedGroup.Outcome
                    .FULL; // it joined before this instance has heard of its node: nothing can be sent there yet
        }
        instance.outbox.sendOf(EventTypes.MESSAGE_ASSIGNED, Concern.BROKER, member.instance(), assigned);
        return node.equals(instance.self().node()) ? SharedGroup.Outcome.TAKEN : SharedGroup.Outcome.SENT;
    }

    private void forgetIfEmpty(OwnedGroup owned) {
        if (owned.isEmpty()) {
            forget(owned);
        }
    }

    private void forget(OwnedGroup owned) {
        if (groups.remove(owned.group().filter().whole(), owned)) {
            tree.remove(owned, owned.group().filter().topics());
            owned.end();
        }
    }
}
