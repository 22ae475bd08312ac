package io.redshank.events;

import static io.redshank.events.EventTypes.CLIENT_CONNECTED;
import static io.redshank.events.EventTypes.CLIENT_DISCONNECTED;
import static io.redshank.events.EventTypes.MESSAGE_DELIVERED;
import static io.redshank.events.EventTypes.MESSAGE_PUBLISHED;
import static io.redshank.events.Samples.CLIENT;
import static io.redshank.events.Samples.NODE;
import static io.redshank.events.Samples.published;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageProperties;
import io.redshank.model.NodeName;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.redshank.model.UserProperty;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What listeners hear, here and on a node beside, of which this test plays the part. */
class BroadcastsTest {
    private static final Member BESIDE = new Member(new NodeName("beside"), 7, Map.of(Concern.BROKER, 1));
    private static final int BIG = 1 << 20;
    private static final ClientConnected CONNECTED = new ClientConnected(CLIENT, "u", NODE, 1, 2, true, 0, null);

    private final Vertx vertx = Vertx.vertx();
    private final LiveTopology topology = new LiveTopology(
            new Topology(new Member(NODE, 1, Map.of(Concern.BROKER, 1)), List.of(), true), Routes.NONE);
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    @BeforeEach
    void registerCodecs() {
        EventCodecs.register(vertx.eventBus());
    }

    @AfterEach
    void closeVertx() throws Exception {
        vertx.close().await(10, SECONDS);
    }

    @Test
    void listener_hearsItsTypes_inOrder_asLongAsItIsOpen() throws Exception {
        Sender sender = Sender.deploy(vertx, topology);
        EventListener listener =
                new EventListener(vertx).on(CLIENT_CONNECTED, heard::add).on(MESSAGE_PUBLISHED, heard::add);
        sender.turn(outbox -> outbox.broadcasts().send(CLIENT_CONNECTED, CONNECTED));
        listener.open().await(5, SECONDS);
        sender.turn(outbox -> {
            outbox.broadcasts().send(CLIENT_CONNECTED, CONNECTED);
            outbox.broadcasts().send(MESSAGE_DELIVERED, delivered());
            outbox.broadcasts().send(MESSAGE_PUBLISHED, published("t", 1));
            assertThat(outbox.broadcasts().isHeard(MESSAGE_DELIVERED)).isFalse();
            assertThat(outbox.broadcasts().isHeard(MESSAGE_PUBLISHED)).isTrue();
        });
        assertThat(next(2)).containsExactly(CONNECTED, published("t", 1));
        listener.close().await(5, SECONDS);
        sender.turn(outbox -> {
            assertThat(outbox.broadcasts().isHeard(CLIENT_CONNECTED)).isFalse();
            outbox.broadcasts().send(CLIENT_CONNECTED, CONNECTED);
        });
        assertThat(heard).isEmpty();
        assertThat(listener.lost()).isZero();
    }

    @Test
    void handlerThatFails_doesNotKeepTheNextFromBeingHeard() throws Exception {
        Sender sender = Sender.deploy(vertx, topology);
        EventListener listener = new EventListener(vertx)
                .on(CLIENT_CONNECTED, event -> {
                    throw new IllegalStateException("on purpose");
                })
                .on(MESSAGE_PUBLISHED, heard::add);
        listener.open().await(5, SECONDS);
        sender.turn(outbox -> {
            outbox.broadcasts().send(CLIENT_CONNECTED, CONNECTED);
            outbox.broadcasts().send(MESSAGE_PUBLISHED, published("t", 1));
        });
        assertThat(next(1)).containsExactly(published("t", 1));
    }

    @Test
    void listenerThatIsSlow_losesWhatIsTooMuch_andDelaysNobody() throws Exception {
        Sender sender = Sender.deploy(vertx, topology);
        Context slow = vertx.getOrCreateContext();
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch opened = new CountDownLatch(1);
        List<EventListener> listeners = new ArrayList<>();
        slow.runOnContext(turn -> {
            listeners.add(new EventListener(vertx).on(MESSAGE_PUBLISHED, heard::add));
            assertThat(listeners.get(0).open().succeeded()).isTrue();
            opened.countDown();
        });
        assertThat(opened.await(5, SECONDS)).isTrue();
        slow.runOnContext(turn -> awaitQuietly(goOn));
        for (int i = 0; i < 20; i++) {
            int number = i;
            sender.turn(outbox -> outbox.broadcasts().send(MESSAGE_PUBLISHED, big(number)));
        }
        goOn.countDown();
        assertThat(next(7)).containsExactly(big(0), big(1), big(2), big(3), big(4), big(5), big(6));
        assertThat(listeners.get(0).lost()).isEqualTo(13);
        sender.turn(outbox -> {
            assertThat(outbox.broadcasts().lost()).isEqualTo(13);
            outbox.broadcasts().send(MESSAGE_PUBLISHED, published("t", 99));
        });
        assertThat(next(1)).containsExactly(published("t", 99));
    }

    @Test
    void anotherNode_isSentWhatItListensTo_oneMessageForEachTurn() throws Exception {
        Sender sender = Sender.deploy(vertx, topology);
        vertx.eventBus().<Batch>consumer(BESIDE.audienceAddress(), message -> {
            message.body().entries().forEach(entry -> heard.add(entry.event()));
            heard.add("end");
            message.reply(new Answers(List.of()), new DeliveryOptions().setCodecName(Answers.CODEC.name()));
        });
        topology.change(List.of(BESIDE));
        sender.turn(outbox ->
                assertThat(outbox.broadcasts().isHeard(MESSAGE_PUBLISHED)).isFalse());
        topology.change(
                List.of(BESIDE.listeningTo(EventSet.NONE.and(MESSAGE_PUBLISHED).and(CLIENT_DISCONNECTED))));
        sender.turn(outbox -> {
            outbox.broadcasts().send(CLIENT_CONNECTED, CONNECTED);
            outbox.broadcasts().send(MESSAGE_PUBLISHED, published("t", 1));
            outbox.broadcasts().send(MESSAGE_PUBLISHED, published("t", 2));
        });
        assertThat(next(3)).containsExactly(published("t", 1), published("t", 2), "end");
        topology.change(List.of());
        sender.turn(outbox -> {
            assertThat(outbox.broadcasts().isHeard(MESSAGE_PUBLISHED)).isFalse();
            outbox.broadcasts().send(MESSAGE_PUBLISHED, published("t", 3));
        });
        assertThat(heard).isEmpty();
    }

    @Test
    void nodeThatDoesNotAnswer_isSentNoMoreThanItMayHave() throws Exception {
        Sender sender = Sender.deploy(vertx, topology);
        vertx.eventBus().<Batch>consumer(BESIDE.audienceAddress(), message -> heard.add(message.body()));
        topology.change(List.of(BESIDE.listeningTo(EventSet.NONE.and(MESSAGE_PUBLISHED))));
        sender.turn(outbox -> {});
        for (int i = 0; i < 20; i++) {
            int number = i;
            sender.turn(outbox -> outbox.broadcasts().send(MESSAGE_PUBLISHED, big(number)));
        }
        sender.turn(outbox -> assertThat(outbox.broadcasts().lost()).isEqualTo(13));
        assertThat(next(7)).hasSize(7);
        assertThat(heard).isEmpty();
    }

    @Test
    void whatOtherNodesSend_isHeardHere() throws Exception {
        Member self = topology.now().self();
        BlockingQueue<EventSet> interest = new LinkedBlockingQueue<>();
        BroadcastInbox inbox = new BroadcastInbox(vertx, vertx.getOrCreateContext(), self, interest::add);
        inbox.open().await(5, SECONDS);
        assertThat(interest.poll(5, SECONDS)).isEqualTo(EventSet.NONE);
        EventListener listener = new EventListener(vertx).on(MESSAGE_PUBLISHED, heard::add);
        listener.open().await(5, SECONDS);
        assertThat(interest.poll(5, SECONDS)).isEqualTo(EventSet.NONE.and(MESSAGE_PUBLISHED));
        Batch batch = new Batch(
                null,
                List.of(
                        new Batch.Entry<>(CLIENT_CONNECTED, CONNECTED, false),
                        new Batch.Entry<>(MESSAGE_PUBLISHED, published("t", 1), false)));
        DeliveryOptions options = new DeliveryOptions().setCodecName(Batch.CODEC.name());
        vertx.eventBus().request(self.audienceAddress(), batch, options).await(5, SECONDS);
        assertThat(next(1)).containsExactly(published("t", 1));
        inbox.close().await(5, SECONDS);
        listener.close().await(5, SECONDS);
        assertThat(interest).isEmpty();
    }

    /** Whatever a client can make long counts, or a slow listener would be kept more than there is room for. */
    @Test
    void weight_countsAllThatAClientCanMakeLong() {
        String text = "x".repeat(1000);
        MessageProperties said = new MessageProperties(
                null,
                null,
                text,
                new TopicName(text),
                Payload.of(new byte[1000]),
                List.of(new UserProperty(text, text), new UserProperty("", text)));
        Message message = new Message(
                published("t", 1).message().id(),
                new ClientId(text),
                new TopicName(text),
                Qos.AT_MOST_ONCE,
                false,
                Payload.of(new byte[1000]),
                1,
                said);
        LastWill will = new LastWill(message, 0);
        NodeName node = BESIDE.node();
        assertThat(new MessagePublished(message, text, false).weight()).isBetween(10_000L, 11_000L);
        assertThat(new ClientConnected(CLIENT, text, node, 1, 1, true, 0, will).weight())
                .isBetween(9_000L, 10_000L);
        assertThat(new ClientDisconnected(CLIENT, text, node, 1, 1, 0, null, will, null).weight())
                .isBetween(9_000L, 10_000L);
    }

    private List<Object> next(int count) throws InterruptedException {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object one = heard.poll(5, SECONDS);
            assertThat(one).as("after %s", all.size()).isNotNull();
            all.add(one);
        }
        return all;
    }

    private static MessageDelivered delivered() {
        MessagePublished published = published("t", 1);
        return new MessageDelivered(
                CLIENT, null, published.message().topic(), published.message().id(), 1);
    }

    private static MessagePublished big(int number) {
        Message small = published("t", number).message();
        return new MessagePublished(
                new Message(
                        small.id(), CLIENT, small.topic(), Qos.AT_MOST_ONCE, false, Payload.of(new byte[BIG]), number),
                null,
                false);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
