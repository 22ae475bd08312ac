package io.redshank.broker;

import io.redshank.events.ShareLeft;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the owner of a shared subscription has sent to members on other nodes, and has not heard of since. A message is held until the
 * member's node says what has become of it, or is gone, whatever else is heard of the member: it may leave while a message is on its
 * way. So there are no more than the members' windows and queues hold, and their lanes.
 */
final class HeldMessages {
    private record Holder(ClientId client, long epoch) {}

    private record Holding(NodeName node, Map<MessageId, Message> messages) {}

    private final Map<Holder, Holding> holdings = new HashMap<>();

    boolean isEmpty() {
        return holdings.isEmpty();
    }

    /** The message is on its way to this member. */
    void hold(SharedMember member, Message message) {
        holdings.computeIfAbsent(
                        new Holder(member.client(), member.epoch()),
                        first -> new Holding(member.instance().node(), new LinkedHashMap<>()))
                .messages()
                .put(message.id(), message);
    }

    /** The member's node has said what has become of the message. */
    void letGo(ClientId client, long epoch, MessageId message) {
        Holder holder = new Holder(client, epoch);
        Holding holding = holdings.get(holder);
        if (holding != null) {
            holding.messages().remove(message);
            if (holding.messages().isEmpty()) {
                holdings.remove(holder);
            }
        }
    }

    /** Another owner is told from now on, but for what these members have, who have not said so yet. */
    void letGoExcept(List<SharedMember> members) {
        holdings.keySet()
                .removeIf(holder -> members.stream()
                        .noneMatch(member -> member.epoch() == holder.epoch()
                                && member.client().equals(holder.client())));
    }

    /** Takes what members on these nodes had, as if each gave it back, in the order in which it was sent it. */
    List<ShareLeft> take(TopicFilter filter, Predicate<NodeName> nodes) {
        List<ShareLeft> taken = new ArrayList<>();
        holdings.forEach((holder, holding) -> {
            if (nodes.test(holding.node())) {
                taken.add(new ShareLeft(
                        filter,
                        holder.client(),
                        holder.epoch(),
                        List.copyOf(holding.messages().values()),
                        List.of()));
            }
        });
        holdings.values().removeIf(holding -> nodes.test(holding.node()));
        return taken;
    }
}
