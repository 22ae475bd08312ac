package io.redshank.events;

import static io.redshank.events.Concern.ACKS;
import static io.redshank.events.Concern.BROKER;
import static io.redshank.events.Concern.MESSAGES;
import static io.redshank.events.EventTypes.CLIENT_CLAIMED;
import static io.redshank.events.EventTypes.CLIENT_RELEASED;
import static io.redshank.events.EventTypes.MESSAGE_PUBLISHED;
import static io.redshank.events.Receiver.BATCH_END;
import static io.redshank.events.Samples.CLIENT;
import static io.redshank.events.Samples.NODE;
import static io.redshank.events.Samples.published;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Outbox and inbox on a real event bus, where receivers are there, come late, and go. */
class EventDeliveryTest {
    private static final LiveTopology TOPOLOGY = LiveTopology.alone(new Topology(NODE, Map.of(MESSAGES, 4, BROKER, 3)));
    private static final MessagePublished FIRST = published("t", 1);
    private static final MessagePublished SECOND = published("t", 2);
    private static final MessagePublished THIRD = published("t", 3);
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
    void eventsOfOneTurn_arriveAsOneBatchInOrder() throws Exception {
        Receiver receiver = messagesReceiverOf("t").open();
        Sender sender = Sender.deploy(vertx, TOPOLOGY);
        sender.turn(outbox -> {
            outbox.send(MESSAGE_PUBLISHED, MESSAGES, FIRST);
            outbox.request(MESSAGE_PUBLISHED, MESSAGES, SECOND).onFailure(EventDeliveryTest::unexpected);
            outbox.send(MESSAGE_PUBLISHED, MESSAGES, FIRST);
        });
        sender.turn(outbox -> outbox.send(MESSAGE_PUBLISHED, MESSAGES, THIRD));
        assertThat(receiver.next(6)).containsExactly(FIRST, SECOND, FIRST, BATCH_END, THIRD, BATCH_END);
    }

    @Test
    void localDelivery_handsOverTheSameInstance() throws Exception {
        Receiver receiver = messagesReceiverOf("t").open();
        Sender.deploy(vertx, TOPOLOGY).turn(outbox -> outbox.send(MESSAGE_PUBLISHED, MESSAGES, FIRST));
        assertThat(receiver.next(1).get(0)).isSameAs(FIRST);
    }

    @Test
    void sameKey_goesToTheSameInstanceInOrder() throws Exception {
        List<Receiver> receivers = new ArrayList<>();
        for (int instance = 0; instance < 4; instance++) {
            receivers.add(messagesReceiver(instance).open());
        }
        Sender sender = Sender.deploy(vertx, TOPOLOGY);
        List<Future<MessageId>> stored = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            MessagePublished event = published("topic/" + i % 20, i);
            stored.add(sender.request(outbox -> outbox.request(MESSAGE_PUBLISHED, MESSAGES, event)));
        }
        Future.all(stored).await(5, SECONDS);

        Map<String, List<Long>> numbersByTopic = new HashMap<>();
        int served = 0;
        for (Receiver receiver : receivers) {
            Map<String, List<Long>> here = new HashMap<>();
            for (Object seen : receiver.rest()) {
                if (seen instanceof MessagePublished event) {
                    here.computeIfAbsent(event.message().topic().value(), topic -> new ArrayList<>())
                            .add(event.message().millis());
                }
            }
            served += here.isEmpty() ? 0 : 1;
            here.forEach((topic, numbers) ->
                    assertThat(numbersByTopic.put(topic, numbers)).as(topic).isNull());
        }
        assertThat(served).as("instances that had work").isGreaterThan(1);
        assertThat(numbersByTopic)
                .hasSize(20)
                .allSatisfy((topic, numbers) -> assertThat(numbers).hasSize(10).isSorted());
    }

    @Test
    void sendToAll_reachesEveryInstanceOnce() throws Exception {
        List<Receiver> receivers = new ArrayList<>();
        for (int instance = 0; instance < 3; instance++) {
            receivers.add(brokerReceiver(instance).open());
        }
        Sender sender = Sender.deploy(vertx, TOPOLOGY);
        sender.turn(outbox -> outbox.sendToAll(CLIENT_RELEASED, BROKER, RELEASED));
        for (int instance = 0; instance < 3; instance++) {
            ClientClaimed last = new ClientClaimed(CLIENT, new NodeName("n@h"), 7, instance);
            sender.request(outbox ->
                            outbox.requestOf(CLIENT_CLAIMED, BROKER, new Instance(NODE, last.instance()), last))
                    .await(5, SECONDS);
            assertThat(receivers.get(instance).rest()).containsExactly(RELEASED, BATCH_END, last, BATCH_END);
        }
    }

    @Test
    void receiverThatOpensLater_getsAllBatchesInOrder() throws Exception {
        Sender sender = Sender.deploy(vertx, TOPOLOGY);
        sender.turn(outbox -> {
            outbox.send(MESSAGE_PUBLISHED, MESSAGES, FIRST);
            outbox.send(MESSAGE_PUBLISHED, MESSAGES, SECOND);
        });
        sender.turn(outbox -> outbox.send(MESSAGE_PUBLISHED, MESSAGES, THIRD));
        MessagePublished fourth = published("t", 4);
        Future<MessageId> stored = sender.request(outbox -> outbox.request(MESSAGE_PUBLISHED, MESSAGES, fourth));

        Receiver receiver = messagesReceiverOf("t").open();
        assertThat(stored.await(5, SECONDS)).isEqualTo(fourth.message().id());
        List<Object> events = receiver.rest();
        events.removeIf(BATCH_END::equals);
        assertThat(events)
                .extracting(event -> ((MessagePublished) event).message())
                .containsExactly(FIRST.message(), SECOND.message(), THIRD.message(), fourth.message());
        assertThat(events.subList(0, 2))
                .as("those that were sent before")
                .allMatch(event -> ((MessagePublished) event).resent());
    }

    @Test
    void receiverThatIsReplaced_losesNothing() throws Exception {
        Receiver old = messagesReceiverOf("t").open();
        Sender sender = Sender.deploy(vertx, TOPOLOGY);
        sender.request(outbox -> outbox.request(MESSAGE_PUBLISHED, MESSAGES, FIRST))
                .await(5, SECONDS);
        old.close();
        sender.turn(outbox -> outbox.send(MESSAGE_PUBLISHED, MESSAGES, SECOND));
        sender.turn(outbox -> outbox.send(MESSAGE_PUBLISHED, MESSAGES, THIRD));

        Receiver replacement = messagesReceiverOf("t").open();
        assertThat(replacement.next(2))
                .extracting(event -> ((MessagePublished) event).message())
                .containsExactly(SECOND.message(), THIRD.message());
        assertThat(old.rest()).containsExactly(FIRST, BATCH_END);
    }

    @Test
    void concernThatNobodyServes_isUnavailable() throws Exception {
        Sender sender = Sender.deploy(vertx, TOPOLOGY);
        sender.turn(outbox -> outbox.send(CLIENT_RELEASED, ACKS, RELEASED)); // is dropped
        EventFailedException failure =
                Failures.of(sender.request(outbox -> outbox.request(CLIENT_RELEASED, ACKS, RELEASED)));
        assertThat(failure.failure()).isEqualTo(EventFailure.UNAVAILABLE);
        assertThat(failure).hasMessage("no node serves ACKS");
    }

    private Receiver messagesReceiverOf(String topic) {
        return messagesReceiver(Math.floorMod(MESSAGE_PUBLISHED.key().applyAsInt(published(topic, 0)), 4));
    }

    private Receiver messagesReceiver(int instance) {
        return new Receiver(vertx, TOPOLOGY, MESSAGES, instance)
                .on(
                        MESSAGE_PUBLISHED,
                        event -> Future.succeededFuture(event.message().id()));
    }

    private Receiver brokerReceiver(int instance) {
        return new Receiver(vertx, TOPOLOGY, BROKER, instance)
                .on(CLIENT_RELEASED, event -> Future.succeededFuture(Answer.DONE))
                .on(CLIENT_CLAIMED, event -> Future.succeededFuture(1L));
    }

    private static void unexpected(Throwable failure) {
        throw new AssertionError(failure);
    }
}
