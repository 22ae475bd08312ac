package io.redshank.events;

import static io.redshank.events.Concern.BROKER;
import static io.redshank.events.EventFailure.REFUSED;
import static io.redshank.events.EventFailure.UNAVAILABLE;
import static io.redshank.events.EventTypes.CLIENT_CLAIMED;
import static io.redshank.events.EventTypes.CLIENT_EVICTED;
import static io.redshank.events.EventTypes.CLIENT_RELEASED;
import static io.redshank.events.Receiver.BATCH_END;
import static io.redshank.events.Samples.CLIENT;
import static io.redshank.events.Samples.NODE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.model.NodeName;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the sender of an event learns of its outcome. */
class EventOutcomesTest {
    private static final LiveTopology TOPOLOGY = LiveTopology.alone(new Topology(NODE, Map.of(BROKER, 1)));
    private static final ClientReleased RELEASED = new ClientReleased(CLIENT, 1);

    private final Vertx vertx = Vertx.vertx();

    @BeforeEach
    void registerCodecs() {
        EventCodecs.register(vertx.eventBus());
    }

    @AfterEach
    void closeVertx() throws Exception {
        vertx.close().await(10, SECONDS);
    }

    @Test
    void answers_reachTheirRequesters_inWhateverOrderTheyAreGiven() throws Exception {
        Deque<Runnable> answers = new ArrayDeque<>();
        Receiver receiver = receiver(claim -> {
            Promise<Long> answer = Promise.promise();
            answers.push(() -> answer.complete(claim.instance() * 10L)); // the last one first
            if (claim.instance() == 3) {
                answers.forEach(Runnable::run);
            }
            return answer.future();
        });
        List<Future<Long>> epochs = requestClaims(4);
        assertThat(Future.all(epochs).await(5, SECONDS).<Long>list()).containsExactly(0L, 10L, 20L, 30L);
        assertThat(receiver.next(11)) // claims travel apart
                .containsSequence(claim(2), claim(3), BATCH_END)
                .containsSequence(RELEASED, RELEASED, BATCH_END);
    }

    @Test
    void failures_reachTheirRequesters_andNobodyElse() throws Exception {
        receiver(claim -> claim.instance() % 2 == 0
                ? Future.succeededFuture(claim.instance() * 10L)
                : Future.failedFuture(new EventFailedException(UNAVAILABLE, "not now: " + claim.instance())));
        List<Future<Long>> epochs = requestClaims(4);
        assertThat(epochs.get(0).await(5, SECONDS)).isEqualTo(0);
        assertThat(Failures.of(epochs.get(1)).failure()).isEqualTo(UNAVAILABLE);
        assertThat(Failures.of(epochs.get(1))).hasMessage("not now: 1");
        assertThat(epochs.get(2).await(5, SECONDS)).isEqualTo(20);
        assertThat(Failures.of(epochs.get(3))).hasMessage("not now: 3");
    }

    @Test
    void handlerThatThrows_hasFailed_andTheRestIsHandled() throws Exception {
        Receiver receiver = receiver(claim -> {
            if (claim.instance() == 1) {
                throw new IllegalStateException("a bug");
            }
            return Future.succeededFuture(7L);
        });
        List<Future<Long>> epochs = requestClaims(3);
        assertThat(epochs.get(0).await(5, SECONDS)).isEqualTo(7);
        assertThat(Failures.of(epochs.get(1)).failure()).isEqualTo(REFUSED);
        assertThat(Failures.of(epochs.get(1))).hasMessage("a bug");
        assertThat(epochs.get(2).await(5, SECONDS)).isEqualTo(7);
        assertThat(receiver.next(9)).containsSequence(claim(2), BATCH_END);
    }

    /** On the same node null would pass; on the wire there is no form for it. */
    @Test
    void handlerThatAnswersNull_hasFailed() throws Exception {
        receiver(claim -> Future.succeededFuture());
        EventFailedException failure = Failures.of(requestClaims(1).get(0));
        assertThat(failure.failure()).isEqualTo(REFUSED);
        assertThat(failure).hasMessage("the handler answered null");
    }

    @Test
    void typeThatNobodyHandles_isRefused() throws Exception {
        receiver(claim -> Future.succeededFuture(1L));
        Sender sender = Sender.deploy(vertx, TOPOLOGY);
        EventFailedException failure = Failures.of(
                sender.request(outbox -> outbox.request(CLIENT_EVICTED, BROKER, new ClientEvicted(CLIENT, 1))));
        assertThat(failure.failure()).isEqualTo(REFUSED);
        assertThat(failure).hasMessageContaining("nobody handles client-evicted at redshank.v1.broker." + NODE + ".0");
    }

    @Test
    void close_failsWhatNobodyHasReceived() throws Exception {
        Sender sender = Sender.deploy(vertx, TOPOLOGY);
        Future<Long> waiting = sender.request(outbox -> outbox.request(CLIENT_CLAIMED, BROKER, claim(1)));
        sender.turn(outbox -> {});
        sender.turn(EventOutbox::close);
        assertThat(Failures.of(waiting).failure()).isEqualTo(UNAVAILABLE);
        assertThat(Failures.of(waiting)).hasMessage("this node is stopping");
    }

    @Test
    void close_failsWhatWasReceivedAndIsNotAnswered() throws Exception {
        Receiver receiver = receiver(claim -> Promise.<Long>promise().future());
        Sender sender = Sender.deploy(vertx, TOPOLOGY);
        Future<Long> waiting = sender.request(outbox -> outbox.request(CLIENT_CLAIMED, BROKER, claim(1)));
        assertThat(receiver.next(1)).containsExactly(claim(1));
        sender.turn(EventOutbox::close);
        assertThat(Failures.of(waiting)).hasMessage("this node is stopping");
    }

    @Test
    void closedOutbox_refusesRequestsAndSendsNothing() throws Exception {
        Receiver receiver = receiver(claim -> Future.succeededFuture(1L));
        Sender closed = Sender.deploy(vertx, TOPOLOGY);
        closed.turn(EventOutbox::close);
        Future<Long> late = closed.request(outbox -> outbox.request(CLIENT_CLAIMED, BROKER, claim(1)));
        closed.turn(outbox -> {
            outbox.send(CLIENT_RELEASED, BROKER, RELEASED);
            outbox.sendToAll(CLIENT_RELEASED, BROKER, RELEASED);
        });
        assertThat(Failures.of(late)).hasMessage("this node is stopping");

        Sender other = Sender.deploy(vertx, TOPOLOGY);
        other.turn(outbox -> outbox.send(CLIENT_CLAIMED, BROKER, claim(2)));
        assertThat(receiver.next(2)).containsExactly(claim(2), BATCH_END);
    }

    @CanIgnoreReturnValue
    private Receiver receiver(Function<ClientClaimed, Future<Long>> onClaimed) throws Exception {
        return new Receiver(vertx, TOPOLOGY, BROKER, 0)
                .on(CLIENT_CLAIMED, onClaimed)
                .on(CLIENT_RELEASED, event -> Future.succeededFuture(Answer.DONE))
                .open();
    }

    /** So many requests in one turn, with an event that nobody waits for before each and behind the last. */
    private List<Future<Long>> requestClaims(int count) throws Exception {
        List<Future<Long>> epochs = new ArrayList<>();
        Sender.deploy(vertx, TOPOLOGY).turn(outbox -> {
            for (int i = 0; i < count; i++) {
                outbox.send(CLIENT_RELEASED, BROKER, RELEASED);
                epochs.add(outbox.request(CLIENT_CLAIMED, BROKER, claim(i)));
            }
            outbox.send(CLIENT_RELEASED, BROKER, RELEASED);
        });
        return epochs;
    }

    private static ClientClaimed claim(int number) {
        return new ClientClaimed(CLIENT, new NodeName("n@h"), 7, number);
    }
}
