package io.redshank.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redshank.auth.Exchange;
import io.redshank.auth.Mechanism;
import io.redshank.auth.Step;
import io.redshank.model.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** A mechanism of as many steps as it takes: whoever says 4 is Oedipus, who asks to ponder is answered never. */
final class Riddle implements Mechanism {
    static final String NAME = "RIDDLE";
    static final String PONDER = "ponder";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Exchange begin() {
        return Riddle::answer;
    }

    private static Future<Step> answer(Payload said) {
        String text = new String(said.shared(), UTF_8);
        if (text.equals(PONDER)) {
            return Promise.<Step>promise().future();
        }
        return Future.succeededFuture(
                text.equals("4")
                        ? new Step(Payload.EMPTY, "oedipus")
                        : new Step(Payload.of("not yet".getBytes(UTF_8)), null));
    }
}
