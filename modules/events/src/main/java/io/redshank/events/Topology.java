package io.redshank.events;

import io.redshank.model.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which verticle instances there are to send to, as one node sees it at one moment.
 *
 * @param self this node
 * @param others the nodes beside it that serve, in no order that means anything
 * @param clustered whether others may come: what nobody serves waits for them
 */
public record Topology(Member self, List<Member> others, boolean clustered) {
    /** Keeps a copy of the list. */
    public Topology {
        others = List.copyOf(others);
    }

    /** A node on its own. */
    public Topology(NodeName node, Map<Concern, Integer> instances) {
        this(new Member(node, 0, instances), List.of(), false);
    }

    /** This node. */
    public NodeName node() {
        return self.node();
    }

    /** How many instances of this concern this node runs; 0 if it does not serve it. */
    public int instancesOf(Concern concern) {
        return self.instancesOf(concern);
    }

    /** The same with these nodes beside this one. */
    public Topology with(List<Member> nodes) {
        return new Topology(self, nodes, clustered);
    }

    /** The node of this name; null if it does not serve, or is not known to. */
    public @Nullable Member member(NodeName node) {
        if (node.equals(self.node())) {
            return self;
        }
        for (Member other : others) {
            if (other.node().equals(node)) {
                return other;
            }
        }
        return null;
    }

    /** The instance that serves this key for this node: one of its own if it has any, else one of the others. */
    public @Nullable Instance serving(Concern concern, int key) {
        int here = instancesOf(concern);
        return here > 0 ? new Instance(node(), Math.floorMod(key, here)) : chosen(concern, key, others);
    }

    /** The one instance of the whole cluster that owns this key; all nodes that see the same members name the same one. */
    public @Nullable Instance owner(Concern concern, int key) {
        List<Member> all = new ArrayList<>(others);
        all.add(self);
        return chosen(concern, key, all);
    }

    /** Whether this very run of a node is known. */
    public boolean hasRun(Member run) {
        Member now = member(run.node());
        return now != null && now.isSameRunAs(run);
    }

    /** The broker instance of another node by which messages with this key come in; null if there is none. */
    @Nullable
    Instance entrance(NodeName node, int key) {
        Member member = member(node);
        int instances = member == null ? 0 : member.instancesOf(Concern.BROKER);
        return instances == 0 ? null : new Instance(node, Math.floorMod(key, instances));
    }

    /** By rendezvous hashing: a node that comes or goes moves only the keys that become or were its own. */
    private static @Nullable Instance chosen(Concern concern, int key, List<Member> members) {
        Member best = null;
        long highest = 0;
        for (Member member : members) {
            if (member.instancesOf(concern) > 0) {
                long weight = mixed(member.node().value().hashCode(), key);
                boolean higher = weight > highest
                        || (weight == highest
                                && best != null
                                && member.node().value().compareTo(best.node().value()) > 0);
                if (best == null || higher) {
                    best = member;
                    highest = weight;
                }
            }
        }
        return best == null ? null : new Instance(best.node(), Math.floorMod(key, best.instancesOf(concern)));
    }

    /** Spreads two hashes over all bits (the finisher of MurmurHash3). */
    private static long mixed(int node, int key) {
        long hash = ((long) node << 32) ^ (key & 0xFFFF_FFFFL);
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 33);
    }
}
