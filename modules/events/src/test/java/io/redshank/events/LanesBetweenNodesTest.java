package io.redshank.events;

import static io.redshank.events.EventTypes.MESSAGE_PUBLISHED;
import static io.redshank.events.Samples.published;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that share one bus, which loses what it is told to lose. */
class LanesBetweenNodesTest {
    private static final long ANSWER_WITHIN_MILLIS = 50;
    private static final NodeName A = new NodeName("a@test");
    private static final Member B = backend("b@test", 1);
    private static final Member C = backend("c@test", 1);

    private final Vertx vertx = Vertx.vertx();
    private final LiveTopology seenByA =
            new LiveTopology(new Topology(new Member(A, 1, Map.of()), List.of(B), true), Routes.NONE);

    @BeforeEach
    void registerCodecs() {
        EventCodecs.register(vertx.eventBus());
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(5, SECONDS);
    }

    @Test
    void batchesAndAnswersThatGetLost_areSentAgain_andEachEventIsDoneOnce_inOrder() throws Exception {
        int events = 2_000;
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Receiver b = receiver(B);
        Handler<DeliveryContext<Object>> loss = context -> {
            synchronized (random) {
                if (random.nextInt(10) == 0) {
                    return;
                }
            }
            context.next();
        };
        vertx.eventBus().addOutboundInterceptor(loss);
        Sender a = Sender.deploy(vertx, seenByA, ANSWER_WITHIN_MILLIS);
        List<Future<MessageId>> answers = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            int number = i;
            answers.add(
                    a.request(outbox -> outbox.request(MESSAGE_PUBLISHED, Concern.MESSAGES, published("t", number))));
        }
        Future.all(answers).await(60, SECONDS);
        assertThat(b.rest().stream()
                        .filter(MessagePublished.class::isInstance)
                        .map(event -> ((MessagePublished) event).message().millis()))
                .as("seed %d", seed)
                .containsExactlyElementsOf(
                        IntStream.range(0, events).asLongStream().boxed().toList());
    }

    @Test
    void workThatTakesLongerThanAnAnswerMay_isDoneOnce() throws Exception {
        Promise<MessageId> done = Promise.promise();
        Receiver b = new Receiver(vertx, seenBy(B), Concern.MESSAGES, 0)
                .on(MESSAGE_PUBLISHED, event -> done.future())
                .open();
        Sender a = Sender.deploy(vertx, seenByA, ANSWER_WITHIN_MILLIS);
        Future<MessageId> answer =
                a.request(outbox -> outbox.request(MESSAGE_PUBLISHED, Concern.MESSAGES, published("t", 1)));
        assertThat(b.next(2)).containsExactly(published("t", 1), Receiver.BATCH_END);
        Promise<Void> askedAgain = Promise.promise();
        vertx.eventBus().addOutboundInterceptor(context -> {
            askedAgain.tryComplete();
            context.next();
        });
        askedAgain.future().await(5, SECONDS);
        done.complete(Samples.ID);
        assertThat(answer.await(5, SECONDS)).isEqualTo(Samples.ID);
        assertThat(b.rest()).isEmpty();
    }

    @Test
    void nodeGoes_whatItHasNotAnswered_goesToAnother_asSentAgain() throws Exception {
        Receiver b = new Receiver(vertx, seenBy(B), Concern.MESSAGES, 0)
                .on(MESSAGE_PUBLISHED, event -> Promise.<MessageId>promise().future())
                .open();
        Receiver c = receiver(C);
        Sender a = Sender.deploy(vertx, seenByA);
        Future<MessageId> answer =
                a.request(outbox -> outbox.request(MESSAGE_PUBLISHED, Concern.MESSAGES, published("t", 1)));
        assertThat(b.next(1)).containsExactly(published("t", 1));
        seenByA.change(List.of(C));
        assertThat(answer.await(5, SECONDS)).isEqualTo(Samples.ID);
        assertThat(c.next(1)).containsExactly(MESSAGE_PUBLISHED.again().apply(published("t", 1)));
    }

    @Test
    void nobodyServes_eventsWaitForWhoeverComes_inOrder() throws Exception {
        Receiver c = receiver(C);
        Sender a = Sender.deploy(vertx, seenByA);
        seenByA.change(List.of());
        List<Future<MessageId>> answers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            answers.add(
                    a.request(outbox -> outbox.request(MESSAGE_PUBLISHED, Concern.MESSAGES, published("t", number))));
        }
        a.turn(outbox -> {});
        assertThat(answers).noneMatch(Future::isComplete);
        seenByA.change(List.of(C));
        Future.all(answers).await(5, SECONDS);
        assertThat(c.rest()).filteredOn(MessagePublished.class::isInstance).hasSize(3);
    }

    @Test
    void nodeComes_keysThatItTakesOver_waitForWhatIsUnderWayElsewhere() throws Exception {
        Promise<MessageId> slow = Promise.promise();
        Receiver b = new Receiver(vertx, seenBy(B), Concern.MESSAGES, 0)
                .on(MESSAGE_PUBLISHED, event -> slow.future())
                .open();
        Receiver c = receiver(C);
        Sender a = Sender.deploy(vertx, seenByA);
        String moves = topicThatMovesTo(C);
        Future<MessageId> first =
                a.request(outbox -> outbox.request(MESSAGE_PUBLISHED, Concern.MESSAGES, published(moves, 1)));
        assertThat(b.next(1)).containsExactly(published(moves, 1));
        seenByA.change(List.of(B, C));
        a.turn(outbox -> {});
        Future<MessageId> second =
                a.request(outbox -> outbox.request(MESSAGE_PUBLISHED, Concern.MESSAGES, published(moves, 2)));
        a.turn(outbox -> {});
        assertThat(c.rest()).isEmpty();
        slow.complete(Samples.ID);
        Future.all(first, second).await(5, SECONDS);
        assertThat(c.next(1)).containsExactly(published(moves, 2));
    }

    @Test
    void eventForAnInstanceThatGoes_fails() throws Exception {
        Receiver b = new Receiver(vertx, seenBy(B), Concern.MESSAGES, 0)
                .on(MESSAGE_PUBLISHED, event -> Promise.<MessageId>promise().future())
                .open();
        Sender a = Sender.deploy(vertx, seenByA);
        Future<MessageId> answer = a.request(outbox ->
                outbox.requestOf(MESSAGE_PUBLISHED, Concern.MESSAGES, new Instance(B.node(), 0), published("t", 1)));
        assertThat(b.next(1)).hasSize(1);
        seenByA.change(List.of(C));
        assertThatThrownBy(() -> answer.await(5, SECONDS)).hasMessageContaining("no node serves");
    }

    @Test
    void nodeThatDoesNotAnswer_delaysAForwardedMessageForASecond_andGetsItAllTheSame() throws Exception {
        Member subscribers = new Member(new NodeName("s@test"), 1, Map.of(Concern.BROKER, 1));
        LiveTopology seen = new LiveTopology(
                new Topology(new Member(A, 1, Map.of()), List.of(subscribers), true),
                topic -> List.of(subscribers.node()));
        Sender a = Sender.deploy(vertx, seen, ANSWER_WITHIN_MILLIS);
        MessageAccepted message = new MessageAccepted(published("t", 1).message(), null, true);
        a.request(outbox -> outbox.route(message)).await(5, SECONDS);
        Receiver s = new Receiver(vertx, seenBy(subscribers), Concern.BROKER, 0)
                .on(EventTypes.MESSAGE_FORWARDED, event -> Future.succeededFuture(Answer.DONE))
                .open();
        assertThat(s.next(1)).containsExactly(message);
    }

    @Test
    void nextRunOfANode_getsNothingOfTheOneBefore() throws Exception {
        Member nextRun = backend("b@test", 2);
        Receiver next = receiver(nextRun);
        Sender a = Sender.deploy(vertx, seenByA);
        seenByA.change(List.of(nextRun));
        a.request(outbox -> outbox.request(MESSAGE_PUBLISHED, Concern.MESSAGES, published("t", 1)))
                .await(5, SECONDS);
        assertThat(next.next(1)).containsExactly(published("t", 1));
    }

    private Receiver receiver(Member of) throws Exception {
        return new Receiver(vertx, seenBy(of), Concern.MESSAGES, 0)
                .on(MESSAGE_PUBLISHED, event -> Future.succeededFuture(Samples.ID))
                .open();
    }

    private String topicThatMovesTo(Member newcomer) {
        Topology both = seenByA.now().with(List.of(B, newcomer));
        return IntStream.range(0, 1000)
                .mapToObj(i -> "topic/" + i)
                .filter(topic -> new Instance(newcomer.node(), 0)
                        .equals(both.serving(
                                Concern.MESSAGES, MESSAGE_PUBLISHED.key().applyAsInt(published(topic, 0)))))
                .findFirst()
                .orElseThrow();
    }

    private static LiveTopology seenBy(Member member) {
        return new LiveTopology(new Topology(member, List.of(), true), Routes.NONE);
    }

    private static Member backend(String name, long incarnation) {
        return new Member(new NodeName(name), incarnation, Map.of(Concern.MESSAGES, 1));
    }
}
