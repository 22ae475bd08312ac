package io.redshank.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.LastWill;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessageAssigned;
import io.redshank.events.SessionMemory;
import io.redshank.events.SubscriptionCommanded;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connected client: who it is, what it subscribes to, and what is on its way to it. Lives as long as the connection; what
 * outlives that is in Redis. Confined to the connection's event loop.
 */
final class Session {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    private final ClientId client;
    private final @Nullable String username;
    private final ListenerOptions listener;
    private final ClientSocket socket;
    private final BrokerInstance instance;
    private final long epoch;
    private final OutboundMessages outbound;
    private final Map<TopicFilter, Granted> subscriptions = new HashMap<>();
    /** Exclusive subscriptions that are not known yet to be this client's. */
    private final Map<TopicFilter, Granted> claiming = new HashMap<>(2);

    private final CatchUps catchUps;
    private final Set<Long> timers = new HashSet<>();

    private final List<SubscriptionCommanded> earlyCommands = new ArrayList<>();
    private @Nullable Subscribing subscribing;
    private @Nullable InboundPublishes inbound;
    private boolean resumed;
    private long expirySeconds;
    private final @Nullable MessageId heldWill;
    private @Nullable LastWill will;
    private boolean ended;

    Session(BrokerInstance instance, ConnectRequest connect, ListenerOptions listener, PacketGate gate, long epoch) {
        this.instance = instance;
        this.client = connect.client();
        this.username = connect.username();
        this.listener = listener;
        this.socket = new ClientSocket(
                gate, connect.capabilities(), listener.limits().inbound().topicAliasMaximum());
        this.epoch = epoch;
        this.expirySeconds = connect.expirySeconds();
        this.will = connect.will();
        this.heldWill = will == null ? null : will.message().id();
        this.catchUps = new CatchUps(this, instance);
        this.outbound = new OutboundMessages(this, instance, connect.capabilities());
    }

    ClientId client() {
        return client;
    }

    @Nullable
    String username() {
        return username;
    }

    /** What this client may do and cost. */
    ClientLimits limits() {
        return listener.limits();
    }

    /** How many subscriptions it has. */
    int subscriptionCount() {
        return subscriptions.size() + claiming.size();
    }

    ClientSocket socket() {
        return socket;
    }

    long epoch() {
        return epoch;
    }

    OutboundMessages outbound() {
        return outbound;
    }

    /** How long the session outlives its connection; 0 if it does not. */
    long expirySeconds() {
        return expirySeconds;
    }

    /** The client may change that when it leaves (MQTT 5, 3.14.2.2.2). */
    void expireAfter(long seconds) {
        expirySeconds = seconds;
    }

    boolean persists() {
        return expirySeconds > 0;
    }

    boolean isEnded() {
        return ended;
    }

    /** The will that came with CONNECT, whatever becomes of it; null if none did. */
    @Nullable
    MessageId heldWill() {
        return heldWill;
    }

    /** The will, which is not published any more: the client has left in order [MQTT-3.14.4-3]. */
    void forgetWill() {
        will = null;
    }

    @Nullable
    Granted subscription(TopicFilter filter) {
        return subscriptions.get(filter);
    }

    /**
     * The client is let in, and what it publishes goes there.
     *
     * @param goesOn whether it had this session before
     */
    void letIn(InboundPublishes publishes, boolean goesOn) {
        inbound = publishes;
        resumed = goesOn;
    }

    /** Whether the client was ever let in. */
    boolean wasLetIn() {
        return inbound != null;
    }

    /** Whether it has a place in the topics' logs: it outlives its connection, or the one before. */
    boolean hasPlaces() {
        return persists() || resumed;
    }

    /** Who carries out an application's commands for this session, and now those that have come before. */
    void commands(Subscribing handler) {
        subscribing = handler;
        earlyCommands.forEach(command -> handler.command(command.filter(), command.qos()));
        earlyCommands.clear();
    }

    /** An application wants a subscription, or its end; until the client is let in, that waits. */
    void command(SubscriptionCommanded command) {
        if (subscribing != null) {
            subscribing.command(command.filter(), command.qos());
        } else {
            earlyCommands.add(command);
        }
    }

    /** Makes a subscription live from now on; answers whether it is new. Its backlog, if it gets one, holds live messages. */
    @CanIgnoreReturnValue
    boolean subscribe(Granted granted) {
        boolean fresh = subscriptions.put(granted.filter(), granted) == null;
        if (!granted.isShared()) { // those are known to their owner
            instance.tree.put(this, granted.plainly());
        }
        return fresh;
    }

    /** An exclusive subscription is asked for; it is live once it is {@linkplain #claimed claimed}. */
    void claim(Granted granted) {
        claiming.put(granted.filter(), granted);
    }

    /** No other client has it: makes it live, unless it was given up meanwhile. Answers whether it is live. */
    boolean claimed(Granted granted) {
        if (!ended && claiming.remove(granted.filter(), granted)) {
            subscribe(granted);
        }
        return granted.equals(subscriptions.get(granted.filter()));
    }

    /** Ends a subscription that could not be granted after all, if it is this one still. */
    void takeBack(Granted granted) {
        boolean pending = claiming.remove(granted.filter(), granted);
        if (!pending && granted.equals(subscriptions.get(granted.filter()))) {
            unsubscribe(granted.filter());
        }
    }

    /** Ends a subscription; answers whether there was one. */
    @CanIgnoreReturnValue
    boolean unsubscribe(TopicFilter filter) {
        Granted pending = claiming.remove(filter);
        Granted granted = subscriptions.remove(filter);
        if (granted == null) {
            return pending != null;
        }
        if (granted.isShared()) {
            instance.sharedMembers.leave(this, filter, List.of()); // what is on its way still goes here [MQTT-3.10.4-3]
            return true;
        }
        TopicFilter topics = granted.plainly().filter();
        instance.tree.remove(this, topics);
        subscriptions.values().stream() // one client may have the same topics as usual and exclusively
                .filter(other -> other.plainly().filter().equals(topics))
                .forEach(other -> instance.tree.put(this, other.plainly()));
        if (topics.hasWildcard()) {
            catchUps.wildcards().ended(topics);
        } else {
            catchUps.stop(topics.asTopic());
            catchUps.wildcards().takeOver(topics.asTopic());
        }
        return true;
    }

    /** The shared ones among its subscriptions. */
    List<Granted> shared() {
        return subscriptions.values().stream().filter(Granted::isShared).toList();
    }

    /** What all subscriptions that match a topic grant together; null if none matches. */
    @Nullable
    Granted grantedFor(TopicName topic) {
        Granted together = null;
        for (Granted granted : subscriptions.values()) {
            Granted plain = granted.plainly();
            if (!granted.isShared() && plain.filter().matches(topic)) {
                together = together == null ? plain : together.with(plain);
            }
        }
        return together;
    }

    /**
     * What the session has to remember if its connection ends at this time; known when what the client has sent is stored. That
     * is null for one that was not let in: it remembers what it did before.
     */
    Future<@Nullable SessionMemory> memory(long nowMillis) {
        InboundPublishes publishes = inbound;
        if (publishes == null) {
            return Future.succeededFuture();
        }
        List<Underway> underway = outbound.underway();
        long caughtUp = outbound.sentUpTo(catchUps.wildcards().caughtUp(nowMillis, underway));
        return publishes.unreleased().whenStored().map(inbound -> new SessionMemory(caughtUp, underway, inbound));
    }

    /** What is read from the topics' logs for this session. */
    CatchUps catchUps() {
        return catchUps;
    }

    /**
     * A message from a log found no place in the client's queue. Answers whether it will be read from there again: it will for a
     * subscription that gets what the log holds.
     */
    boolean readsAgainFrom(Message message) {
        Granted granted = subscriptions.get(new TopicFilter(message.topic().value()));
        if (granted == null || !instance.readsLog(this, granted)) {
            return catchUps.wildcards().readsAgain(message);
        }
        catchUps.resume(granted, message.id());
        return true;
    }

    /** Messages of a topic behind this one have not come: what the session has a place for, it reads from the log. */
    void readBehind(TopicName topic, MessageId last) {
        Granted granted = subscriptions.get(new TopicFilter(topic.value()));
        if (granted != null && instance.readsLog(this, granted)) {
            catchUps.readBehind(granted, last);
        } else {
            catchUps.wildcards().readBehind(topic, last);
        }
    }

    /** A message has come that may be in the log for long: what the session has not had, it reads there. */
    void readAgain(TopicName topic) {
        Granted granted = subscriptions.get(new TopicFilter(topic.value()));
        if (granted != null && instance.readsLog(this, granted)) {
            catchUps.readAgain(granted);
        } else {
            catchUps.wildcards().readAgain(topic);
        }
    }

    /** A message that a subscription of this session matches. */
    void onMessage(MessageAccepted accepted, Granted granted) {
        Message message = accepted.message();
        if (granted.noLocal() && message.from().equals(client)) {
            return; // [MQTT-3.8.3-3]
        }
        if (catchUps.takes(accepted, granted)) {
            return;
        }
        outbound.deliver(message, granted, granted.retainAsPublished() && message.retain(), accepted.stored());
    }

    /** A message that the owner of a shared subscription has picked this session for. */
    SharedGroup.Outcome onAssigned(MessageAssigned assigned) {
        Granted granted = subscriptions.get(assigned.filter());
        if (ended || granted == null) {
            return SharedGroup.Outcome.GONE;
        }
        Message message = assigned.message();
        boolean taken = outbound.offer(
                message,
                granted,
                granted.retainAsPublished() && message.retain(),
                new Assignment(assigned.filter(), assigned.owner(), assigned.era()),
                assigned.attempt());
        return taken ? SharedGroup.Outcome.TAKEN : SharedGroup.Outcome.FULL;
    }

    /** Runs the action after a while, unless the session has ended by then. */
    void later(long millis, Runnable action) {
        timers.add(instance.vertx.setTimer(millis, timer -> {
            timers.remove(timer);
            action.run();
        }));
    }

    /** Ends the connection for a reason that is told to the client, if its protocol can, and logged. */
    void disconnect(ReasonCode reason, @Nullable String cause) {
        if (socket.hasEnded()) {
            return;
        }
        log.warn("Client disconnected [client={}, reason={}, cause={}]", client, reason, cause);
        socket.disconnect(reason, cause);
    }

    /** Ends the connection because the node stops; sends the client to the other server if there is one. */
    void dismiss() {
        String elsewhere = listener.hints().redirect().serverReference();
        socket.disconnect(
                elsewhere == null ? ReasonCode.SERVER_SHUTTING_DOWN : ReasonCode.USE_ANOTHER_SERVER, null, elsewhere);
    }

    private void endSubscriptions() {
        Map<TopicFilter, List<Outgoing>> unsettled = outbound.unsettledShared();
        subscriptions.forEach((filter, granted) -> {
            if (granted.isShared()) {
                unsettled.computeIfAbsent(filter, none -> new ArrayList<>());
            } else {
                instance.tree.remove(this, granted.plainly().filter());
            }
        });
        unsettled.forEach((filter, messages) -> instance.sharedMembers.leave(this, filter, messages));
    }

    /** Takes the session out of service; answers the will that is now due, if any. To be called once. */
    @Nullable
    LastWill end() {
        ended = true;
        endSubscriptions();
        timers.forEach(instance.vertx::cancelTimer);
        timers.clear();
        LastWill due = will;
        will = null;
        return due;
    }
}
