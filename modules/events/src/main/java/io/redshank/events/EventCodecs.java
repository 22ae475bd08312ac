package io.redshank.events;

import io.vertx.core.eventbus.EventBus;

/** Makes the wire form of events known to an event bus. */
public final class EventCodecs {
    private EventCodecs() {}

    /** To be called once for each Vert.x, before any verticle that sends or receives events is deployed. */
    public static void register(EventBus bus) {
        bus.registerCodec(Batch.CODEC);
        bus.registerCodec(Answers.CODEC);
    }
}
