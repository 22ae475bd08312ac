package io.redshank.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.NodeName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private static final int KEYS = 9_000;

    @Test
    void serving_isOnThisNodeIfItCan() {
        Topology topology = new Topology(member("a", 2), List.of(member("b", 8)), true);
        for (int key = -KEYS; key < KEYS; key++) {
            assertThat(serving(topology, key).node()).isEqualTo(topology.node());
        }
        assertThat(serving(topology, Integer.MIN_VALUE).number()).isBetween(0, 1);
    }

    @Test
    void serving_isOnOneOfTheOthers_ifThisNodeCannot() {
        Topology topology = new Topology(member("a", 0), List.of(member("b", 2), member("c", 0)), true);
        assertThat(serving(topology, 1).node().value()).isEqualTo("b");
        assertThat(new Topology(member("a", 0), List.of(), true).serving(Concern.ACKS, 1))
                .isNull();
    }

    @Test
    void owner_isTheSameOnWhateverNode_andSpread() {
        List<Member> all = List.of(member("a", 2), member("b", 2), member("c", 2));
        Map<String, Integer> keys = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            Instance owner = owner(seenBy(all, 0), key);
            assertThat(owner(seenBy(all, 1), key)).isEqualTo(owner);
            assertThat(owner(seenBy(all, 2), key)).isEqualTo(owner);
            keys.merge(owner.node().value(), 1, Integer::sum);
        }
        assertThat(keys.values()).allMatch(count -> count > KEYS / 4 && count < KEYS / 2);
    }

    @Test
    void owner_changesOnlyForKeysOfTheNodeThatGoes() {
        List<Member> all = List.of(member("a", 2), member("b", 2), member("c", 2));
        for (int key = 0; key < KEYS; key++) {
            Instance before = owner(seenBy(all, 0), key);
            Instance after = owner(seenBy(all.subList(0, 2), 0), key);
            assertThat(after.equals(before)).isEqualTo(!before.node().value().equals("c"));
        }
    }

    private static Instance serving(Topology topology, int key) {
        return Objects.requireNonNull(topology.serving(Concern.ACKS, key));
    }

    private static Instance owner(Topology topology, int key) {
        return Objects.requireNonNull(topology.owner(Concern.ACKS, key));
    }

    private static Topology seenBy(List<Member> all, int self) {
        List<Member> others = new ArrayList<>(all);
        Member member = others.remove(self);
        Collections.shuffle(others);
        return new Topology(member, others, true);
    }

    private static Member member(String name, int acks) {
        return new Member(new NodeName(name), 1, acks == 0 ? Map.of() : Map.of(Concern.ACKS, acks));
    }
}
