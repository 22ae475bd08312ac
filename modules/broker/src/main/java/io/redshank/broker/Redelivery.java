package io.redshank.broker;

import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessagePage;
import io.redshank.events.MessagesFetch;
import io.redshank.events.Underway;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Deque<SentMessages.Numbered> left = new ArrayDeque<>();
    /** Those before them, with body where they need one. */
    private final Deque<SentMessages.Numbered> ready = new ArrayDeque<>();

    private boolean reading;

    Redelivery(Session session, BrokerInstance instance, SentMessages sent) {
        this.session = session;
        this.instance = instance;
        this.sent = sent;
    }

    /** Takes over what was underway; to be called once, before anything is sent. */
    void begin(List<Underway> underway) {
        for (Underway one : underway) {
            SentMessages.Numbered restored = sent.restore(one);
            if (one.stage() != Underway.Stage.ACKED) {
                left.add(restored);
            }
        }
        goOn();
    }

    /** Whether all of it has been sent. */
    boolean isOver() {
        return left.isEmpty() && ready.isEmpty();
    }

    /** What has not been sent again. */
    List<SentMessages.Numbered> unsent() {
        List<SentMessages.Numbered> unsent = new ArrayList<>(ready);
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
        List<SentMessages.Numbered> some = left.stream().limit(BODIES_AT_ONCE).toList();
        List<MessagesFetch.Wanted> wanted = some.stream()
                .map(SentMessages.Numbered::underway)
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

    private void onRead(List<SentMessages.Numbered> some, MessagePage page) {
        if (session.isEnded()) {
            return; // it is told already what is left
        }
        Map<MessageId, Message> bodies = new HashMap<>();
        page.messages().forEach(message -> bodies.put(message.id(), message));
        for (SentMessages.Numbered numbered : some) {
            Underway one = numbered.underway();
            left.remove();
            Message body = bodies.get(one.id());
            if (one.stage() == Underway.Stage.RELEASED || body != null) {
                ready.add(new SentMessages.Numbered(numbered.number(), one.with(body)));
            } else {
                log.debug(
                        "Message has expired before it came again [client={}, topic={}]",
                        session.client(),
                        one.topic());
                sent.forget(one);
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
