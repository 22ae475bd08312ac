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
import org.jspecify.annotations.Nullable;

/**
 * The shared subscriptions that this instance owns, which are those whose filter's hash picks it. Each accepted message comes to
 * every instance; the owner of a group, and no other one, gives it to a member of the group, on whatever instance. Confined to
 * one event loop.
 */
final class SharedGroups {
    private final BrokerInstance instance;
    private final Map<TopicFilter, SharedGroup> groups = new HashMap<>();
    private final SubscriptionTree<SharedGroup> tree;
    private final Subscribers<SharedGroup> matching;

    SharedGroups(BrokerInstance instance) {
        this.instance = instance;
        this.tree = new SubscriptionTree<>(instance.wanted::begin, instance.wanted::end);
        this.matching = new Subscribers<>(tree);
    }

    /** Whether a group that this instance owns wants the topic. */
    boolean want(TopicName topic) {
        return !groups.isEmpty() && !matching.of(topic).isEmpty();
    }

    /** Gives the message to one member of each group that it matches. */
    void route(MessageAccepted accepted) {
        if (groups.isEmpty()) {
            return;
        }
        List<SubscriptionTree.Match<SharedGroup>> matches =
                matching.of(accepted.message().topic());
        for (int i = 0; i < matches.size(); i++) {
            matches.get(i).subscriber().assign(accepted.message());
        }
    }

    /** The client is a member from now on. */
    Future<Answer> onJoined(ShareJoined joined) {
        SharedGroup group = groups.get(joined.filter());
        if (group == null) {
            SharedFilter filter = SharedFilter.of(joined.filter());
            group = new SharedGroup(filter, instance.options.shared().strategy(), this::handOver);
            groups.put(filter.whole(), group);
            tree.put(group, Granted.plain(filter.topics(), Qos.EXACTLY_ONCE));
        }
        group.join(joined);
        return instance.wanted.known(group.filter().topics());
    }

    /** The client is no member any more; what it did not acknowledge goes to another one. */
    Future<Answer> onLeft(ShareLeft left) {
        SharedGroup group = groups.get(left.filter());
        if (group != null) {
            group.leave(left.client(), left.epoch());
            left.unsettled().forEach(message -> group.letGo(left.client(), left.epoch(), message.id()));
            if (!instance.ownerOf(left.filter()).equals(instance.self())) {
                group.forgetFormer();
            }
            left.unsettled().forEach(group::assign);
            forgetIfEmpty(group);
        }
        return Future.succeededFuture(Answer.DONE);
    }

    /** The member had no room. */
    Future<Answer> onReturned(MessageReturned returned) {
        SharedGroup group = groups.get(returned.filter());
        if (group != null) {
            group.onReturned(returned.client(), returned.epoch(), returned.attempt(), returned.message());
            forgetIfEmpty(group);
        }
        return Future.succeededFuture(Answer.DONE);
    }

    /** A message is the member's. */
    Future<Answer> onSettled(MessageSettled settled) {
        @Nullable SharedGroup group = groups.get(settled.filter());
        if (group != null) {
            group.onSettled(settled.client(), settled.epoch(), settled.message(), settled.acknowledged());
            forgetIfEmpty(group);
        }
        return Future.succeededFuture(Answer.DONE);
    }

    /** Nodes have come or gone: what members on those that are gone had goes to others. */
    void nodesChanged(Topology before, Topology now) {
        Predicate<NodeName> gone = node -> {
            Member run = before.member(node);
            return run != null && !now.hasRun(run);
        };
        for (SharedGroup group : List.copyOf(groups.values())) {
            Instance owner = instance.ownerOf(group.filter().whole());
            boolean owns = owner.equals(instance.self());
            for (ShareLeft left : group.lose(gone)) {
                if (owns) {
                    left.unsettled().forEach(group::assign);
                } else {
                    instance.outbox.sendOf(EventTypes.SHARE_LEFT, Concern.BROKER, owner, left);
                }
            }
            if (!owns) {
                group.forgetFormer();
            }
            forgetIfEmpty(group);
        }
    }

    /** How many members all of these shared subscriptions have together. */
    long members() {
        return groups.values().stream().mapToLong(SharedGroup::size).sum();
    }

    private SharedGroup.Outcome handOver(SharedFilter filter, SharedMember member, int tries, Message message) {
        MessageAssigned assigned = new MessageAssigned(filter.whole(), member.client(), member.epoch(), tries, message);
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

    private void forgetIfEmpty(SharedGroup group) {
        if (group.isEmpty() && groups.remove(group.filter().whole(), group)) {
            tree.remove(group, group.filter().topics());
        }
    }
}
