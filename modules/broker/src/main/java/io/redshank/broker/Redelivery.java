package io.redshank.broker;

import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessagePage;
import io.redshank.events.MessagesFetch;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.Underway;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was underway to a client when its last connection ended, and is sent again before anything else, in the order it was sent
 * [MQTT-4.4.0-1], [MQTT-4.6.0-1]. Bodies are read from Redis, some at a time as the client takes them. Confined to the
 * connection's event loop.
 */
final class Redelivery {
    private static final Logger log = LoggerFactory.getLogger(Redelivery.class);
    private static final int BODIES_AT_ONCE = 20;
    private static final long RETRY_MILLIS = 1000;

    private final Session session;
    private final BrokerInstance instance;
    private final SentMessages sent;
    /** Those whose bodies are not read yet. */
    private final Deque<Underway> left = new ArrayDeque<>();
    /** Those before them, with body where they need one. */
    private final Deque<Underway> ready = new ArrayDeque<>();

    private boolean reading;

    Redelivery(Session session, BrokerInstance instance, SentMessages sent) {
        this.session = session;
        this.instance = instance;
        this.sent = sent;
    }

    /** Takes over what was underway; to be called once, before anything is sent. */
    void begin(List<Underway> underway) {
        Set<Integer> usedAgain = new HashSet<>();
        Set<Long> over = new HashSet<>();
        for (int i = underway.size() - 1; i >= 0; i--) {
            Underway one = underway.get(i);
            if (one.packetId() > 0 && !usedAgain.add(one.packetId())) {
                over.add(one.number());
            }
        }
        for (Underway one : underway) {
            sent.restore(one, over.contains(one.number()));
            if (one.stage() != Underway.Stage.ACKED && !over.contains(one.number())) {
                left.add(one);
            }
        }
        goOn();
    }

    /** Whether all of it has been sent. */
    boolean isOver() {
        return left.isEmpty() && ready.isEmpty();
    }

    /** What has not been sent again. */
    List<Underway> unsent() {
        List<Underway> unsent = new ArrayList<>(ready);
        unsent.addAll(left);
        return unsent;
    }

    /** Sends what may be sent now. */
    void goOn() {
        while (!ready.isEmpty() && sent.hasRoom() && session.socket().isWritable()) {
            sent.sendAgain(ready.remove());
        }
        if (ready.isEmpty() && !left.isEmpty() && !reading) {
            read();
        }
    }

    private void read() {
        List<Underway> some = left.stream().limit(BODIES_AT_ONCE).toList();
        List<MessagesFetch.Wanted> wanted = some.stream()
                .filter(one -> one.stage() == Underway.Stage.SENT)
                .map(one -> new MessagesFetch.Wanted(one.topic(), one.id(), one.logged()))
                .toList();
        if (wanted.isEmpty()) {
            onRead(some, MessagePage.empty());
            return;
        }
        reading = true;
        instance.outbox
                .request(EventTypes.MESSAGES_FETCH, Concern.MESSAGES, new MessagesFetch(session.client(), wanted))
                .onSuccess(page -> {
                    reading = false;
                    onRead(some, page);
                })
                .onFailure(this::onFailure);
    }

    private void onRead(List<Underway> some, MessagePage page) {
        if (session.isEnded()) {
            return; // it is told already what is left
        }
        Map<MessageId, Message> bodies = new HashMap<>();
        page.messages().forEach(message -> bodies.put(message.id(), message));
        for (Underway one : some) {
            left.remove();
            Message body = bodies.get(one.id());
            if (one.stage() == Underway.Stage.RELEASED || body != null) {
                ready.add(one.with(body));
            } else {
                log.debug(
                        "Message has expired before it came again [client={}, topic={}]",
                        session.client(),
                        one.topic());
                Underway released = sent.giveUp(one);
                if (released.qos()
                        == Qos.EXACTLY_ONCE) { // the client may have it, and keep its packet id until it is released
                    ready.add(released);
                }
            }
        }
        session.outbound().drain();
    }

    private void onFailure(Throwable failure) {
        log.warn(
                "Messages underway not read, trying again [client={}, cause={}]",
                session.client(),
                failure.getMessage());
        session.later(RETRY_MILLIS, () -> {
            reading = false;
            goOn();
        });
    }
}
