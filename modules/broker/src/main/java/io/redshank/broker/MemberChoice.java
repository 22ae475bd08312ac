package io.redshank.broker;

import io.redshank.model.Message;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How one group picks the member that gets a message; it may remember what it picked before. */
interface MemberChoice {
    /** One of the candidates, who are at least one, in the order in which they joined. */
    SharedMember of(List<SharedMember> candidates, Message message);

    /** A choice by this strategy, for one group. */
    static MemberChoice by(SharedStrategy strategy) {
        return switch (strategy) {
            case ROUND_ROBIN -> new InTurn();
            case RANDOM -> (candidates, message) -> anyOf(candidates);
            case STICKY -> new Sticky();
            case LEAST_INFLIGHT -> new LeastInFlight();
            case HASH_CLIENT -> new ByHash(message -> message.from().value());
            case HASH_TOPIC -> new ByHash(message -> message.topic().value());
        };
    }

    private static SharedMember anyOf(List<SharedMember> candidates) {
        return candidates.get(ThreadLocalRandom.current().nextInt(candidates.size()));
    }

    /** One after the other. */
    final class InTurn implements MemberChoice {
        private int next;

        @Override
        public SharedMember of(List<SharedMember> candidates, Message message) {
            if (next >= candidates.size()) {
                next = 0;
            }
            return candidates.get(next++);
        }
    }

    /** The one of last time, if it is still there. */
    final class Sticky implements MemberChoice {
        private @Nullable SharedMember last;

        @Override
        public SharedMember of(List<SharedMember> candidates, Message message) {
            SharedMember chosen = last;
            if (chosen == null || !candidates.contains(chosen)) {
                chosen = anyOf(candidates);
                last = chosen;
            }
            return chosen;
        }
    }

    /** Who has the least to do; among those alike, one after the other. */
    final class LeastInFlight implements MemberChoice {
        private static final Comparator<SharedMember> ORDER = Comparator.comparingInt(SharedMember::inFlight);
        private final MemberChoice among = new InTurn();

        @Override
        public SharedMember of(List<SharedMember> candidates, Message message) {
            int least = candidates.stream().min(ORDER).orElseThrow().inFlight();
            return among.of(
                    candidates.stream()
                            .filter(member -> member.inFlight() == least)
                            .toList(),
                    message);
        }
    }

    /**
     * Who ranks highest for a text of the message (rendezvous hashing): when a member comes or goes, only what goes to it, or
     * went to it, changes hands.
     */
    final class ByHash implements MemberChoice {
        private final Function<Message, String> text;

        ByHash(Function<Message, String> text) {
            this.text = text;
        }

        @Override
        public SharedMember of(List<SharedMember> candidates, Message message) {
            int hash = text.apply(message).hashCode();
            SharedMember highest = candidates.get(0);
            for (SharedMember candidate : candidates) {
                if (rank(candidate, hash) > rank(highest, hash)) {
                    highest = candidate;
                }
            }
            return highest;
        }

        /** A number that looks random, and is the same for the same two (the finalizer of MurmurHash3). */
        private static long rank(SharedMember member, int hash) {
            long mixed = ((long) member.client().value().hashCode() << 32) ^ (hash & 0xFFFF_FFFFL);
            mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
            mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
            return mixed ^ (mixed >>> 33);
        }
    }
}
