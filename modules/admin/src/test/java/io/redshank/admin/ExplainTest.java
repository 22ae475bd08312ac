package io.redshank.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.ClientId;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator is told of a client and a topic, and of a message and the sessions that it is for. */
class ExplainTest {
    private static final AdminFixture admin = new AdminFixture();
    private static final MessageClock clock = MessageClock.system("test");
    private static final String LATER = Long.toString(System.currentTimeMillis() + 600_000);

    private final List<String> ids = new ArrayList<>();

    @BeforeEach
    void begin() {
        admin.clear();
        for (int i = 0; i < 3; i++) {
            ids.add(clock.next().value());
        }
    }

    @AfterAll
    static void end() throws Exception {
        admin.close();
    }

    @Test
    void unknownClient_getsNothing() throws Exception {
        Explain.Answer answer = explain("c", "a/b");
        assertThat(answer.kept()).isTrue();
        assertThat(words(answer, "conclusion")).contains("no session");
    }

    @Test
    void offlineSession_isTold_whatWaitsAndFromWhere() throws Exception {
        session("c", "a/b");
        log("a/b");
        run("SET mqtt:acked:c:a/b " + ids.get(0));
        Explain.Answer answer = explain("c", "a/b");
        assertThat(answer.kept()).isFalse();
        assertThat(words(answer, "subscription")).isEqualTo("a/b at QoS 1, asked for by the client");
        assertThat(words(answer, "bookmark")).startsWith(ids.get(0)).endsWith("in the log");
        assertThat(words(answer, "waiting"))
                .startsWith("2 messages, from " + ids.get(1))
                .contains(ids.get(2));
        assertThat(words(answer, "conclusion"))
                .isEqualTo(
                        "The client is offline: 2 messages wait behind its bookmark, and it is given that when it is back.");
    }

    @Test
    void bookmarkThatLeftTheLog_isStillAPlace() throws Exception {
        session("c", "a/b");
        String gone = ids.remove(0);
        log("a/b");
        run("SET mqtt:acked:c:a/b " + gone);
        Explain.Answer answer = explain("c", "a/b");
        assertThat(words(answer, "bookmark")).endsWith("not in the log any more");
        assertThat(words(answer, "waiting")).startsWith("2 messages");
    }

    @Test
    void clientThatHasEverything_isToldSo() throws Exception {
        session("c", "a/b");
        log("a/b");
        run("SET mqtt:acked:c:a/b " + ids.get(2));
        Explain.Answer answer = explain("c", "a/b");
        assertThat(words(answer, "waiting")).isEqualTo("no messages");
        assertThat(words(answer, "conclusion")).contains("has all that is stored");
        assertThat(answer.kept()).isFalse();
    }

    @Test
    void withoutBookmark_theBeginningIsWhatTheConfigurationSays() {
        Bookmark none = new Bookmark(null, null, false);
        assertThat(none.words(false)).contains("from now on");
        assertThat(none.words(true)).contains("first_fetch");
    }

    @Test
    void wildcards_beginWhereTheyWereSubscribed() throws Exception {
        session("c", "a/#");
        run("HSET mqtt:session:c start:a/# " + ids.get(1));
        log("a/b");
        assertThat(words(explain("c", "a/b"), "waiting")).startsWith("1 message");
    }

    @Test
    void topicWhoseBookmarkIsLost_beginsWhereItWasSubscribed() throws Exception {
        session("c", "a/b");
        run("HSET mqtt:session:c start:a/b " + ids.get(0));
        log("a/b");
        assertThat(words(explain("c", "a/b"), "waiting")).startsWith("2 messages");
        run("SET mqtt:acked:c:a/b " + ids.get(1));
        assertThat(words(explain("c", "a/b"), "waiting")).startsWith("1 message");
    }

    @Test
    void underway_isTold() throws Exception {
        session("c", "a/b");
        log("a/b");
        run("SET mqtt:acked:c:a/b 0");
        run("HSET mqtt:session:c out [[7,0,1,false,true,\"a/b\",\"" + ids.get(0) + "\"]]");
        assertThat(words(explain("c", "a/b"), "underway")).isEqualTo(ids.get(0) + ", sent");
    }

    @Test
    void underwayAtQos2_isTold_ofAConnectedClientToo() throws Exception {
        session("c", "a/b");
        run("HSET mqtt:client:c state 1 online_at 1000 node " + AdminFixture.NODE);
        run("HSET mqtt:session:c connected 1000");
        admin.runNode(AdminFixture.NODE);
        log("a/b");
        run("SET mqtt:acked:c:a/b 0");
        run("HSET mqtt:inflight:c 12 " + inflight(ids.get(2), 0, 12) + " 9 " + inflight(ids.get(0), 2, 9) + " 10 "
                + inflight(ids.get(1), 1, 10));
        assertThat(explain("c", "a/b").statements().stream()
                        .filter(statement -> statement.about().equals("underway"))
                        .map(Statement::words))
                .containsExactly(
                        ids.get(0) + ", acknowledged, behind one that is not",
                        ids.get(1) + ", sent at QoS 2 and received, PUBCOMP has not come",
                        ids.get(2) + ", sent at QoS 2");
        List<String> said = new ArrayList<>();
        assertThat(show(ids.get(2), said).known()).isTrue();
        assertThat(said).anySatisfy(line -> assertThat(line).startsWith("not-acknowledged c, connected, sent"));
        said.clear();
        assertThat(show(ids.get(1), said).known()).isTrue();
        assertThat(said).noneMatch(line -> line.startsWith("not-acknowledged"));
    }

    private static String inflight(String id, int stage, int number) {
        return "[7," + stage + ",2,false,true,\"a/b\",\"" + id + "\"," + number + "]";
    }

    @Test
    void whatTheConfigurationLeavesOut_isSaid() throws Exception {
        session("c", "limited/a");
        log("limited/a");
        run("SET mqtt:acked:c:limited/a 0");
        Explain.Answer answer = explain("c", "limited/a");
        assertThat(words(answer, "fetch"))
                .isEqualTo(
                        "of what waits the newest 2 not older than 60 s; to a client without a bookmark the newest 1 not"
                                + " older than 60 s, by session.subscribed");
        assertThat(words(answer, "conclusion")).contains("(of these, the newest 2 not older than 60 s)");
        assertThat(words(explain("c", "a/b"), "fetch")).isEqualTo("nothing");
    }

    @Test
    void clientOnlineAtANodeThatDoesNotRun_isSaid() throws Exception {
        session("c", "a/b");
        run("HSET mqtt:client:c state 1 online_at 1000 node " + AdminFixture.NODE);
        Explain.Answer answer = explain("c", "a/b");
        assertThat(answer.kept()).isTrue();
        assertThat(words(answer, "conclusion")).contains("does not run");
        admin.runNode(AdminFixture.NODE);
        assertThat(explain("c", "a/b").kept()).isFalse();
    }

    @Test
    void sharedSubscription_keepsNothing() throws Exception {
        session("c", "$share/g/a/+");
        Explain.Answer answer = explain("c", "a/b");
        assertThat(answer.kept()).isTrue();
        assertThat(words(answer, "conclusion")).contains("shared");
    }

    @Test
    void queue_isThereForEverybody() throws Exception {
        session("c", "queue/a");
        log("queue/a");
        assertThat(words(explain("c", "queue/a"), "conclusion")).contains("3 messages wait in the queue");
    }

    @Test
    void topicThatIsNotStored_isLiveOnly() throws Exception {
        session("c", "$x/a");
        Explain.Answer answer = explain("c", "$x/a");
        assertThat(words(answer, "topic")).startsWith("live only");
        assertThat(answer.kept()).isTrue();
    }

    @Test
    void message_isShown_withWhoHasNotAcknowledgedIt() throws Exception {
        log("a/b");
        for (String client : List.of("has", "not", "wild", "new", "self")) {
            session(client, client.equals("wild") ? "a/#" : "a/b");
        }
        run("SET mqtt:acked:has:a/b " + ids.get(1));
        run("SET mqtt:acked:not:a/b " + ids.get(0));
        run("HSET mqtt:session:wild start:a/# " + ids.get(0));
        run("SET mqtt:acked:self:a/b 0");
        run("HSET mqtt:session:self options:a/b {\"no_local\":true}");
        List<String> said = new ArrayList<>();
        StoredMessage.Shown shown = show(ids.get(1), said);
        assertThat(shown.known()).isTrue();
        assertThat(said).anySatisfy(line -> assertThat(line).startsWith("message topic a/b, QoS 1, from self"));
        assertThat(said)
                .anySatisfy(line -> assertThat(line)
                        .isEqualTo("log number 2 of 3, behind " + ids.get(0) + ", before " + ids.get(2)));
        assertThat(said.stream().filter(line -> line.startsWith("not-acknowledged")))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).startsWith("not-acknowledged not, "))
                .anySatisfy(line -> assertThat(line).startsWith("not-acknowledged wild, "));
        assertThat(said).last().isEqualTo("conclusion 2 sessions have not acknowledged it.");
        assertThat(String.join("\n", said)).doesNotContain("secret");
    }

    @Test
    void messageThatWaits_andOneThatIsNot_areTold() throws Exception {
        List<String> said = new ArrayList<>();
        assertThat(show(ids.get(0), said).known()).isFalse();
        run("ZADD mqtt:delayed:due " + LATER + " " + ids.get(0));
        assertThat(show(ids.get(0), said).known()).isTrue();
        assertThat(said).last().asString().startsWith("message a delayed message that is published at ");
    }

    private static void session(String client, String filter) {
        run("HSET mqtt:client:" + client + " state 0 online_at 1000 offline_at 1001");
        run("HSET mqtt:session:" + client + " created_at 1 expiry 600 connected 0 due " + LATER + " sub:" + filter
                + " 1");
        run("HSET mqtt:sub:" + client + " " + filter + " 1");
    }

    private void log(String topic) {
        for (String id : ids) {
            run("HSET mqtt:msg:" + id + " id " + id + " from self qos 1 topic " + topic + " payload secret ts 1000");
            run("EXPIRE mqtt:msg:" + id + " 100");
            run("ZADD mqtt:msg:" + topic + " 1 " + id);
        }
    }

    private static void run(String command) {
        admin.redis.command(command.split(" ", -1));
    }

    private static Explain.Answer explain(String client, String topic) throws Exception {
        return admin.call(links -> new Explain(admin.vertx(), admin.options(), links, filter -> false)
                .explain(new ClientId(client), new TopicName(topic)));
    }

    private static StoredMessage.Shown show(String id, List<String> said) throws Exception {
        return admin.call(links -> new StoredMessage(
                        admin.vertx(), admin.options(), links, line -> said.add(line.about() + " " + line.words()))
                .show(new MessageId(id)));
    }

    private static String words(Explain.Answer answer, String about) {
        return answer.statements().stream()
                .filter(statement -> statement.about().equals(about))
                .map(Statement::words)
                .findFirst()
                .orElse("nothing");
    }
}
