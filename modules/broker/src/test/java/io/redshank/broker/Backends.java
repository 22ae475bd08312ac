package io.redshank.broker;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.redshank.events.AcksAwaited;
import io.redshank.events.Answer;
import io.redshank.events.AppendedLookup;
import io.redshank.events.BacklogFetch;
import io.redshank.events.ClientConnected;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.Concern;
import io.redshank.events.Counts;
import io.redshank.events.CountsLookup;
import io.redshank.events.EventInbox;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.Instance;
import io.redshank.events.LifecycleEvent;
import io.redshank.events.LiveTopology;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessageAcked;
import io.redshank.events.MessageDelayed;
import io.redshank.events.MessageDelivered;
import io.redshank.events.MessagePage;
import io.redshank.events.MessagePublished;
import io.redshank.events.MessagesFetch;
import io.redshank.events.PacketIdReleased;
import io.redshank.events.RetainedLookup;
import io.redshank.events.SessionFound;
import io.redshank.events.SessionSubscribed;
import io.redshank.events.SessionUnsubscribed;
import io.redshank.events.ShareCaughtUp;
import io.redshank.events.ShareEnded;
import io.redshank.events.ShareFound;
import io.redshank.events.ShareMoved;
import io.redshank.events.ShareOpened;
import io.redshank.events.SubscriptionCommanded;
import io.redshank.events.TopicPage;
import io.redshank.events.UnderwayNoted;
import io.redshank.events.UnderwaySettled;
import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The verticles behind a broker, played by the test. */
final class Backends {
    private static final ClientId NOBODY = new ClientId("nobody");

    private int brokers;

    final Stub<ClientConnected, SessionFound> connected = new Stub<>(event -> new SessionFound(false, List.of()));
    final Stub<ClientDisconnected, Answer> disconnected = done();
    final Stub<SessionSubscribed, Answer> subscribed = done();
    final Stub<SessionUnsubscribed, Answer> unsubscribed = done();
    final Stub<MessagePublished, MessageId> published =
            new Stub<>(event -> event.message().id());
    final Stub<BacklogFetch, MessagePage> backlog = new Stub<>(event -> MessagePage.empty());
    final Stub<AppendedLookup, TopicPage> topics = new Stub<>(event -> new TopicPage(List.of(), null));
    final Stub<MessagesFetch, MessagePage> bodies = new Stub<>(event -> MessagePage.empty());
    final Stub<AcksAwaited, Answer> awaited = done();
    final Stub<UnderwayNoted, Answer> noted = done();
    final Stub<UnderwaySettled, Answer> settled = done();
    final Stub<ShareOpened, ShareFound> shareOpened = new Stub<>(event -> ShareFound.NONE);
    final Stub<ShareCaughtUp, Long> shareCaughtUp = new Stub<>(ShareCaughtUp::era);
    final Stub<ShareMoved, Answer> shareMoved = done();
    final Stub<ShareEnded, Answer> shareEnded = done();
    final Stub<PacketIdReleased, Answer> forgotten = done();
    final Stub<MessagePublished, MessageId> retained =
            new Stub<>(event -> event.message().id());
    final Stub<RetainedLookup, MessagePage> lookups = new Stub<>(event -> MessagePage.empty());
    final Stub<CountsLookup, Counts> sessionCounts = new Stub<>(event -> Counts.NONE);
    final Stub<CountsLookup, Counts> retainedCounts = new Stub<>(event -> Counts.NONE);
    final Stub<MessageDelivered, Answer> delivered = done();
    final Stub<MessageAcked, Answer> acked = done();
    final Stub<MessageDelayed, Answer> delayed = done();
    /** Connects and disconnects, in the order in which they were told. */
    final List<LifecycleEvent> comings = new CopyOnWriteArrayList<>();

    private @Nullable Context context;
    private @Nullable EventOutbox outbox;
    private NodeName node = new NodeName("none");

    private static <E> Stub<E, Answer> done() {
        return new Stub<>(event -> Answer.DONE);
    }

    void deploy(Vertx vertx, LiveTopology topology) throws Exception {
        brokers = topology.now().instancesOf(Concern.BROKER);
        node = topology.now().node();
        vertx.deployVerticle(own -> {
                    context = own;
                    EventOutbox events = new EventOutbox(vertx, topology);
                    outbox = events;
                    return open(vertx, topology, new Registrar(events));
                })
                .await(5, SECONDS);
        published.effect((event, id) -> {
            if (event.message().qos().isAcknowledged()) {
                route(new MessageAccepted(event.message().withId(id), null, true));
            }
        });
    }

    private Future<?> open(Vertx vertx, LiveTopology topology, Registrar registrar) {
        return Future.all(
                new EventInbox(vertx, topology, Concern.CONNECTIONS, 0)
                        .on(EventTypes.CLIENT_CONNECTED, event -> {
                            comings.add(event);
                            return connected.on(event);
                        })
                        .on(EventTypes.CLIENT_DISCONNECTED, event -> {
                            comings.add(event);
                            return disconnected
                                    .on(event)
                                    .onComplete(ended -> registrar.released(event.client(), event.epoch()));
                        })
                        .on(EventTypes.CLIENT_CLAIMED, registrar::onClaimed)
                        .on(
                                EventTypes.CLIENT_RELEASED,
                                event -> Future.succeededFuture(registrar.released(event.client(), event.epoch())))
                        .on(EventTypes.SESSION_SUBSCRIBED, subscribed::on)
                        .on(EventTypes.SESSION_UNSUBSCRIBED, unsubscribed::on)
                        .on(EventTypes.COUNTS_LOOKUP, sessionCounts::on)
                        .open(),
                new EventInbox(vertx, topology, Concern.MESSAGES, 0)
                        .on(EventTypes.MESSAGE_PUBLISHED, published::on)
                        .on(EventTypes.BACKLOG_FETCH, backlog::on)
                        .on(EventTypes.APPENDED_LOOKUP, topics::on)
                        .on(EventTypes.MESSAGES_FETCH, bodies::on)
                        .on(EventTypes.PACKET_ID_RELEASED, forgotten::on)
                        .on(EventTypes.COUNTS_LOOKUP, lookup -> Future.succeededFuture(Counts.NONE))
                        .open(),
                new EventInbox(vertx, topology, Concern.RETAINED, 0)
                        .on(EventTypes.MESSAGE_PUBLISHED, retained::on)
                        .on(EventTypes.RETAINED_LOOKUP, lookups::on)
                        .on(EventTypes.COUNTS_LOOKUP, retainedCounts::on)
                        .open(),
                new EventInbox(vertx, topology, Concern.ACKS, 0)
                        .on(EventTypes.MESSAGE_DELIVERED, delivered::on)
                        .on(EventTypes.MESSAGE_ACKED, acked::on)
                        .on(EventTypes.ACKS_AWAITED, awaited::on)
                        .on(EventTypes.UNDERWAY_NOTED, noted::on)
                        .on(EventTypes.UNDERWAY_SETTLED, settled::on)
                        .on(EventTypes.SHARE_OPENED, shareOpened::on)
                        .on(EventTypes.SHARE_CAUGHT_UP, shareCaughtUp::on)
                        .on(EventTypes.SHARE_MOVED, shareMoved::on)
                        .on(EventTypes.SHARE_ENDED, shareEnded::on)
                        .open(),
                new EventInbox(vertx, topology, Concern.DELAYED, 0)
                        .on(EventTypes.MESSAGE_DELAYED, delayed::on)
                        .open());
    }

    private void route(MessageAccepted accepted) {
        EventOutbox events = outbox;
        if (events != null) {
            events.sendToAll(EventTypes.MESSAGE_ACCEPTED, Concern.BROKER, accepted);
        }
    }

    /** Has the message routed by all broker instances, as the messages verticle would. */
    void accept(MessageAccepted accepted) throws Exception {
        turn(events -> route(accepted));
    }

    /** Does this with the outbox in one turn of the backends' event loop, and waits until all brokers have dealt with it. */
    void turn(Consumer<EventOutbox> work) throws Exception {
        Promise<Object> dealtWith = Promise.promise();
        begin(events -> {
            work.accept(events);
            settle(events).onComplete(settled -> dealtWith.complete());
        });
        dealtWith.future().await(5, SECONDS);
    }

    /** Does this with the outbox in one turn of the backends' event loop, and does not wait. */
    void begin(Consumer<EventOutbox> work) {
        Context own = context;
        EventOutbox events = outbox;
        if (own == null || events == null) {
            throw new IllegalStateException("not deployed");
        }
        own.runOnContext(turn -> work.accept(events));
    }

    /** A question that nobody minds goes the same way as the events before it, and so is answered after them. */
    private Future<?> settle(EventOutbox events) {
        SubscriptionCommanded question = new SubscriptionCommanded(NOBODY, new TopicFilter("t"), null);
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int instance = 0; instance < brokers; instance++) {
            answers.add(events.requestOf(
                    EventTypes.SUBSCRIPTION_COMMANDED, Concern.BROKER, new Instance(node, instance), question));
        }
        return Future.join(answers);
    }
}
