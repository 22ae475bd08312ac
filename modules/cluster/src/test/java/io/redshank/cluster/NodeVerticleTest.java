package io.redshank.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.EventInbox;
import io.redshank.events.EventListener;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventSet;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.events.Member;
import io.redshank.events.NodesReunited;
import io.redshank.events.RouteWanted;
import io.redshank.events.Topology;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.testkit.Eventually;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that share one bus, and are told by the test which of them are there. */
class NodeVerticleTest {
    private final Vertx vertx = Vertx.vertx();

    /** What there is of a node beside its verticle: somebody who wants messages, and hears of reunions. */
    private final class Node {
        final Member member;
        final RouteTable routes = new RouteTable();
        final LiveTopology serving;
        final NodeVerticle verticle;
        final BlockingQueue<NodesReunited> reunions = new LinkedBlockingQueue<>();
        private final Promise<EventOutbox> outbox = Promise.promise();
        private final Promise<Context> context = Promise.promise();

        Node(String name, long incarnation) throws Exception {
            member = new Member(new NodeName(name), incarnation, Map.of(Concern.BROKER, 1, Concern.NODE, 1));
            serving = new LiveTopology(new Topology(member, List.of(), true), routes);
            verticle = new NodeVerticle(serving, routes);
            vertx.deployVerticle(verticle).await(5, SECONDS);
            vertx.deployVerticle(own -> {
                        context.complete(own);
                        outbox.complete(new EventOutbox(vertx, serving));
                        return new EventInbox(vertx, serving, Concern.BROKER, 0)
                                .on(EventTypes.NODES_REUNITED, event -> {
                                    reunions.add(event);
                                    return Future.succeededFuture(Answer.DONE);
                                })
                                .open();
                    })
                    .await(5, SECONDS);
        }

        Future<Answer> wants(String filter, boolean wanted) throws Exception {
            Promise<Answer> told = Promise.promise();
            EventOutbox own = outbox.future().await(5, SECONDS);
            context.future()
                    .await(5, SECONDS)
                    .runOnContext(turn -> own.request(
                                    EventTypes.ROUTE_WANTED,
                                    Concern.NODE,
                                    new RouteWanted(new TopicFilter(filter), wanted))
                            .onComplete(told));
            return told.future();
        }

        void sees(Node... others) {
            verticle.seen(Arrays.stream(others).map(other -> other.member).toList());
        }

        List<NodeName> sendsTo(String topic) {
            return routes.nodesFor(new TopicName(topic));
        }

        Stream<NodeName> knows() {
            return serving.now().others().stream().map(Member::node);
        }
    }

    @BeforeEach
    void registerCodecs() {
        EventCodecs.register(vertx.eventBus());
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(5, SECONDS);
    }

    @Test
    void nodes_serveForEachOther_onceTheySaySo() throws Exception {
        Node a = new Node("a", 1);
        Node b = new Node("b", 1);
        a.sees(b);
        b.sees(a);
        a.verticle.met().await(5, SECONDS);
        b.verticle.met().await(5, SECONDS);
        assertThat(a.knows()).isEmpty();
        b.verticle.announce(b.member).await(5, SECONDS);
        assertThat(a.serving.now().others()).containsExactly(b.member);
        b.verticle.announce(new Member(b.member.node(), 1, Map.of())).await(5, SECONDS);
        assertThat(a.knows()).isEmpty();
    }

    @Test
    void whatANodeWants_isKnownToAllOthers_whenThatIsAnswered() throws Exception {
        Node a = new Node("a", 1);
        Node b = new Node("b", 1);
        Node c = new Node("c", 1);
        meet(a, b, c);
        b.wants("x/+", true).await(5, SECONDS);
        assertThat(a.sendsTo("x/1")).containsExactly(b.member.node());
        assertThat(c.sendsTo("x/1")).containsExactly(b.member.node());
        assertThat(b.sendsTo("x/1")).isEmpty();
        b.wants("x/+", true).await(5, SECONDS); // another instance of it
        b.wants("x/+", false).await(5, SECONDS);
        assertThat(a.sendsTo("x/1")).containsExactly(b.member.node());
        b.wants("x/+", false).await(5, SECONDS);
        assertThat(a.sendsTo("x/1")).isEmpty();
    }

    @Test
    void nodeThatComes_knowsWhatOthersWant_whenItHasMetThem() throws Exception {
        Node a = new Node("a", 1);
        for (int i = 0; i < 2_345; i++) {
            a.wants("device/" + i, true).await(5, SECONDS);
        }
        Node b = new Node("b", 1);
        a.sees(b);
        b.sees(a);
        b.verticle.met().await(5, SECONDS);
        assertThat(b.routes.size()).isEqualTo(2_345);
        assertThat(b.sendsTo("device/2344")).containsExactly(a.member.node());
    }

    @Test
    void nodeThatGoes_isForgotten_andItsNextRunBeginsAnew() throws Exception {
        Node a = new Node("a", 1);
        Node b = new Node("b", 1);
        meet(a, b);
        b.verticle.announce(b.member).await(5, SECONDS);
        b.wants("x", true).await(5, SECONDS);
        a.sees();
        Eventually.asserted(() -> assertThat(a.knows()).isEmpty());
        assertThat(a.sendsTo("x")).isEmpty();
        Node next = new Node("b", 2);
        a.sees(next);
        next.sees(a);
        next.verticle.met().await(5, SECONDS);
        next.wants("y", true).await(5, SECONDS);
        assertThat(a.sendsTo("x")).isEmpty();
        assertThat(a.sendsTo("y")).containsExactly(b.member.node());
        assertThat(a.reunions).isEmpty();
    }

    /** As after a partition: what has changed meanwhile is told, and sessions look for what they have missed. */
    @Test
    void nodesThatCannotReachEachOther_andDoAgain_areReunited() throws Exception {
        Node a = new Node("a", 1);
        Node b = new Node("b", 1);
        meet(a, b);
        b.wants("old", true).await(5, SECONDS);
        long apart = System.currentTimeMillis();
        a.sees();
        b.sees();
        b.wants("old", false).await(5, SECONDS);
        b.wants("new", true).await(5, SECONDS);
        a.sees(b);
        b.sees(a);
        assertThat(a.reunions.poll(5, SECONDS))
                .isNotNull()
                .satisfies(event -> assertThat(event.sinceMillis()).isBetween(apart - 60_000, apart));
        assertThat(b.reunions.poll(5, SECONDS)).isNotNull();
        Eventually.asserted(() -> assertThat(a.sendsTo("new")).containsExactly(b.member.node()));
        assertThat(a.sendsTo("old")).isEmpty();
    }

    /** As when a node starts that cannot reach the others, and is merged with them later. */
    @Test
    void nodesThatServedEachForItself_areReunited_whenTheyMeet() throws Exception {
        Node a = new Node("a", 5_000_000);
        Node b = new Node("b", 7_000_000);
        a.verticle.announce(a.member).await(5, SECONDS);
        b.verticle.announce(b.member).await(5, SECONDS);
        meet(a, b);
        assertThat(a.reunions.poll(5, SECONDS)).isEqualTo(new NodesReunited(7_000));
        assertThat(b.reunions.poll(5, SECONDS)).isEqualTo(new NodesReunited(7_000));
    }

    /** Only one of the two has noticed: the other one is told anew all the same. */
    @Test
    void nodeThatWasForgottenByOne_isToldEverythingAgain() throws Exception {
        Node a = new Node("a", 1);
        Node b = new Node("b", 1);
        meet(a, b);
        a.wants("of/a", true).await(5, SECONDS);
        b.wants("of/b", true).await(5, SECONDS);
        a.sees();
        Eventually.asserted(() -> assertThat(a.sendsTo("of/b")).isEmpty());
        a.sees(b);
        Eventually.asserted(() -> assertThat(a.sendsTo("of/b")).containsExactly(b.member.node()));
        assertThat(b.sendsTo("of/a")).containsExactly(a.member.node());
    }

    /** All nodes of this test have one Vert.x, and so one audience. */
    @Test
    void whatIsListenedTo_isKnownToOthers_asLongAsSomebodyListens() throws Exception {
        Node a = new Node("a", 1);
        Node b = new Node("b", 1);
        meet(a, b);
        EventListener listener = new EventListener(vertx).on(EventTypes.CLIENT_CONNECTED, event -> {});
        listener.open().await(5, SECONDS);
        b.verticle.announce(b.member).await(5, SECONDS);
        EventSet connects = EventSet.NONE.and(EventTypes.CLIENT_CONNECTED);
        Eventually.asserted(() -> assertThat(a.serving.now().others()).containsExactly(b.member.listeningTo(connects)));
        EventListener second = new EventListener(vertx).on(EventTypes.MESSAGE_ACKED, event -> {});
        second.open().await(5, SECONDS);
        Eventually.asserted(() -> assertThat(a.serving.now().others())
                .containsExactly(b.member.listeningTo(connects.and(EventTypes.MESSAGE_ACKED))));
        listener.close().await(5, SECONDS);
        second.close().await(5, SECONDS);
        Eventually.asserted(() -> assertThat(a.serving.now().others()).containsExactly(b.member));
    }

    private static void meet(Node... nodes) throws Exception {
        for (Node node : nodes) {
            node.sees(Arrays.stream(nodes).filter(other -> other != node).toArray(Node[]::new));
        }
        for (Node node : nodes) {
            node.verticle.met().await(5, SECONDS);
        }
    }
}
