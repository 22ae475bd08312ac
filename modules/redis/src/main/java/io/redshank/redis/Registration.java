package io.redshank.redis;

import io.redshank.model.NodeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who has a client id: what its hash says of the newest connection, and of those before it that have not let go yet.
 *
 * @param epoch that of the newest claim, 0 if there is none
 * @param holder the connection of that claim; null if that is given up
 * @param predecessors those that have not let go
 */
public record Registration(long epoch, @Nullable Holder holder, List<Holder> predecessors) {
    static final String PREDECESSOR = "p:";

    /** Nobody has it. */
    public static final Registration NONE = new Registration(0, null, List.of());

    /**
     * One connection.
     *
     * @param epoch rises with each claim of the client id
     * @param node that of the broker instance which has it
     * @param incarnation that of this run of the node
     * @param instance the number of the broker instance
     * @param via the node that claims for it
     */
    public record Holder(long epoch, NodeName node, long incarnation, int instance, NodeName via) {
        /** This run of its node. */
        public NodeRun run() {
            return new NodeRun(node, incarnation);
        }

        private static @Nullable Holder read(String epoch, String text) {
            String[] parts = text.split(" ", 4);
            try {
                return new Holder(
                        Long.parseLong(epoch),
                        new NodeName(parts[3]),
                        Long.parseLong(parts[0]),
                        Integer.parseInt(parts[1]),
                        new NodeName(parts[2]));
            } catch (IllegalArgumentException | IndexOutOfBoundsException damaged) {
                return null;
            }
        }
    }

    /** What the fields of the hash say; what is not readable is left out. */
    public static Registration read(Map<String, String> fields) {
        String epoch = fields.get("epoch");
        if (epoch == null) {
            return NONE;
        }
        List<Holder> predecessors = new ArrayList<>();
        fields.forEach((field, text) -> {
            Holder one =
                    field.startsWith(PREDECESSOR) ? Holder.read(field.substring(PREDECESSOR.length()), text) : null;
            if (one != null) {
                predecessors.add(one);
            }
        });
        String text = String.join(
                " ",
                fields.getOrDefault("incarnation", ""),
                fields.getOrDefault("instance", ""),
                fields.getOrDefault("via", ""),
                fields.getOrDefault("node", ""));
        return new Registration(parse(epoch), Holder.read(epoch, text), predecessors);
    }

    /** The connection of this epoch, if it has not let go. */
    public @Nullable Holder of(long itsEpoch) {
        if (holder != null && holder.epoch() == itsEpoch) {
            return holder;
        }
        return predecessors.stream()
                .filter(one -> one.epoch() == itsEpoch)
                .findFirst()
                .orElse(null);
    }

    /** The connections on such runs of nodes that have not let go. */
    public List<Holder> where(Predicate<NodeRun> runs) {
        List<Holder> found = new ArrayList<>();
        predecessors.stream().filter(one -> runs.test(one.run())).forEach(found::add);
        if (holder != null && runs.test(holder.run())) {
            found.add(holder);
        }
        return found;
    }

    /** The predecessors of a claim that have not let go. */
    public List<Holder> before(long itsEpoch) {
        return predecessors.stream().filter(one -> one.epoch() < itsEpoch).toList();
    }

    /** Whether a newer claim than this one is known, and this one's connection has let go. */
    public boolean isPast(long itsEpoch) {
        return epoch > itsEpoch && of(itsEpoch) == null;
    }

    private static long parse(String epoch) {
        try {
            return Long.parseLong(epoch);
        } catch (NumberFormatException damaged) {
            return 0;
        }
    }
}
