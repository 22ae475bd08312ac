package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.redshank.events.Instance;
import io.redshank.events.ShareJoined;
import io.redshank.events.ShareLeft;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.NodeName;
import io.redshank.model.Qos;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.testkit.Eventually;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who of a group gets a message, with members that are no more than names here. */
class SharedGroupTest {
    private static final Instance OWNER = new Instance(new NodeName("a@test"), 0);
    private static final Instance ELSEWHERE = new Instance(new NodeName("b@test"), 0);
    private static final SharedFilter FILTER = SharedFilter.of(new TopicFilter("$share/g/#"));

    /** What each member got, in order. */
    private final Map<String, List<Message>> got = new HashMap<>();

    private final Set<String> full = new HashSet<>();
    private final Set<String> gone = new HashSet<>();

    @ParameterizedTest
    @EnumSource(SharedStrategy.class)
    void eachMessage_goesToOneMember(SharedStrategy strategy) {
        SharedGroup group = group(strategy, "a", "b", "c");
        publish(group, 100);
        assertThat(total()).isEqualTo(100);
        assertThat(group.dropped()).isZero();
    }

    @ParameterizedTest
    @EnumSource(SharedStrategy.class)
    void onlyMember_getsEverythingInOrder(SharedStrategy strategy) {
        publish(group(strategy, "a"), 100);
        assertThat(got.get("a"))
                .isEqualTo(IntStream.range(0, 100)
                        .mapToObj(SharedGroupTest::message)
                        .toList());
    }

    @Test
    void roundRobin_givesEachMemberItsTurn() {
        SharedGroup group = group(SharedStrategy.ROUND_ROBIN, "a", "b", "c");
        publish(group, 9);
        assertThat(numbers("a")).containsExactly(0, 3, 6);
        assertThat(numbers("b")).containsExactly(1, 4, 7);
        assertThat(numbers("c")).containsExactly(2, 5, 8);
        assertThat(group.leave(client("c"), 1)).isTrue();
        publish(group, 10);
        assertThat(got.get("a")).hasSize(8);
        assertThat(got.get("b")).hasSize(8);
    }

    @Test
    void random_spreadsOverAll() {
        publish(group(SharedStrategy.RANDOM, "a", "b", "c", "d"), 4000);
        assertThat(got).hasSize(4);
        got.values().forEach(messages -> assertThat(messages.size()).isCloseTo(1000, within(200)));
        assertThat(numbers("a"))
                .as("not in turn")
                .isNotEqualTo(IntStream.range(0, 1000).map(i -> 4 * i).boxed().toList());
    }

    @Test
    void sticky_staysWithOne_untilThatLeaves() {
        SharedGroup group = group(SharedStrategy.STICKY, "a", "b", "c");
        publish(group, 50);
        assertThat(got).hasSize(1);
        String first = got.keySet().iterator().next();
        assertThat(group.leave(client(first), 1)).isTrue();
        publish(group, 50);
        assertThat(got).hasSize(2);
        assertThat(got.get(first)).hasSize(50);
    }

    @Test
    void leastInflight_prefersWhoAcknowledges() {
        SharedGroup group = group(SharedStrategy.LEAST_INFLIGHT, "slow", "fast");
        for (int i = 0; i < 100; i++) {
            int before = got.getOrDefault("fast", List.of()).size();
            group.assign(message(i));
            if (got.getOrDefault("fast", List.of()).size() > before) {
                group.onSettled(client("fast"), 1, Messages.id(i), true);
            }
        }
        assertThat(got.get("slow")).hasSize(1);
        assertThat(got.get("fast")).hasSize(99);
    }

    @Test
    void leastInflight_countsNothingThatIsNotAcknowledged() {
        SharedGroup group = new SharedGroup(FILTER, SharedStrategy.LEAST_INFLIGHT, this::handOver);
        group.join(joined("unacknowledged", 1, Qos.AT_MOST_ONCE));
        group.join(joined("other", 1, Qos.AT_LEAST_ONCE));
        publish(group, 100);
        assertThat(got.get("other")).hasSize(1);
    }

    @Test
    void hashTopic_keepsATopicWithAMember_andMovesFewWhenOneLeaves() {
        SharedGroup group = group(SharedStrategy.HASH_TOPIC, "a", "b", "c", "d");
        publishTopics(group);
        publishTopics(group);
        Map<String, String> before = owners();
        assertThat(before).hasSize(400);
        got.values().forEach(messages -> assertThat(messages.size()).isCloseTo(200, within(80)));
        assertThat(group.leave(client("d"), 1)).isTrue();
        got.clear();
        publishTopics(group);
        Map<String, String> after = owners();
        before.forEach((topic, owner) -> {
            if (!owner.equals("d")) {
                assertThat(after.get(topic)).as(topic).isEqualTo(owner);
            }
        });
    }

    @Test
    void hashClient_keepsAPublisherWithAMember() {
        SharedGroup group = group(SharedStrategy.HASH_CLIENT, "a", "b");
        publishTopics(group); // all of one publisher
        assertThat(got).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(SharedStrategy.class)
    void memberWithoutRoom_isPassedOver(SharedStrategy strategy) {
        SharedGroup group = group(strategy, "a", "b", "c");
        full.add("a");
        full.add("c");
        publish(group, 30);
        assertThat(got.get("b")).hasSize(30);
        assertThat(got).hasSize(1);
    }

    @Test
    void memberWithRoomAgain_isTakenAgain() {
        SharedGroup group = group(SharedStrategy.ROUND_ROBIN, "a", "b");
        full.add("a");
        publish(group, 4);
        full.clear();
        full.add("b");
        publish(group, 1); // b is asked, has no room; a is passed over still
        assertThat(group.dropped()).isEqualTo(1);
        publish(group, 2); // nobody seems to have room: one is asked all the same
        assertThat(got.getOrDefault("a", List.of()).size() + group.dropped()).isEqualTo(3);
        Eventually.until("a is taken again", () -> {
            publish(group, 1);
            return got.containsKey("a");
        });
    }

    @ParameterizedTest
    @EnumSource(SharedStrategy.class)
    void allWithoutRoom_dropsAndCounts(SharedStrategy strategy) {
        SharedGroup group = group(strategy, "a", "b");
        full.addAll(List.of("a", "b"));
        publish(group, 10);
        assertThat(group.dropped()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(SharedStrategy.class)
    void membersThatAreGone_loseNothing_howeverMany(SharedStrategy strategy) {
        String[] names = IntStream.range(0, 100).mapToObj(i -> "m" + i).toArray(String[]::new);
        SharedGroup group = group(strategy, names);
        gone.addAll(List.of(names));
        gone.remove("m77");
        publish(group, 5);
        assertThat(got.get("m77")).hasSize(5);
    }

    @Test
    void groupWhoseMembersAreGone_isEmpty() {
        SharedGroup group = group(SharedStrategy.ROUND_ROBIN, "a", "b");
        gone.addAll(List.of("a", "b"));
        publish(group, 1);
        assertThat(group.isEmpty()).isTrue();
    }

    @Test
    void returnedMessage_goesToAnother_andAtLastToNobody() {
        SharedGroup group = group(SharedStrategy.ROUND_ROBIN, "a", "b");
        group.onReturned(client("a"), 1, 0, message(1));
        assertThat(numbers("b")).containsExactly(1);
        group.onReturned(client("b"), 1, 1, message(1));
        assertThat(got).hasSize(1);
        assertThat(group.dropped()).isEqualTo(1);
    }

    @Test
    void laterConnectionOfAMember_replacesTheEarlier_whoseEndComesLate() {
        SharedGroup group = group(SharedStrategy.ROUND_ROBIN, "a");
        group.join(joined("a", 2, Qos.AT_LEAST_ONCE));
        assertThat(group.leave(client("a"), 1)).isFalse();
        publish(group, 3);
        assertThat(got.get("a")).hasSize(3);
        assertThat(group.leave(client("a"), 2)).isTrue();
        assertThat(group.isEmpty()).isTrue();
    }

    @Test
    void sentMessages_thatAreNotSettled_areTakenFromNodesThatAreGone() {
        SharedGroup group = new SharedGroup(FILTER, SharedStrategy.ROUND_ROBIN, this::handOver);
        group.join(joinedAt("here", OWNER));
        group.join(joinedAt("there", ELSEWHERE));
        publish(group, 8);
        assertThat(numbers("there")).containsExactly(1, 3, 5, 7);
        group.onSettled(client("there"), 1, Messages.id(1), true);
        group.onSettled(client("there"), 1, Messages.id(3), false);
        group.onReturned(client("there"), 1, 0, message(5));
        assertThat(group.lose(OWNER.node()::equals)).as("its own").isEmpty();
        List<ShareLeft> lost = group.lose(ELSEWHERE.node()::equals);
        assertThat(lost)
                .containsExactly(new ShareLeft(FILTER.whole(), client("there"), 1, List.of(message(7)), List.of()));
        assertThat(group.lose(ELSEWHERE.node()::equals)).as("once").isEmpty();
        assertThat(group.isEmpty()).isTrue();
    }

    @Test
    void membersOfANodeThatIsGone_getNothingMore() {
        SharedGroup group = new SharedGroup(FILTER, SharedStrategy.ROUND_ROBIN, this::handOver);
        group.join(joinedAt("here", OWNER));
        group.join(joinedAt("there", ELSEWHERE));
        assertThat(group.lose(ELSEWHERE.node()::equals)).isEmpty();
        publish(group, 4);
        assertThat(numbers("here")).containsExactly(0, 1, 2, 3);
    }

    @Test
    void messageOnItsWay_isHeld_thoughItsMemberLeaves() {
        SharedGroup group = new SharedGroup(FILTER, SharedStrategy.ROUND_ROBIN, this::handOver);
        group.join(joinedAt("there", ELSEWHERE));
        publish(group, 2);
        assertThat(group.leave(client("there"), 1)).isTrue();
        group.letGo(client("there"), 1, Messages.id(0));
        assertThat(group.isEmpty()).isFalse();
        group.letGo(client("there"), 1, Messages.id(1));
        assertThat(group.isEmpty()).isTrue();
    }

    @Test
    void memberThatComesFromAnotherOwner_isHeldToWhatItHas() {
        SharedGroup group = new SharedGroup(FILTER, SharedStrategy.ROUND_ROBIN, this::handOver);
        group.join(new ShareJoined(
                FILTER.whole(),
                client("there"),
                1,
                ELSEWHERE,
                Qos.AT_LEAST_ONCE,
                false,
                List.of(message(1), message(2)),
                List.of()));
        group.onSettled(client("there"), 1, Messages.id(1), true);
        assertThat(group.lose(ELSEWHERE.node()::equals))
                .containsExactly(new ShareLeft(FILTER.whole(), client("there"), 1, List.of(message(2)), List.of()));
    }

    @Test
    void formerOwner_forgetsOnlyWhatOthersAreToldOf() {
        SharedGroup group = new SharedGroup(FILTER, SharedStrategy.ROUND_ROBIN, this::handOver);
        group.join(joinedAt("moved", ELSEWHERE));
        group.join(joinedAt("not yet", ELSEWHERE));
        publish(group, 2);
        assertThat(group.leave(client("moved"), 1)).isTrue();
        group.forgetFormer();
        assertThat(group.lose(ELSEWHERE.node()::equals))
                .extracting(left -> left.client().value())
                .containsExactly("not yet");
    }

    @Test
    void messageThatNeedsNoAcknowledgement_isNotHeld() {
        SharedGroup group = new SharedGroup(FILTER, SharedStrategy.ROUND_ROBIN, this::handOver);
        group.join(new ShareJoined(
                FILTER.whole(), client("there"), 1, ELSEWHERE, Qos.AT_MOST_ONCE, false, List.of(), List.of()));
        publish(group, 3);
        assertThat(group.lose(ELSEWHERE.node()::equals)).isEmpty();
    }

    private static ShareJoined joinedAt(String member, Instance instance) {
        return new ShareJoined(
                FILTER.whole(), client(member), 1, instance, Qos.AT_LEAST_ONCE, false, List.of(), List.of());
    }

    private SharedGroup group(SharedStrategy strategy, String... members) {
        SharedGroup group = new SharedGroup(FILTER, strategy, this::handOver);
        for (String member : members) {
            group.join(joined(member, 1, Qos.AT_LEAST_ONCE));
        }
        return group;
    }

    private SharedGroup.Outcome handOver(
            SharedFilter filter, SharedMember member, int tries, long era, Message message) {
        String name = member.client().value();
        if (gone.contains(name)) {
            return SharedGroup.Outcome.GONE;
        }
        if (full.contains(name)) {
            return SharedGroup.Outcome.FULL;
        }
        got.computeIfAbsent(name, first -> new ArrayList<>()).add(message);
        return member.instance().equals(OWNER) ? SharedGroup.Outcome.TAKEN : SharedGroup.Outcome.SENT;
    }

    private static void publish(SharedGroup group, int count) {
        IntStream.range(0, count).forEach(number -> group.assign(message(number)));
    }

    private static void publishTopics(SharedGroup group) {
        IntStream.range(0, 400)
                .forEach(number -> group.assign(Messages.message("t/" + number, number, Qos.AT_LEAST_ONCE)));
    }

    /** Which member has got which topic; each topic has one only. */
    private Map<String, String> owners() {
        Map<String, String> owners = new HashMap<>();
        got.forEach((member, messages) -> messages.stream()
                .map(Message::topic)
                .map(TopicName::value)
                .forEach(topic -> {
                    String other = owners.put(topic, member);
                    assertThat(other).isIn(null, member);
                }));
        return owners;
    }

    private int total() {
        return got.values().stream().mapToInt(List::size).sum();
    }

    private List<Integer> numbers(String member) {
        return got.getOrDefault(member, List.of()).stream()
                .map(message -> Integer.valueOf(message.id().value()))
                .toList();
    }

    private static Message message(int number) {
        return Messages.message("t", number, Qos.AT_LEAST_ONCE);
    }

    private static ShareJoined joined(String member, long epoch, Qos qos) {
        return new ShareJoined(FILTER.whole(), client(member), epoch, OWNER, qos, false, List.of(), List.of());
    }

    private static ClientId client(String name) {
        return new ClientId(name);
    }
}
