package io.redshank.events;

import io.redshank.model.NodeName;
import java.util.EnumMap;
import java.util.Map;

/**
 * A node that serves, and what it serves with.
 *
 * @param incarnation tells one run of a node from the next of the same name; rises with time
 * @param instances how many instances of each concern it runs; a concern that is absent has none
 * @param listensTo what verticles of users listen to there
 */
public record Member(NodeName node, long incarnation, Map<Concern, Integer> instances, EventSet listensTo) {
    static final Body<Member> BODY = Body.of(Member::write, Member::read);

    /** Keeps a copy of the counts; each must be at least 1. */
    public Member {
        instances = Map.copyOf(instances);
        if (instances.values().stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("a concern has less than one instance: " + instances);
        }
    }

    /** One where nobody listens, or is not known to. */
    public Member(NodeName node, long incarnation, Map<Concern, Integer> instances) {
        this(node, incarnation, instances, EventSet.NONE);
    }

    /** The same, where these are listened to. */
    public Member listeningTo(EventSet events) {
        return new Member(node, incarnation, instances, events);
    }

    /** How many instances of this concern it runs; 0 if it does not serve it. */
    public int instancesOf(Concern concern) {
        return instances.getOrDefault(concern, 0);
    }

    /** Whether this is the same run of the same node, whatever it serves with. */
    public boolean isSameRunAs(Member other) {
        return node.equals(other.node) && incarnation == other.incarnation;
    }

    /** Where broadcasts for this run of the node go. */
    String audienceAddress() {
        return "redshank.v1.audience." + node + "." + incarnation;
    }

    private static void write(WireWriter out, Member member) {
        out.writeText(member.node.value());
        out.writeLong(member.incarnation);
        for (Concern concern : Concern.values()) {
            out.writeInt(member.instancesOf(concern));
        }
        out.writeInt(member.listensTo.bits());
    }

    private static Member read(WireReader in) {
        NodeName node = new NodeName(in.readText());
        long incarnation = in.readLong();
        Map<Concern, Integer> instances = new EnumMap<>(Concern.class);
        for (Concern concern : Concern.values()) {
            int count = in.readInt();
            if (count > 0) {
                instances.put(concern, count);
            }
        }
        return new Member(node, incarnation, instances, new EventSet(in.readInt()));
    }
}
