package io.redshank.admin;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.testkit.Eventually;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of finding: what is found, that mending it ends it, and what must not be taken for it. */
class DoctorTest {
    private static final AdminFixture admin = new AdminFixture();
    private static final String NODE = AdminFixture.NODE;
    private static final String DEAD = "dead@127.0.0.1";
    private static final MessageClock clock = MessageClock.system("test");
    private static final String ID = clock.next().value();
    private static final String HELD = clock.next().value();
    private static final String HELD_TOO = clock.next().value();
    private static final String LATER = Long.toString(System.currentTimeMillis() + 600_000);
    private static final String NOW = Long.toString(System.currentTimeMillis() / 1000);

    @BeforeEach
    void begin() {
        admin.clear();
    }

    @AfterAll
    static void end() throws Exception {
        admin.close();
    }

    static Stream<Arguments> wrongs() {
        return Stream.of(
                wrong("client-online mqtt:client:c", "HSET mqtt:client:c state 1 online_at 1000 node " + DEAD),
                wrong("no-ttl mqtt:client:c", "HSET mqtt:client:c state 0 online_at 1000 offline_at 1001"),
                wrong(
                        "client-not-on-node mqtt:client:c",
                        "RUN " + NODE,
                        "HSET mqtt:client:c state 1 online_at 1000 node " + NODE),
                wrong("node-entry mqtt:node:" + DEAD + " c", "HSET mqtt:node:" + DEAD + " c 1000"),
                wrong(
                        "node-entry mqtt:node:" + NODE + " c",
                        "RUN " + NODE,
                        "HSET mqtt:node:" + NODE + " c 1000",
                        "HSET mqtt:client:c state 0 offline_at 1001",
                        "EXPIRE mqtt:client:c 1000"),
                wrong(
                        "session-connected mqtt:session:c",
                        "HSET mqtt:session:c created_at 1 expiry 100 connected 1000 node " + DEAD),
                wrong(
                        "session-connected mqtt:session:c",
                        "RUN " + NODE,
                        "HSET mqtt:client:c state 0 offline_at 1001",
                        "EXPIRE mqtt:client:c 1000",
                        "HSET mqtt:session:c created_at 1 expiry 4294967295 connected 1000 node " + NODE),
                wrong(
                        "session-remains mqtt:session:c",
                        "HSET mqtt:session:c caught_up 1 sub:a/b 1 sub:$exclusive/x 1",
                        "HSET mqtt:sub:c a/b 1 $exclusive/x 1",
                        "SET mqtt:exclusive:x c EX 100",
                        "SET mqtt:acked:c:a/b 0 EX 100"),
                wrong(
                        "session-without-end mqtt:session:c",
                        "HSET mqtt:session:c created_at 1 expiry 100 connected 0 node " + NODE),
                wrong(
                        "session-not-due mqtt:session:c",
                        "HSET mqtt:session:c created_at 1 expiry 100 connected 0 due " + LATER,
                        "EXPIRE mqtt:session:c 1000"),
                wrong(
                        "no-ttl mqtt:session:c",
                        "HSET mqtt:session:c created_at 1 expiry 100 connected 0 due " + LATER,
                        "ZADD mqtt:sessions:due " + LATER + " c"),
                wrong("due-without-session mqtt:sessions:due c", "ZADD mqtt:sessions:due " + LATER + " c"),
                wrong("bookmark-of-nobody mqtt:acked:c:a/b", "SET mqtt:acked:c:a/b " + ID + " EX 100"),
                wrong(
                        "no-ttl mqtt:acked:c:a/b",
                        "HSET mqtt:client:c state 0",
                        "EXPIRE mqtt:client:c 100",
                        "SET mqtt:acked:c:a/b 0"),
                wrong(
                        "bookmark-lost mqtt:acked:c:a/b",
                        "HSET mqtt:client:c state 0",
                        "EXPIRE mqtt:client:c 100",
                        "HSET mqtt:msg:foreign topic a/b payload x",
                        "EXPIRE mqtt:msg:foreign 100",
                        "ZADD mqtt:msg:a/b 1 foreign",
                        "ZADD mqtt:topics:log 1 a/b",
                        "SET mqtt:acked:c:a/b alien EX 100"),
                wrong(
                        "expired-id mqtt:msg:a/b " + ID,
                        "HSET mqtt:msg:alive topic a/b payload x",
                        "EXPIRE mqtt:msg:alive 100",
                        "ZADD mqtt:msg:a/b 1 " + ID + " 1 alive",
                        "ZADD mqtt:topics:log 1 a/b"),
                wrong(
                        "id-is-topic mqtt:msg:a/b " + ID,
                        "HSET mqtt:msg:alive topic a/b payload x",
                        "EXPIRE mqtt:msg:alive 100",
                        "ZADD mqtt:msg:a/b 1 alive 1 " + ID,
                        "ZADD mqtt:msg:" + ID + " 1 alive",
                        "ZADD mqtt:topics:log 1 a/b 1 " + ID),
                wrong("empty-log mqtt:topics:log a/b", "ZADD mqtt:topics:log 1000 a/b"),
                wrong("index-malformed mqtt:topics:log a/+", "ZADD mqtt:topics:log 1000 a/+"),
                wrong(
                        "topic-is-id mqtt:topics:log " + ID,
                        "HSET mqtt:msg:" + ID + " topic a/b payload x",
                        "EXPIRE mqtt:msg:" + ID + " 100",
                        "ZADD mqtt:topics:log 1000 " + ID),
                wrong(
                        "log-not-indexed mqtt:msg:a/b",
                        "HSET mqtt:msg:" + ID + " topic a/b payload x",
                        "EXPIRE mqtt:msg:" + ID + " 100",
                        "ZADD mqtt:msg:a/b 1 " + ID),
                wrong("no-ttl mqtt:msg:" + ID, "HSET mqtt:msg:" + ID + " topic a/b payload x"),
                wrong("no-ttl mqtt:latest_msg:a/b", "HSET mqtt:latest_msg:a/b topic a/b payload x"),
                wrong("retained-not-indexed mqtt:retain:a/b", "HSET mqtt:retain:a/b topic a/b payload x"),
                wrong("retained-gone mqtt:topics:retained a\0b", "ZADD mqtt:topics:retained 0 a\0b"),
                wrong("index-malformed mqtt:topics:retained #", "ZADD mqtt:topics:retained 0 #"),
                wrong(
                        "retained-old-layout mqtt:retain:a/b",
                        "HSET mqtt:msg:" + ID + " id " + ID + " topic a/b payload x",
                        "SET mqtt:retain:a/b " + ID),
                wrong(
                        "retained-body-gone mqtt:retain:a/b",
                        "SET mqtt:retain:a/b " + ID,
                        "ZADD mqtt:topics:retained 0 a\0b"),
                wrong(
                        "will-of-nobody mqtt:will:" + ID,
                        "HSET mqtt:will:" + ID + " from c topic a/b payload x",
                        "EXPIRE mqtt:will:" + ID + " 1000"),
                wrong(
                        "will-not-due mqtt:will:" + ID,
                        "HSET mqtt:session:c created_at 1 connected 0 expiry 4294967295 will " + ID + " will_due "
                                + LATER,
                        "HSET mqtt:will:" + ID + " from c topic a/b payload x",
                        "EXPIRE mqtt:will:" + ID + " 1000"),
                wrong(
                        "delayed-not-due mqtt:delayed:" + ID,
                        "HSET mqtt:delayed:" + ID + " from c topic a/b payload x",
                        "EXPIRE mqtt:delayed:" + ID + " 604900"),
                wrong(
                        "no-ttl mqtt:delayed:" + ID,
                        "HSET mqtt:delayed:" + ID + " from c topic a/b payload x",
                        "ZADD mqtt:delayed:due " + LATER + " " + ID),
                wrong("due-without-message mqtt:will:due " + ID, "ZADD mqtt:will:due " + LATER + " " + ID),
                wrong("due-without-message mqtt:delayed:due " + ID, "ZADD mqtt:delayed:due " + LATER + " " + ID),
                wrong(
                        "will-left-behind mqtt:wills:" + DEAD + " " + ID,
                        "HSET mqtt:will:" + ID + " from c topic a/b payload x node " + DEAD,
                        "HSET mqtt:wills:" + DEAD + " " + ID + " 0~c"),
                wrong(
                        "will-left-behind mqtt:wills:" + DEAD + " " + ID,
                        "HSET mqtt:session:c created_at 1 expiry 4294967295 connected 0 node " + DEAD,
                        "HSET mqtt:will:" + ID + " from c topic a/b payload x node " + DEAD,
                        "HSET mqtt:wills:" + DEAD + " " + ID + " 600~c"),
                wrong(
                        "will-of-nobody mqtt:will:" + ID,
                        "RUN " + NODE,
                        "HSET mqtt:will:" + ID + " from c topic a/b payload x node " + NODE),
                wrong(
                        "held-without-will mqtt:wills:" + NODE + " " + ID,
                        "RUN " + NODE,
                        "HSET mqtt:wills:" + NODE + " " + ID + " 0~c"),
                wrong("held-without-will mqtt:wills:" + DEAD + " " + ID, "HSET mqtt:wills:" + DEAD + " " + ID + " x"),
                wrong(
                        "inflight-of-nobody mqtt:inflight:c",
                        "HSET mqtt:inflight:c 1 [7,0,2,false,true,\"a/b\",\"" + ID + "\",1]",
                        "EXPIRE mqtt:inflight:c 1000"),
                wrong("inflight-of-nobody mqtt:inflight:c", "HSET mqtt:inflight:c 1 x"),
                wrong(
                        "received-of-nobody mqtt:received:c",
                        "HSET mqtt:received:c 7 ?" + ID,
                        "EXPIRE mqtt:received:c 1000"),
                wrong("lease-without-message mqtt:lease:queue/a " + ID, "HSET mqtt:lease:queue/a " + ID + " 1000~c"),
                wrong("exclusive-without-ttl mqtt:exclusive:a/b", "SET mqtt:exclusive:a/b c"));
    }

    private static Arguments wrong(String expected, String... commands) {
        return Arguments.of(expected, List.of(commands));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongs")
    void whatIsWrong_isFound_andGoneOnceMended(String expected, List<String> commands) throws Exception {
        commands.forEach(DoctorTest::prepare);
        assertThat(admin.examine(false).lines()).containsExactly("FOUND " + expected);
        assertThat(admin.examine(true).lines()).containsExactly("MENDED " + expected);
        assertThat(admin.examine(true).lines()).isEmpty();
    }

    static Stream<String> wrongTypes() {
        return Stream.of(
                "mqtt:client:c",
                "mqtt:node:" + NODE,
                "mqtt:sub:c",
                "mqtt:retain:a",
                "mqtt:msg:a",
                "mqtt:acked:c:a",
                "mqtt:latest_msg:a",
                "mqtt:exclusive:a",
                "mqtt:session:c",
                "mqtt:inflight:c",
                "mqtt:received:c",
                "mqtt:wills:" + NODE,
                "mqtt:lease:a",
                "mqtt:will:a",
                "mqtt:delayed:a");
    }

    @ParameterizedTest
    @MethodSource("wrongTypes")
    void wrongType_isLeftToAPerson(String key) throws Exception {
        prepare("LPUSH " + key + " x");
        assertThat(admin.examine(true).lines()).containsExactly("BY_HAND wrong-type " + key);
        assertThat(admin.redis.command("TYPE", key)).isEqualTo("list");
    }

    @Test
    void whatLiveStateExplains_isNotFound() throws Exception {
        admin.runNode(NODE);
        for (String command : List.of(
                // a client that is connected, with a session, and one that has gone
                "HSET mqtt:client:on state 1 online_at 1000 offline_at undefined node " + NODE,
                "HSET mqtt:node:" + NODE + " on 1000 halfway 1000",
                "HSET mqtt:session:on created_at 1 expiry 100 connected 1000000 sub:a/b 1 node " + NODE,
                "HSET mqtt:session:halfway created_at 1 expiry 100 connected 1000000 node " + NODE,
                "HSET mqtt:client:off state 0 online_at 1000 offline_at 1001",
                "EXPIRE mqtt:client:off 1000",
                "HSET mqtt:session:off created_at 1 expiry 100 connected 0 due " + LATER,
                "EXPIRE mqtt:session:off 1000",
                "ZADD mqtt:sessions:due " + LATER + " off",
                "HSET mqtt:session:forever created_at 1 expiry 4294967295 connected 0",
                // what applications wrote for clients that never came
                "HSET mqtt:sub:bob weather 1",
                "SET conn:c x",
                // bookmarks at the beginning, in the log, behind its beginning, and of an application
                "SET mqtt:acked:on:a/b 0 EX 100",
                "SET mqtt:acked:off:a/b " + ID + " EX 100",
                "SET mqtt:acked:forever:a/b 00000000000000000001",
                // a log, with an id that the sweep will come to, and a queue that was emptied just now
                "HSET mqtt:msg:" + ID + " topic a/b payload x",
                "EXPIRE mqtt:msg:" + ID + " 100",
                "ZADD mqtt:msg:a/b 1 " + before(10) + " 1 " + ID,
                "ZADD mqtt:topics:log " + NOW + "000 a/b " + NOW + "000 queue/a",
                // retained messages, a will that waits, a delayed message, claims
                "HSET mqtt:retain:r topic r payload x",
                "ZADD mqtt:topics:retained 0 r",
                "HSET mqtt:will:" + ID + " from off topic a payload x",
                "EXPIRE mqtt:will:" + ID + " 1000",
                "ZADD mqtt:will:due " + LATER + " " + ID,
                "HSET mqtt:delayed:" + ID + " from off topic a payload x",
                "EXPIRE mqtt:delayed:" + ID + " 1000",
                "ZADD mqtt:delayed:due " + LATER + " " + ID,
                // wills of clients that are connected, in no index and without an end
                "HSET mqtt:will:" + HELD + " from on topic a payload x node " + NODE,
                "HSET mqtt:will:" + HELD_TOO + " from halfway topic a payload x node " + NODE,
                "HSET mqtt:wills:" + NODE + " " + HELD + " 0~on " + HELD_TOO + " 600~halfway",
                // what is underway at QoS 2, both ways, of sessions with and without a connection
                "HSET mqtt:inflight:on 1 [7,0,2,false,true,\"a/b\",\"" + ID + "\",1]",
                "EXPIRE mqtt:inflight:on 1000",
                "HSET mqtt:inflight:off 3 [8,1,2,false,true,\"a/b\",\"" + ID + "\",3]",
                "EXPIRE mqtt:inflight:off 1000",
                "HSET mqtt:received:on 7 ?" + ID + " 8 " + ID,
                "EXPIRE mqtt:received:on 1000",
                // leases: of a message that is there and one that was acknowledged just now
                "HSET mqtt:lease:queue/a " + ID + " 1000~on " + HELD + " " + LATER + "~on",
                "PEXPIRE mqtt:lease:queue/a 600000",
                "SET mqtt:exclusive:a/b on",
                "SET mqtt:exclusive:c forever",
                "SET mqtt:exclusive:d nobody EX 60")) {
            prepare(command);
        }
        AdminFixture.Examined examined = admin.examine(true);
        assertThat(examined.lines()).isEmpty();
        assertThat(examined.counts().keys()).isEqualTo(26);
        assertThat(examined.counts().notes())
                .isEqualTo(Map.of(Counts.Note.BOOKMARK_AT_START, 1L, Counts.Note.BOOKMARK_LEFT_LOG, 1L));
    }

    /** A node that has lost its Redis for a moment has clients all the same. */
    @Test
    void nodeThatIsBackInTime_isBelieved() throws Exception {
        prepare("HSET mqtt:client:c state 1 online_at 1000 offline_at undefined node " + NODE);
        prepare("HSET mqtt:node:" + NODE + " c 1000");
        Future<AdminFixture.Examined> examining = admin.examining(true, new Doctor.Pace(1, 1, 2_000));
        Eventually.until("a first look for the node", () -> admin.commandCalls("pubsub") > 5);
        admin.runNode(NODE);
        assertThat(examining.await(30, SECONDS).lines()).isEmpty();
        assertThat(admin.redis.hash("mqtt:client:c")).containsEntry("state", "1");
    }

    @Test
    void mendedClient_isOffline_andItsSessionEndsInItsTime() throws Exception {
        prepare("HSET mqtt:client:c state 1 online_at 1000 offline_at undefined node " + DEAD);
        prepare("HSET mqtt:node:" + DEAD + " c 1000");
        prepare("HSET mqtt:session:c created_at 1 expiry 100 connected 1000000 out [] node " + DEAD);
        assertThat(admin.examine(true).counts().findings()).hasSize(3);
        assertThat(admin.redis.hash("mqtt:client:c")).containsEntry("state", "0");
        assertThat(admin.redis.command("EXISTS", "mqtt:node:" + DEAD)).isEqualTo(0L);
        Map<String, String> session = admin.redis.hash("mqtt:session:c");
        assertThat(session).containsEntry("connected", "0").doesNotContainKey("out");
        assertThat(admin.redis.command("ZSCORE", "mqtt:sessions:due", "c")).isEqualTo(session.get("due"));
    }

    @Test
    void mendedRetained_isAHashWithItsPayload_andItsBodyEnds() throws Exception {
        byte[] payload = {0, (byte) 0xFF, '\n', (byte) 0xC3};
        admin.redis.binary("HSET", "mqtt:msg:" + ID, "id", ID, "topic", "a/b", "qos", "1", "payload", payload);
        prepare("SET mqtt:retain:a/b " + ID);
        assertThat(admin.examine(true).lines()).containsExactly("MENDED retained-old-layout mqtt:retain:a/b");
        assertThat(admin.redis.binary("HGET", "mqtt:retain:a/b", "payload")).isEqualTo(payload);
        assertThat(admin.redis.hash("mqtt:retain:a/b")).containsEntry("id", ID).containsEntry("qos", "1");
        assertThat((Long) admin.redis.command("TTL", "mqtt:msg:" + ID)).isPositive();
    }

    @Test
    void mendedRemains_takeAlongWhatIsTheirs_andNothingElse() throws Exception {
        prepare("HSET mqtt:session:c caught_up 1 sub:a/b 1");
        prepare("HSET mqtt:sub:c a/b 1 weather 1");
        prepare("HSET mqtt:inflight:c 1 x");
        prepare("HSET mqtt:received:c 7 x");
        prepare("SET mqtt:acked:c:a/b 0 EX 100");
        prepare("HSET mqtt:client:c state 0");
        prepare("EXPIRE mqtt:client:c 100");
        prepare("SET mqtt:acked:c:weather 0 EX 100");
        assertThat(admin.examine(true).lines()).containsExactly("MENDED session-remains mqtt:session:c");
        assertThat(admin.redis.hash("mqtt:sub:c")).isEqualTo(Map.of("weather", "1"));
        assertThat(admin.redis.command("EXISTS", "mqtt:acked:c:a/b", "mqtt:acked:c:weather"))
                .isEqualTo(1L);
        assertThat(admin.redis.command("EXISTS", "mqtt:inflight:c", "mqtt:received:c"))
                .isEqualTo(0L);
    }

    @Test
    void mendedWill_isDue_now_orAfterItsDelay_unlessItsClientIsBackElsewhere() throws Exception {
        prepare("HSET mqtt:session:waits created_at 1 expiry 4294967295 connected 0 node " + DEAD);
        prepare("RUN " + NODE);
        prepare("HSET mqtt:node:" + NODE + " back 1000");
        prepare("HSET mqtt:session:back created_at 1 expiry 100 connected 1000 node " + NODE);
        String other = clock.next().value();
        for (String id : List.of(ID, HELD, HELD_TOO, other)) {
            prepare("HSET mqtt:will:" + id + " from c topic a/b payload x node " + DEAD);
        }
        prepare("HSET mqtt:wills:" + DEAD + " " + ID + " 0~c " + HELD + " 600~waits " + HELD_TOO + " 600~back " + other
                + " 600~gone");
        assertThat(admin.examine(true).lines())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).startsWith("MENDED will-left-behind"));
        assertThat(dueInSeconds(ID)).isBetween(-60L, 0L);
        assertThat(dueInSeconds(HELD)).isBetween(500L, 600L);
        assertThat(admin.redis.hash("mqtt:session:waits")).containsEntry("will", HELD);
        assertThat(admin.redis.command("EXISTS", "mqtt:will:" + HELD_TOO)).isEqualTo(0L);
        assertThat(admin.redis.command("ZSCORE", "mqtt:will:due", HELD_TOO)).isNull();
        assertThat(dueInSeconds(other)).isBetween(-60L, 0L);
    }

    private static long dueInSeconds(String will) {
        String score = String.valueOf(admin.redis.command("ZSCORE", "mqtt:will:due", will));
        return Math.round((Double.parseDouble(score) - System.currentTimeMillis()) / 1000);
    }

    @Test
    void moreThanFitsAtOnce_isFoundAndMended() throws Exception {
        List<String> add = new ArrayList<>(List.of("ZADD", "mqtt:msg:a/b"));
        for (int i = 0; i < 1_500; i++) {
            add.add("1");
            add.add("id" + i);
        }
        admin.redis.command(add.toArray(String[]::new));
        prepare("ZADD mqtt:topics:log 1 a/b");
        AdminFixture.Examined examined = admin.examine(true);
        assertThat(examined.counts().findings().get(FindingKind.EXPIRED_ID))
                .isEqualTo(Map.of(Finding.State.MENDED, 1_500L));
        assertThat(admin.redis.command("EXISTS", "mqtt:msg:a/b")).isEqualTo(0L);
    }

    private static String before(int seconds) {
        return MessageClock.endOf(System.currentTimeMillis() - seconds * 1000L).value();
    }

    private static void prepare(String command) {
        if (command.startsWith("RUN ")) {
            admin.runNode(command.substring(4));
        } else {
            admin.redis.command(Stream.of(command.split(" ", -1))
                    .map(argument -> argument.replace('~', ' '))
                    .toArray(String[]::new));
        }
    }

    @Test
    void ids_areThoseOfAClock() {
        assertThat(MessageClock.microsOf(new MessageId(ID))).isPositive();
    }
}
